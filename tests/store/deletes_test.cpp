// What is deleted of a store: gone at once and for good, whatever happens.
#include "store/deletes.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "store/manifest.h"
#include "store/sealed_json.h"
#include "tests/store/brute_force.h"
#include "tests/store/store_fixture.h"
#include "tests/support/batch_of.h"
#include "tests/support/random_seed.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;

using Strings = std::vector<std::string>;

std::unique_ptr<Writer> opened(const fs::path& path, std::size_t merge_width = 8) {
  WriterOptions options = scratch_options();
  options.merge_width = merge_width;
  return value_of(Writer::open(path, options));
}

std::vector<std::string> ids_of_events(const std::vector<Event>& events) {
  std::vector<std::string> ids;
  for (const Event& event : events) ids.push_back(event.id);
  return ids;
}

/// The ids of the events that are there, each once.
std::set<std::string> live_ids(const Snapshot& snapshot) {
  std::set<std::string> ids;
  for (const auto& segment : snapshot.segments) {
    const Column* const column = value_of(segment->column(event_id_field()));
    const auto deleted = segment->deleted();
    EXPECT_TRUE(std::ranges::is_sorted(deleted));
    for (DocId doc = 0; doc < segment->size(); ++doc) {
      const std::string id = column->value(column->ordinal(doc) - 1);
      const bool gone = std::ranges::binary_search(deleted, doc);
      EXPECT_EQ(value_of(segment->find(id)).has_value(), !gone) << id;
      EXPECT_EQ(value_of(segment->contains(id)), !gone) << id;
      const bool is_once = gone || ids.insert(id).second;
      EXPECT_TRUE(is_once) << id;
    }
  }
  EXPECT_EQ(snapshot.events(), ids.size());
  return ids;
}

std::set<std::string> ids_on_disk(const fs::path& path) {
  EXPECT_EQ(value_of(check(path)), Strings{});
  return live_ids(*value_of(value_of(Reader::open(path))->snapshot()));
}

bool has_text(const fs::path& directory, const std::string& text) {
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (bytes.find(text) != std::string::npos) return true;
  }
  return false;
}

/// Commits the events and deletes the second of them.
void commit_without_second(Writer& writer, const std::vector<Event>& events) {
  value_of(writer.commit(test::batch_of(events)));
  value_of(writer.remove(Strings{events[1].id}));
}

TEST(Deletes, AreGoneAtOnceAndWhenTheStoreIsOpenedAgain) {
  test::RandomEvents random(1);
  const test::TempDirectory directory;
  auto writer = opened(directory.path());
  const auto reader = value_of(Reader::open(directory.path(), true));
  const auto first = random.events(50);
  const auto second = random.events(30);
  value_of(writer->commit(test::batch_of(first)));
  value_of(writer->commit(test::batch_of(second)));
  const auto before = value_of(reader->snapshot());
  EXPECT_EQ(before->deletes, nullptr);
  EXPECT_EQ(value_of(read_manifest(directory.path())).deletes, 0U);

  const Strings gone = {first[3].id, second[7].id, "never there", first[3].id};
  EXPECT_EQ(value_of(writer->remove(gone)), 2U);
  EXPECT_EQ(value_of(writer->remove(gone)), 0U);
  auto want = live_ids(*before);
  EXPECT_EQ(want.size(), 80U);  // A snapshot stays what it was.
  want.erase(first[3].id);
  want.erase(second[7].id);
  EXPECT_EQ(live_ids(*writer->snapshot()), want);
  EXPECT_EQ(live_ids(*value_of(reader->snapshot())), want);
  writer.reset();
  EXPECT_EQ(ids_on_disk(directory.path()), want);
  writer = opened(directory.path());
  EXPECT_EQ(live_ids(*writer->snapshot()), want);

  // All of a segment: it goes as a whole.
  EXPECT_EQ(value_of(writer->remove(ids_of_events(second))), 29U);
  EXPECT_EQ(writer->snapshot()->segments.size(), 1U);
  EXPECT_EQ(ids_on_disk(directory.path()).size(), 49U);
}

TEST(Deletes, ComeBackOnlyWhenTheyMay) {
  test::RandomEvents random(2);
  const test::TempDirectory directory;
  auto writer = opened(directory.path(), 2);
  const auto events = random.events(20);
  value_of(writer->commit(test::batch_of(events)));
  value_of(writer->remove(Strings{events[4].id, events[5].id}));
  const auto redelivered = [&] { return value_of(writer->commit(test::batch_of(events))); };
  EXPECT_EQ(redelivered().duplicates, 20U);
  value_of(writer->commit(test::batch_of(random.events(20))));
  expect_ok(writer->merge_all());
  EXPECT_EQ(writer->snapshot()->segments.size(), 1U);
  EXPECT_EQ(redelivered().duplicates, 20U);  // Not even when nothing of them is left on disk.
  writer.reset();
  writer = opened(directory.path(), 2);
  EXPECT_EQ(redelivered().duplicates, 20U);

  expect_ok(writer->permit(Strings{events[4].id, "never there", events[0].id}));
  EXPECT_EQ(redelivered().indexed, 1U);
  EXPECT_EQ(redelivered().duplicates, 20U);
  auto want = live_ids(*writer->snapshot());
  EXPECT_TRUE(want.contains(events[4].id));
  EXPECT_FALSE(want.contains(events[5].id));
  EXPECT_EQ(ids_on_disk(directory.path()), want);
  // And again: the id is in a segment where it is deleted, and in one where it is not.
  value_of(writer->remove(Strings{events[4].id}));
  expect_ok(writer->permit(Strings{events[4].id}));
  EXPECT_EQ(redelivered().indexed, 1U);
  EXPECT_EQ(ids_on_disk(directory.path()), want);
  expect_ok(writer->merge_all());
  EXPECT_EQ(ids_on_disk(directory.path()), want);
}

