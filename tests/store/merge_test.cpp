#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "store/merge_policy.h"
#include "store/segment_merge.h"
#include "store/store.h"
#include "tests/store/brute_force.h"
#include "tests/store/store_fixture.h"
#include "tests/support/batch_of.h"

namespace trailsift::store {
namespace {

using Strings = std::vector<std::string>;

/// Builds a segment of each batch, merges them, and compares the result with all events.
void expect_merge_holds(const std::vector<std::vector<Event>>& batches, TermsWriter terms_writer) {
  const BuildOptions options{.durable = false, .threads = 2, .terms_writer = terms_writer};
  const test::TempDirectory directory;
  std::vector<MergeInput> inputs;
  std::vector<Event> all;
  for (const auto& batch : batches) {
    const auto path = directory.path() / ("in" + std::to_string(inputs.size()));
    expect_ok(build_segment(path, test::batch_of(batch), options));
    inputs.push_back({value_of(open_segment(path)), path});
    all.insert(all.end(), batch.begin(), batch.end());
  }
  const auto output = directory.path() / "out";
  expect_ok(merge_segments(output, inputs, options));
  const auto merged = value_of(open_segment(output));
  ASSERT_NO_FATAL_FAILURE(expect_segment_holds(*merged, all));
  ASSERT_EQ(check_segment(output), Strings{});
}

void expect_merge_holds(const std::vector<std::vector<Event>>& batches) {
  for (const auto terms_writer : {TermsWriter::bulk, TermsWriter::reference}) {
    ASSERT_NO_FATAL_FAILURE(expect_merge_holds(batches, terms_writer));
  }
}

TEST(Merge, OfOverlappingSegmentsHoldsAllTheirEvents) {
  test::RandomEvents random(1);
  expect_merge_holds({random.events(300), random.events(1), random.events(700)});
}

TEST(Merge, OfSegmentsOneAfterTheOtherHoldsAllTheirEvents) {
  test::RandomEvents random(2);
  std::vector<std::vector<Event>> batches;
  for (const std::int64_t begin : {2000, 1000, 3000}) {
    random.set_times(begin, 900);
    batches.push_back(random.events(300));
  }
  expect_merge_holds(batches);
}

TEST(Merge, OfSegmentsThatMeetInOneTimeHoldsAllTheirEvents) {
  test::RandomEvents random(3);
  std::vector<std::vector<Event>> batches;
  for (int i = 0; i < 3; ++i) {
    random.set_times(1000, 1);
    batches.push_back(random.events(100));
  }
  expect_merge_holds(batches);
}

TEST(Merge, OfManySegmentsGoesInLevels) {
  test::RandomEvents random(4);
  std::vector<std::vector<Event>> batches;
  for (std::int64_t i = 0; i < 65; ++i) {
    random.set_times(i * 100, 50);
    batches.push_back(random.events(2));
  }
  expect_merge_holds(batches);
}

TEST(Merge, KeepsWhatOnlyTheColumnsKnow) {
  test::RandomEvents random(5);
  std::vector<std::vector<Event>> batches = {random.events(50), random.events(50)};
  for (auto& batch : batches) {
    for (auto& event : batch)
      add_value(event, log_file_field(), "AWSLogs/" + event.id.substr(0, 3));
  }
  expect_merge_holds(batches);
}

TEST(MergePolicy, MergesAClassThatIsFull) {
  const auto at = [](int second) { return Timestamp(std::chrono::seconds(second)); };
  const struct {
    const char* what;
    std::vector<MergeCandidate> segments;
    std::size_t width;
    std::uint32_t max;
    std::vector<std::size_t> want;
  } cases[] = {
      {"none", {}, 4, 1000, {}},
      {"too few", {{1, at(1)}, {1, at(2)}, {1, at(3)}}, 4, 1000, {}},
      {"one class, oldest first",
       {{1, at(4)}, {1, at(3)}, {2, at(2)}, {3, at(1)}},
       4,
       1000,
       {3, 2, 1, 0}},
      {"two classes", {{1, at(1)}, {1, at(2)}, {9, at(3)}, {9, at(4)}}, 4, 1000, {}},
      {"the small class", {{9, at(1)}, {1, at(2)}, {1, at(3)}, {9, at(4)}}, 2, 1000, {1, 2}},
      {"no more than fit", {{30, at(1)}, {40, at(2)}, {40, at(3)}, {50, at(4)}}, 4, 100, {0, 1}},
      {"full ones are left alone", {{51, at(1)}, {51, at(2)}}, 2, 100, {}},
      {"a width of 0 is 2", {{1, at(1)}, {1, at(2)}}, 0, 100, {0, 1}},
  };
  for (const auto& c : cases) EXPECT_EQ(choose_merge(c.segments, c.width, c.max), c.want) << c.what;
}

TEST(MergePolicy, KeepsTheNumberOfSegmentsLogarithmic) {
  std::vector<MergeCandidate> segments;
  std::uint64_t rewritten = 0;
  for (int commit = 0; commit < 4096; ++commit) {
    segments.push_back({100, Timestamp(std::chrono::seconds(commit))});
    for (auto chosen = choose_merge(segments, 8, 1'000'000); !chosen.empty();
         chosen = choose_merge(segments, 8, 1'000'000)) {
      MergeCandidate merged{0, segments[chosen.front()].oldest};
      std::ranges::sort(chosen, std::greater());
      for (const std::size_t index : chosen) {
        merged.events += segments[index].events;
        segments.erase(segments.begin() + static_cast<std::ptrdiff_t>(index));
      }
      rewritten += merged.events;
      segments.push_back(merged);
    }
    ASSERT_LE(segments.size(), 7U * 7U);
  }
  EXPECT_LE(rewritten, 4096U * 100U * 5U);
}

TEST(Merge, OfAStoreKeepsItsEventsInFewSegments) {
  test::RandomEvents random(6);
  const test::TempDirectory directory;
  auto options = scratch_options();
  options.merge_width = 3;
  options.max_merged_events = 60;
  const auto writer = value_of(Writer::open(directory.path(), options));
  Strings ids;
  for (int commit = 0; commit < 20; ++commit) {
    const auto events = random.events(10);
    for (const auto& event : events) ids.push_back(event.id);
    value_of(writer->commit(test::batch_of(events)));
    expect_ok(writer->merge_all());
  }
  const auto snapshot = writer->snapshot();
  EXPECT_LE(snapshot->segments.size(), 9U);
  for (const auto& segment : snapshot->segments) EXPECT_LE(segment->size(), 60U);
  Strings found = ids_of(*snapshot);
  std::ranges::sort(found);
  std::ranges::sort(ids);
  EXPECT_EQ(found, ids);
  EXPECT_EQ(value_of(check(directory.path())), Strings{});
}

TEST(Merge, InTheBackgroundLosesNoCommit) {
  test::RandomEvents random(7);
  const test::TempDirectory directory;
  WriterOptions options;
  options.durable = false;
  options.merge_width = 2;
  std::uint64_t committed = 0;
  {
    const auto writer = value_of(Writer::open(directory.path(), options));
    for (int commit = 0; commit < 30; ++commit) {
      committed += value_of(writer->commit(test::batch_of(random.events(10)))).indexed;
      const auto snapshot = writer->snapshot();
      ASSERT_EQ(snapshot->events(), committed);
      ASSERT_LE(snapshot->segments.size(), 4 * options.merge_width);
    }
    expect_ok(writer->merge_all());
    EXPECT_LE(writer->snapshot()->segments.size(), 8U);
  }
  EXPECT_EQ(value_of(value_of(Reader::open(directory.path()))->snapshot())->events(), committed);
  EXPECT_EQ(value_of(check(directory.path())), Strings{});
}

}  // namespace
}  // namespace trailsift::store
