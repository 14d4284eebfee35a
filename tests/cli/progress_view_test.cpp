#include "cli/progress_view.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "tests/cli/staged_console.h"

namespace trailsift::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

indexer::IngestProgress progress(std::chrono::steady_clock::duration elapsed) {
  indexer::IngestProgress now;
  now.account.files = 1234;
  now.account.read = 12'000;
  now.bytes_taken = 250;
  now.total = indexer::Source::Total{3872, 1000};
  now.elapsed = elapsed;
  return now;
}

TEST(ProgressText, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(progress_text(progress(seconds(2))),
            "1,234 of 3,872 files, 12,000 events, 6,000 events/s, 6 s left");
  EXPECT_EQ(progress_text(progress(milliseconds(100))), "1,234 of 3,872 files, 12,000 events");

  auto unknown = progress(seconds(2));
  unknown.total.reset();
  EXPECT_EQ(progress_text(unknown), "1,234 files, 12,000 events, 6,000 events/s");

  auto all_read = progress(seconds(2));
  all_read.bytes_taken = 1000;
  EXPECT_EQ(progress_text(all_read),
            "1,234 of 3,872 files, 12,000 events, 6,000 events/s, committing");

  auto empty_files = progress(seconds(2));
  empty_files.total->bytes = 0;
  EXPECT_EQ(progress_text(empty_files), "1,234 of 3,872 files, 12,000 events, 6,000 events/s");
}

TEST(ProgressText, TellsLongTimesInLargerUnits) {
  EXPECT_NE(progress_text(progress(seconds(60))).find(", 3 min 0 s left"), std::string::npos);
  EXPECT_NE(progress_text(progress(seconds(3600))).find(", 3 h 0 min left"), std::string::npos);
}

TEST(ProgressView, ElsewhereThanOnATerminalPrintsALineEveryFewSeconds) {
  StagedConsole staged;
  {
    ProgressView view(staged.console);
    for (int i = 0; i <= 44; ++i) view.show(progress(milliseconds(250) * i));
    view.show("merging segments");
  }
  EXPECT_EQ(staged.err.str(),
            "1,234 of 3,872 files, 12,000 events, 2,400 events/s, 15 s left\n"
            "1,234 of 3,872 files, 12,000 events, 1,200 events/s, 30 s left\n");
}

TEST(ProgressView, OnATerminalDrawsOneLineAnewAndTakesItAway) {
  StagedConsole staged;
  staged.become_terminal(100);
  {
    ProgressView view(staged.console);
    view.show(progress(seconds(2)));
    view.show("merging segments");
  }
  const std::string line =
      "[#####...............]  25%  1,234 of 3,872 files, 12,000 events, 6,000 events/s, 6 s left";
  const std::string text = "merging segments";
  EXPECT_EQ(staged.err.str(), '\r' + line + std::string(99 - line.size(), ' ') + '\r' + text +
                                  std::string(99 - text.size(), ' ') + '\r' + std::string(99, ' ') +
                                  '\r');
}

TEST(ProgressView, NeverFillsTheLineOfANarrowTerminal) {
  StagedConsole staged;
  staged.become_terminal(20);
  ProgressView(staged.console).show(progress(seconds(2)));
  EXPECT_EQ(staged.err.str().find("25%"), std::string::npos);
  EXPECT_EQ(staged.err.str().find('\r', 1), 1 + 19 + std::string("…").size() - 1);
}

TEST(ProgressView, DrawsNothingWhenNothingWasShown) {
  StagedConsole staged;
  staged.become_terminal(80);
  { const ProgressView view(staged.console); }
  EXPECT_EQ(staged.err.str(), "");
}

}  // namespace
}  // namespace trailsift::cli