TEST(Deletes, LeaveNothingOnDiskAfterAMerge) {
  for (const auto terms_writer : {TermsWriter::bulk, TermsWriter::reference}) {
    test::RandomEvents random(3);
    const test::TempDirectory directory;
    WriterOptions options = scratch_options();
    options.merge_width = 2;
    options.terms_writer = terms_writer;
    const auto writer = value_of(Writer::open(directory.path(), options));
    const auto first = random.events(60);
    const auto second = random.events(60);
    value_of(writer->commit(test::batch_of(first)));
    value_of(writer->remove(ids_of_events({first.begin(), first.begin() + 7})));
    value_of(writer->commit(test::batch_of(second)));
    value_of(writer->remove(ids_of_events({second.end() - 5, second.end()})));
    expect_ok(writer->merge_all());
    ASSERT_EQ(writer->snapshot()->segments.size(), 1U);
    std::vector<Event> left(first.begin() + 7, first.end());
    left.insert(left.end(), second.begin(), second.end() - 5);
    ASSERT_NO_FATAL_FAILURE(expect_segment_holds(*writer->snapshot()->segments[0], left));
    EXPECT_EQ(value_of(check(directory.path())), Strings{});
  }
}

TEST(Deletes, OfAFifthOfASegmentWriteItAnew) {
  test::RandomEvents random(4);
  const test::TempDirectory directory;
  const auto writer = opened(directory.path());
  auto events = random.events(100);
  const std::string secret = "a-secret-of-one-event-alone";
  events[0] =
      *flatten(R"({"eventID":"secret-id","eventTime":"2021-07-29T00:00:00Z","eventName":")" +
               secret + R"(","requestParameters":{"deep":")" + secret + "\"}}");
  value_of(writer->commit(test::batch_of(events)));
  EXPECT_TRUE(has_text(directory.path(), secret));
  auto gone = ids_of_events({events.begin(), events.begin() + 19});
  value_of(writer->remove(gone));
  expect_ok(writer->merge_all());
  EXPECT_EQ(writer->snapshot()->segments[0]->size(), 100U);
  value_of(writer->remove(Strings{events[19].id}));
  expect_ok(writer->merge_all());
  ASSERT_EQ(writer->snapshot()->segments.size(), 1U);
  EXPECT_EQ(writer->snapshot()->segments[0]->size(), 80U);
  EXPECT_TRUE(writer->snapshot()->segments[0]->deleted().empty());
  EXPECT_FALSE(has_text(directory.path(), secret));
  EXPECT_EQ(ids_on_disk(directory.path()).size(), 80U);
}

/// Random operations against a map that knows what has to be there.
TEST(Deletes, AgreeWithASetWhateverHappens) {
  const std::uint64_t seed = test::random_seed();
  SCOPED_TRACE(test::seed_note());
  std::mt19937 engine(static_cast<std::mt19937::result_type>(seed));
  test::RandomEvents random(static_cast<unsigned>(seed));
  const auto pool = random.events(120);
  const auto some = [&] {
    std::vector<Event> chosen;
    for (const Event& event : pool) {
      if (engine() % 8 == 0) chosen.push_back(event);
    }
    return chosen;
  };
  const test::TempDirectory directory;
  auto writer = opened(directory.path(), 3);
  std::set<std::string> live, deleted;
  for (int step = 0; step < 150; ++step) {
    const auto events = some();
    const auto ids = ids_of_events(events);
    switch (engine() % 5) {
      case 0:
        for (const auto& id : ids) {
          if (live.erase(id) != 0) deleted.insert(id);
        }
        value_of(writer->remove(ids));
        break;
      case 1:
        for (const auto& id : ids) deleted.erase(id);
        expect_ok(writer->permit(ids));
        break;
      case 2: expect_ok(writer->merge_all()); break;
      case 3:
        writer.reset();
        writer = opened(directory.path(), 3);
        break;
      default:
        for (const auto& id : ids) {
          if (!deleted.contains(id)) live.insert(id);
        }
        value_of(writer->commit(test::batch_of(events)));
    }
    ASSERT_EQ(live_ids(*writer->snapshot()), live) << step;
    const auto on_disk = step % 10 == 0 ? ids_on_disk(directory.path()) : live;
    ASSERT_EQ(on_disk, live) << step;
  }
}

