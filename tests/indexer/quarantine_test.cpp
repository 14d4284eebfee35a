#include "indexer/quarantine.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/indexer/staged_run.h"

namespace trailsift::indexer::testing {
namespace {

using namespace std::string_literals;

QuarantineEntry entry(const std::string& source, std::uint64_t offset = 0,
                      Reject reason = Reject::invalid_json) {
  return {Timestamp(std::chrono::milliseconds(1'700'000'000'123)),
          source,
          offset,
          reason,
          "expected x, got y",
          "{\"a\":"};
}

std::vector<std::string> sources(const std::filesystem::path& directory) {
  std::vector<std::string> found;
  const auto listed = for_each_quarantined(directory, [&](const QuarantineEntry& one) {
    found.push_back(one.source);
    return true;
  });
  EXPECT_TRUE(listed);
  return found;
}

void add(const std::filesystem::path& directory, const std::vector<QuarantineEntry>& entries) {
  const auto quarantine = Quarantine::open(directory);
  ASSERT_TRUE(quarantine);
  for (const QuarantineEntry& one : entries) ASSERT_TRUE((*quarantine)->add(one));
  ASSERT_TRUE((*quarantine)->flush());
}

TEST(Quarantine, GivesBackWhatWasAdded) {
  const TempDirectory directory;
  QuarantineEntry odd = entry("a\n\x1b[31m\"\xff", 1ULL << 40, Reject::too_deep);
  odd.excerpt = "\0\x01\x9b\u00e9"s;
  add(directory.path(), {odd, entry("b")});

  std::vector<QuarantineEntry> found;
  ASSERT_TRUE(for_each_quarantined(directory.path(), [&](const QuarantineEntry& one) {
    found.push_back(one);
    return true;
  }));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].seen, odd.seen);
  EXPECT_EQ(found[0].source, "a\n\x1b[31m\"\uFFFD");
  EXPECT_EQ(found[0].offset, 1ULL << 40);
  EXPECT_EQ(found[0].reason, Reject::too_deep);
  EXPECT_EQ(found[0].detail, odd.detail);
  EXPECT_EQ(found[0].excerpt, odd.excerpt);
}

TEST(Quarantine, ListsTheSameThingOnce) {
  const TempDirectory directory;
  const std::vector<QuarantineEntry> all = {entry("a"), entry("a"), entry("a", 1),
                                            entry("a", 0, Reject::too_deep), entry("a\xff")};
  add(directory.path(), all);
  add(directory.path(), all);
  EXPECT_EQ(sources(directory.path()), (std::vector<std::string>{"a", "a", "a", "a\uFFFD"}));
}

TEST(Quarantine, CutsLongExcerpts) {
  const TempDirectory directory;
  QuarantineEntry large = entry("a");
  large.excerpt = std::string(2 * kMaxExcerptBytes, '\x01');
  add(directory.path(), {large});
  ASSERT_TRUE(for_each_quarantined(directory.path(), [&](const QuarantineEntry& one) {
    EXPECT_EQ(one.excerpt, std::string(kMaxExcerptBytes, '\x01'));
    return true;
  }));
}

TEST(Quarantine, StaysBounded) {
  const TempDirectory directory;
  const auto quarantine = Quarantine::open(directory.path());
  ASSERT_TRUE(quarantine);
  for (std::uint64_t i = 0; i < kMaxQuarantineEntries + 10; ++i) {
    ASSERT_TRUE((*quarantine)->add(entry("a", i)));
  }
  ASSERT_TRUE((*quarantine)->flush());
  EXPECT_EQ(sources(directory.path()).size(), kMaxQuarantineEntries);
}

TEST(Quarantine, StopsWhenTheVisitorHasEnough) {
  const TempDirectory directory;
  add(directory.path(), {entry("a"), entry("b")});
  int visits = 0;
  ASSERT_TRUE(for_each_quarantined(directory.path(), [&](const QuarantineEntry&) {
    ++visits;
    return false;
  }));
  EXPECT_EQ(visits, 1);
}

TEST(Quarantine, NoListYetIsAnEmptyOne) {
  const TempDirectory directory;
  EXPECT_TRUE(sources(directory.path()).empty());
  const auto missing =
      for_each_quarantined(directory.path() / "no", [](const auto&) { return true; });
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_FALSE(Quarantine::open(directory.path() / "no"));
}

}  // namespace
}  // namespace trailsift::indexer::testing
