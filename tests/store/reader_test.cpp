#include <atomic>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "store/manifest.h"
#include "store/store.h"
#include "tests/store/brute_force.h"
#include "tests/store/store_fixture.h"
#include "tests/support/batch_of.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;

TEST(Reader, NeedsAStoreUnlessToldOtherwise) {
  const test::TempDirectory directory;
  for (const auto& path : {directory.path(), directory.path() / "missing"}) {
    const auto refused = Reader::open(path);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::not_found);
    EXPECT_EQ(refused.error().message, "there is no store in '" + path.string() + "'");
    const auto reader = value_of(Reader::open(path, true));
    EXPECT_EQ(value_of(reader->snapshot())->events(), 0U);
  }
}

TEST(Reader, SeesAStoreThatComesLater) {
  const test::TempDirectory directory;
  const auto path = directory.path() / "later";
  const auto reader = value_of(Reader::open(path, true));
  test::RandomEvents random(1);
  value_of(
      value_of(Writer::open(path, scratch_options()))->commit(test::batch_of(random.events(7))));
  EXPECT_EQ(value_of(reader->snapshot())->events(), 7U);
}

TEST(Reader, SeesEachCommitAndSharesWhatIsOpen) {
  const test::TempDirectory directory;
  const auto writer = value_of(Writer::open(directory.path(), scratch_options()));
  const auto reader = value_of(Reader::open(directory.path()));
  test::RandomEvents random(1);
  value_of(writer->commit(test::batch_of(random.events(5))));
  const auto first = value_of(reader->snapshot());
  EXPECT_EQ(value_of(reader->snapshot()), first);
  value_of(writer->commit(test::batch_of(random.events(5))));
  const auto second = value_of(reader->snapshot());
  EXPECT_EQ(first->events(), 5U);
  EXPECT_EQ(second->events(), 10U);
  EXPECT_GT(second->generation, first->generation);
  EXPECT_EQ(second->segments[0], first->segments[0]);
}

TEST(Reader, AStoreMadeAnewIsNotMistakenForTheOldOne) {
  const test::TempDirectory directory;
  const auto path = directory.path() / "store";
  test::RandomEvents random(1);
  const auto before = random.events(5);
  const auto after = random.events(5);
  value_of(value_of(Writer::open(path, scratch_options()))->commit(test::batch_of(before)));
  const auto reader = value_of(Reader::open(path));
  fs::remove_all(path);
  value_of(value_of(Writer::open(path, scratch_options()))->commit(test::batch_of(after)));
  const auto snapshot = value_of(reader->snapshot());
  ASSERT_EQ(snapshot->segments.size(), 1U);
  expect_segment_holds(*snapshot->segments[0], after);
}

TEST(Reader, ASnapshotStaysWholeWhileMergesUnlinkIt) {
  const test::TempDirectory directory;
  auto options = scratch_options();
  options.merge_width = 2;
  const auto writer = value_of(Writer::open(directory.path(), options));
  const auto reader = value_of(Reader::open(directory.path()));
  test::RandomEvents random(1);
  const auto events = random.events(200);
  value_of(writer->commit(test::batch_of(events)));
  const auto snapshot = value_of(reader->snapshot());
  value_of(writer->commit(test::batch_of(random.events(200))));
  expect_ok(writer->merge_all());
  ASSERT_FALSE(fs::exists(directory.path() / snapshot->segments[0]->name()));
  expect_segment_holds(*snapshot->segments[0], events);
  EXPECT_EQ(value_of(reader->snapshot())->events(), 400U);
}

TEST(Reader, ManyThreadsReadWhileACommitterAndMergesWrite) {
  const test::TempDirectory directory;
  WriterOptions options;
  options.durable = false;
  options.merge_width = 2;
  const auto writer = value_of(Writer::open(directory.path(), options));
  const auto reader = value_of(Reader::open(directory.path()));
  std::atomic<std::uint64_t> committed{0};
  std::atomic<bool> done{false};
  std::vector<std::jthread> threads;
  threads.reserve(4);
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      std::uint64_t last = 0;
      while (!done) {
        const std::uint64_t before = committed;
        const auto snapshot = value_of(reader->snapshot());
        EXPECT_GE(snapshot->events(), before);
        EXPECT_GE(snapshot->generation, last);
        last = snapshot->generation;
        for (const auto& segment : snapshot->segments) {
          std::vector<DocId> docs;
          expect_ok(value_of(segment->terms())->documents("Fevent_outcome=success", docs));
          EXPECT_FALSE(value_of(segment->record(segment->size() - 1)).empty());
        }
      }
    });
  }
  test::RandomEvents random(1);
  for (int commit = 0; commit < 25; ++commit) {
    committed += value_of(writer->commit(test::batch_of(random.events(20)))).indexed;
  }
  done = true;
}

TEST(Reader, ALostSegmentIsCorruptAndAnEarlierSnapshotStaysUsable) {
  const test::TempDirectory directory;
  const auto writer = value_of(Writer::open(directory.path(), scratch_options()));
  const auto reader = value_of(Reader::open(directory.path()));
  test::RandomEvents random(1);
  const auto events = random.events(5);
  value_of(writer->commit(test::batch_of(events)));
  const auto snapshot = value_of(reader->snapshot());
  value_of(writer->commit(test::batch_of(random.events(5))));
  fs::remove_all(directory.path() / segment_name(2));
  const auto lost = reader->snapshot();
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, ErrorCode::corrupt);
  expect_segment_holds(*snapshot->segments[0], events);
}

}  // namespace
}  // namespace trailsift::store