TEST(Deletes, DuringMergesAreCarriedOver) {
  test::RandomEvents random(6);
  const test::TempDirectory directory;
  WriterOptions options = scratch_options();
  options.merge_width = 2;
  options.background_merges = true;
  const auto writer = value_of(Writer::open(directory.path(), options));
  std::set<std::string> want;
  std::vector<std::string> all;
  for (int round = 0; round < 40; ++round) {
    const auto events = random.events(40);
    value_of(writer->commit(test::batch_of(events)));
    for (const auto& event : events) {
      want.insert(event.id);
      all.push_back(event.id);
    }
    Strings gone;
    for (std::size_t i = static_cast<std::size_t>(round); i < all.size(); i += 17) {
      if (want.erase(all[i]) != 0) gone.push_back(all[i]);
    }
    ASSERT_EQ(value_of(writer->remove(gone)), gone.size());
    ASSERT_EQ(live_ids(*writer->snapshot()), want);
  }
  expect_ok(writer->merge_all());
  EXPECT_EQ(ids_on_disk(directory.path()), want);
}

TEST(Deletes, SurviveAKill) {
  const test::TempDirectory directory;
  test::RandomEvents random(7);
  const auto events = random.events(40);
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto writer = value_of(Writer::open(directory.path(), {}));
    commit_without_second(*writer, events);
    [[maybe_unused]] const auto told = ::write(ready[1], "x", 1);
    for (std::size_t i = 2; i < 30; ++i) {  // Until it is killed.
      value_of(writer->remove(Strings{events[i].id}));
      expect_ok(writer->permit(Strings{events[i].id}));
    }
    ::pause();
  }
  char told = 0;
  ASSERT_EQ(::read(ready[0], &told, 1), 1);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  const auto left = ids_on_disk(directory.path());
  EXPECT_FALSE(left.contains(events[1].id));
  EXPECT_TRUE(left.contains(events[0].id));
  const auto writer = opened(directory.path());
  EXPECT_EQ(live_ids(*writer->snapshot()), left);
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(directory.path())) {
    if (is_deletes_name(entry.path().filename().string())) ++files;
  }
  EXPECT_EQ(files, 1U);  // What the killed writer left is gone.
}

TEST(Deletes, CommitsShareThem) {
  test::RandomEvents random(9);
  const test::TempDirectory directory;
  const auto writer = opened(directory.path());
  commit_without_second(*writer, random.events(10));
  const auto before = writer->snapshot()->deletes;
  value_of(writer->commit(test::batch_of(random.events(10))));
  EXPECT_EQ(writer->snapshot()->deletes, before);
  EXPECT_EQ(writer->snapshot()->events(), 19U);
}

TEST(Deletes, DamageIsTold) {
  const test::TempDirectory directory;
  commit_without_second(*opened(directory.path()), test::RandomEvents(8).events(10));
  const auto number = value_of(read_manifest(directory.path())).deletes;
  const fs::path file = directory.path() / deletes_name(number);
  std::ifstream stream(file, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(stream), {}};
  const auto write = [&](const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
  };
  const auto expect_corrupt = [&](const std::string& what) {
    const auto reader = Reader::open(directory.path());
    ASSERT_FALSE(reader) << what;
    EXPECT_EQ(reader.error().code, ErrorCode::corrupt) << what;
    EXPECT_FALSE(value_of(check(directory.path())).empty()) << what;
    const auto writer = Writer::open(directory.path(), scratch_options());
    ASSERT_FALSE(writer) << what;
    EXPECT_EQ(writer.error().code, ErrorCode::corrupt) << what;
  };
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    write(whole.substr(0, size));
    ASSERT_NO_FATAL_FAILURE(expect_corrupt("cut to " + std::to_string(size)));
  }
  for (std::size_t at = 0; at < whole.size(); at += 5) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    write(damaged);
    ASSERT_NO_FATAL_FAILURE(expect_corrupt("damaged at " + std::to_string(at)));
  }
  const std::string segment = value_of(read_manifest(directory.path())).segments[0];
  const std::string head = R"({"format":1,"number":)" + std::to_string(number);
  const Strings contents = {
      "[]",
      "{}",
      R"({"format":2,"number":1})",
      head + "}",
      head + R"(,"segments":{"x":[1]},"ids":[]})",
      head + R"(,"segments":{")" + segment + R"(":[]},"ids":[]})",
      head + R"(,"segments":{")" + segment + R"(":[2,1]},"ids":[]})",
      head + R"(,"segments":{")" + segment + R"(":[10]},"ids":[]})",
      head + R"(,"segments":{},"ids":[1]})",
      head + R"(0,"segments":{},"ids":[]})",
  };
  for (const std::string& content : contents) {
    write(seal(content));
    ASSERT_NO_FATAL_FAILURE(expect_corrupt(content));
  }
  fs::remove(file);
  ASSERT_NO_FATAL_FAILURE(expect_corrupt("not there"));
  write(whole);
  EXPECT_EQ(ids_on_disk(directory.path()).size(), 9U);
}

}  // namespace
}  // namespace trailsift::store
