#include "store/segment.h"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "store/segment_builder.h"
#include "tests/store/brute_force.h"
#include "tests/store/store_fixture.h"
#include "tests/support/batch_of.h"

namespace trailsift::store {
namespace {

const BuildOptions kScratch{.durable = false, .threads = 2};

TEST(Segment, HoldsWhatItsEventsSay) {
  const test::TempDirectory directory;
  for (const std::size_t count : {1UL, 2UL, 300UL, 1200UL}) {  // 1,200: several chunks of terms.
    test::RandomEvents random(count);
    auto events = random.events(count);
    for (const auto terms_writer : {TermsWriter::bulk, TermsWriter::reference}) {
      const auto name =
          std::to_string(count) + "-" + std::to_string(static_cast<int>(terms_writer));
      auto options = kScratch;
      options.terms_writer = terms_writer;
      const auto path = directory.path() / name;
      expect_ok(build_segment(path, test::batch_of(events), options));
      const auto segment = value_of(open_segment(path));
      ASSERT_NO_FATAL_FAILURE(expect_segment_holds(*segment, events)) << name;
      EXPECT_EQ(check_segment(path), std::vector<std::string>{});
      EXPECT_EQ(segment->name(), name);
      EXPECT_GT(segment->bytes().total(), count * 10);
    }
  }
}

TEST(Segment, StandsInTimeOrderWithTiesById) {
  test::RandomEvents random(5);
  random.set_times(1'000'000'000, 3);  // Many ties.
  const test::TempDirectory directory;
  expect_ok(build_segment(directory.path() / "s", test::batch_of(random.events(200)), kScratch));
  const auto segment = value_of(open_segment(directory.path() / "s"));
  const Column& ids = *value_of(segment->column(event_id_field()));
  for (DocId doc = 1; doc < segment->size(); ++doc) {
    const auto before = value_of(segment->time(doc - 1));
    const auto after = value_of(segment->time(doc));
    ASSERT_GE(before, after);
    ASSERT_TRUE(before != after ||
                ids.value(ids.ordinal(doc - 1) - 1) < ids.value(ids.ordinal(doc) - 1));
  }
}

TEST(Segment, DocumentsOutOfRangeAreErrors) {
  test::RandomEvents random(1);
  const test::TempDirectory directory;
  expect_ok(build_segment(directory.path() / "s", test::batch_of(random.events(3)), kScratch));
  const auto segment = value_of(open_segment(directory.path() / "s"));
  EXPECT_FALSE(segment->record(3));
  EXPECT_FALSE(segment->time(3));
  EXPECT_EQ(value_of(segment->find("no such id")), std::nullopt);
  EXPECT_FALSE(value_of(segment->contains("no such id")));
}

TEST(Segment, TermsOfAPrefixComeInOrderUntilTheVisitorHasEnough) {
  test::RandomEvents random(1);
  const test::TempDirectory directory;
  expect_ok(build_segment(directory.path() / "s", test::batch_of(random.events(300)), kScratch));
  const auto segment = value_of(open_segment(directory.path() / "s"));
  const auto reader = value_of(segment->terms());
  std::vector<std::string> terms;
  expect_ok(reader->for_each_term("LrequestParameters.bucketName=",
                                  [&](std::string_view term, std::uint32_t count) {
                                    EXPECT_GT(count, 0U);
                                    terms.emplace_back(term);
                                    return terms.size() < 3;
                                  }));
  const std::vector<std::string> want = {"LrequestParameters.bucketName=My-Bucket",
                                         "LrequestParameters.bucketName=logs",
                                         "LrequestParameters.bucketName=my-bucket"};
  EXPECT_EQ(terms, want);
  std::vector<DocId> none;
  expect_ok(reader->documents("Tnothing", none));
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(value_of(reader->frequency("Tnothing")), 0U);
  expect_ok(reader->documents(std::string(1000, 'x'), none));
  EXPECT_TRUE(none.empty());
}

TEST(Segment, LendsReadersToManyThreadsAndAfterItsFilesAreGone) {
  test::RandomEvents random(1);
  const test::TempDirectory directory;
  const auto path = directory.path() / "s";
  auto events = random.events(500);
  expect_ok(build_segment(path, test::batch_of(events), kScratch));
  const auto segment = value_of(open_segment(path));
  std::filesystem::remove_all(path);
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < 20; ++round) {
          const auto reader = value_of(segment->terms());
          std::vector<DocId> docs;
          expect_ok(reader->documents("Tlogs", docs));
          EXPECT_EQ(docs.size(), value_of(reader->frequency("Tlogs")));
        }
      });
    }
  }
  ASSERT_NO_FATAL_FAILURE(expect_segment_holds(*segment, events));
}

TEST(Segment, ALeaseOutlivesTheSegment) {
  test::RandomEvents random(1);
  const test::TempDirectory directory;
  expect_ok(build_segment(directory.path() / "s", test::batch_of(random.events(50)), kScratch));
  auto segment = value_of(open_segment(directory.path() / "s"));
  const auto reader = value_of(segment->terms());
  segment.reset();
  EXPECT_GT(value_of(reader->frequency("Tlogs")), 0U);
}

}  // namespace
}  // namespace trailsift::store
