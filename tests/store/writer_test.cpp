#include <algorithm>
#include <fstream>
#include <set>
#include <signal.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "store/file.h"
#include "store/manifest.h"
#include "store/store.h"
#include "tests/store/brute_force.h"
#include "tests/store/store_fixture.h"
#include "tests/support/batch_of.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;
using Strings = std::vector<std::string>;

std::unique_ptr<Writer> opened(const fs::path& directory) {
  return value_of(Writer::open(directory, scratch_options()));
}

/// All names in a data directory but for the lock's.
Strings names_in(const fs::path& directory) {
  Strings names = value_of(list_directory(directory));
  std::erase(names, "lock");
  return names;
}

TEST(Writer, MakesAnEmptyStoreAndCommitsASegmentAtATime) {
  const test::TempDirectory directory;
  const auto path = directory.path() / "new" / "store";
  const auto writer = opened(path);
  EXPECT_EQ(names_in(path), Strings{"manifest"});
  EXPECT_EQ(writer->snapshot()->generation, 0U);
  test::RandomEvents random(1);
  const auto first = random.events(30);
  const auto second = random.events(20);
  const auto result = value_of(writer->commit(test::batch_of(first)));
  EXPECT_EQ(result.indexed, 30U);
  EXPECT_EQ(result.duplicates, 0U);
  value_of(writer->commit(test::batch_of(second)));
  const auto snapshot = writer->snapshot();
  ASSERT_EQ(snapshot->segments.size(), 2U);
  EXPECT_EQ(snapshot->generation, 2U);
  EXPECT_EQ(snapshot->events(), 50U);
  expect_segment_holds(*snapshot->segments[0], first);
  expect_segment_holds(*snapshot->segments[1], second);
  EXPECT_EQ(value_of(check(path)), Strings{});
}

TEST(Writer, CommitsNothingForNothing) {
  const test::TempDirectory directory;
  const auto writer = opened(directory.path());
  EXPECT_EQ(value_of(writer->commit(test::batch_of({}))).indexed, 0U);
  EXPECT_TRUE(writer->snapshot()->segments.empty());
  EXPECT_EQ(names_in(directory.path()), Strings{"manifest"});
}

TEST(Writer, TheFirstOfABatchWins) {
  test::RandomEvents random(1);
  const test::TempDirectory directory;
  const auto writer = opened(directory.path());
  auto events = random.events(2);
  const std::size_t id = events[1].json.find(events[1].id);
  events[1].json.replace(id, events[1].id.size(), events[0].id);
  const auto result = value_of(writer->commit(test::batch_of(events)));
  EXPECT_EQ(result.indexed, 1U);
  EXPECT_EQ(result.duplicates, 1U);
  EXPECT_EQ(value_of(writer->snapshot()->segments[0]->record(0)), events[0].json);
}

TEST(Writer, DropsWhatIsKnownAcrossSegmentsRunsAndMerges) {
  test::RandomEvents random(1);
  const auto events = random.events(300);
  const std::vector<Event> a(events.begin(), events.begin() + 100);
  const std::vector<Event> b(events.begin() + 50, events.begin() + 200);
  const test::TempDirectory directory;
  {
    const auto writer = opened(directory.path());
    value_of(writer->commit(test::batch_of(a)));
    const auto result = value_of(writer->commit(test::batch_of(b)));
    EXPECT_EQ(result.indexed, 100U);
    EXPECT_EQ(result.duplicates, 50U);
  }
  auto options = scratch_options();
  options.merge_width = 2;
  const auto writer = value_of(Writer::open(directory.path(), options));
  EXPECT_EQ(value_of(writer->commit(test::batch_of(b))).indexed, 0U);
  expect_ok(writer->merge_all());
  EXPECT_EQ(writer->snapshot()->segments.size(), 1U);
  const auto result = value_of(writer->commit(test::batch_of(events)));
  EXPECT_EQ(result.indexed, 100U);
  EXPECT_EQ(result.duplicates, 200U);
  EXPECT_EQ(value_of(check(directory.path())), Strings{});
}

TEST(Writer, AnIdIsKnownWhateverTimeItComesWith) {
  test::RandomEvents random(1);
  const test::TempDirectory directory;
  const auto writer = opened(directory.path());
  const auto events = random.events(1);
  value_of(writer->commit(test::batch_of(events)));
  auto later = events;
  later[0].time += std::chrono::hours(24 * 365);
  EXPECT_EQ(value_of(writer->commit(test::batch_of(later))).duplicates, 1U);
}

TEST(Writer, IsAloneInItsDirectory) {
  const test::TempDirectory directory;
  auto first = opened(directory.path());
  const auto second = Writer::open(directory.path(), scratch_options());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::unavailable);
  EXPECT_EQ(second.error().message, "another process (pid " + std::to_string(::getpid()) +
                                        ") is writing to '" + directory.path().string() + "'");
  first.reset();
  EXPECT_TRUE(Writer::open(directory.path(), scratch_options()));
}

/// Runs `body` in a process of its own and kills that when it says that it is ready.
template <class Body>
void run_and_kill(const Body& body) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    body();
    [[maybe_unused]] const auto told = ::write(ready[1], "x", 1);
    ::pause();
    ::_exit(0);
  }
  char told = 0;
  ::close(ready[1]);
  EXPECT_EQ(::read(ready[0], &told, 1), 1);
  ::close(ready[0]);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
}

TEST(Writer, TheLockOfAKilledProcessIsFree) {
  const test::TempDirectory directory;
  ASSERT_NO_FATAL_FAILURE(run_and_kill([&] {
    static std::unique_ptr<Writer> writer = opened(directory.path());
    test::RandomEvents random(1);
    value_of(writer->commit(test::batch_of(random.events(10))));
  }));
  const auto writer = opened(directory.path());
  EXPECT_EQ(writer->snapshot()->events(), 10U);
}

TEST(Writer, RemovesWhatAKilledWriterLeft) {
  const test::TempDirectory directory;
  test::RandomEvents random(1);
  const auto events = random.events(20);
  value_of(opened(directory.path())->commit(test::batch_of(events)));
  const fs::path& path = directory.path();
  const Strings clean = names_in(path);
  fs::create_directories(path / temporary_name(7) / "scratch");
  std::ofstream(path / temporary_name(7) / "columns") << "half of a column file";
  fs::copy(path / segment_name(1), path / segment_name(2));  // Renamed, but not published.
  std::ofstream(path / kManifestTemporary) << "{";
  EXPECT_EQ(value_of(check(path)), Strings{});  // They do no harm.
  EXPECT_EQ(value_of(value_of(Reader::open(path))->snapshot())->events(), 20U);
  const auto writer = opened(path);
  EXPECT_EQ(names_in(path), clean);
  EXPECT_EQ(writer->snapshot()->events(), 20U);
  EXPECT_EQ(value_of(writer->commit(test::batch_of(random.events(5)))).indexed, 5U);
  EXPECT_EQ(value_of(check(path)), Strings{});
}

TEST(Writer, LeavesTheStoreAsItWasWhenTheDiskIsFull) {
  test::RandomEvents random(1);
  const auto kept = random.events(20);
  const auto more = random.events(600);
  const test::TempDirectory directory;
  auto writer = opened(directory.path());
  value_of(writer->commit(test::batch_of(kept)));
  const Strings before = names_in(directory.path());

  struct rlimit unlimited {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &unlimited), 0);
  ::signal(SIGXFSZ, SIG_IGN);
  for (const rlim_t limit : {100UL, 10'000UL, 30'000UL}) {
    struct rlimit limited = unlimited;
    limited.rlim_cur = limit;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limited), 0);
    const auto failed = writer->commit(test::batch_of(more));
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &unlimited), 0);
    ASSERT_FALSE(failed) << limit;
    EXPECT_EQ(failed.error().code, ErrorCode::io) << failed.error().message;
    EXPECT_EQ(writer->snapshot()->events(), kept.size());
    EXPECT_EQ(value_of(check(directory.path())), Strings{}) << limit;
  }
  EXPECT_EQ(names_in(directory.path()), before);
  EXPECT_EQ(value_of(writer->commit(test::batch_of(more))).indexed, more.size());
  writer.reset();
  EXPECT_EQ(opened(directory.path())->snapshot()->events(), kept.size() + more.size());
  EXPECT_EQ(value_of(check(directory.path())), Strings{});
}

TEST(Writer, RefusesAStoreWhoseSegmentIsLost) {
  const test::TempDirectory directory;
  test::RandomEvents random(1);
  value_of(opened(directory.path())->commit(test::batch_of(random.events(5))));
  fs::remove_all(directory.path() / segment_name(1));
  const auto writer = Writer::open(directory.path(), scratch_options());
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().code, ErrorCode::corrupt);
  EXPECT_FALSE(value_of(check(directory.path())).empty());
}

TEST(Writer, IsDurableByDefault) {
  const test::TempDirectory directory;
  test::RandomEvents random(1);
  const auto events = random.events(20);
  {
    const auto writer = value_of(Writer::open(directory.path()));
    value_of(writer->commit(test::batch_of(events)));
  }
  const auto snapshot = value_of(value_of(Reader::open(directory.path()))->snapshot());
  expect_segment_holds(*snapshot->segments.at(0), events);
}

}  // namespace
}  // namespace trailsift::store
