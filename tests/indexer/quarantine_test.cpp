#include "indexer/quarantine.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/indexer/staged_run.h"
#include "tests/support/full_disk.h"

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

std::vector<ListedEntry> listed(const std::filesystem::path& directory) {
  std::vector<ListedEntry> found;
  EXPECT_TRUE(for_each_quarantined(directory, [&](const ListedEntry& one) {
    found.push_back(one);
    return true;
  }));
  return found;
}

/// The bytes that are kept of entry `number`; "none" where there are none.
std::string bytes_of(const std::filesystem::path& directory, std::size_t number) {
  const ListedEntry one = listed(directory).at(number);
  const auto read = read_quarantined(directory, one.id);
  EXPECT_TRUE(read);
  EXPECT_EQ(read->has_bytes, one.has_bytes);
  EXPECT_EQ(read->excerpt, one.excerpt);
  return read->has_bytes ? read->bytes : "none";
}

QuarantineEntry with_bytes(const std::string& source, const std::string& bytes) {
  QuarantineEntry made = entry(source);
  made.excerpt = bytes.substr(0, kMaxExcerptBytes);
  made.bytes = bytes;
  made.size = bytes.size();
  return made;
}

TEST(Quarantine, KeepsBytesUpToALimit) {
  const TempDirectory directory;
  const std::string odd = "\0\xff\x1b{"s;
  QuarantineEntry file = with_bytes("file", "\x1f\x8b\x08 of a file");
  file.kind = QuarantinedAs::file;
  file.excerpt = "its text";
  add(directory.path(),
      {with_bytes("odd", odd), with_bytes("most", std::string(kMaxKeptBytes, 'm')),
       with_bytes("more", std::string(kMaxKeptBytes + 1, 'n')), file, entry("none")});
  const auto all = listed(directory.path());
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(bytes_of(directory.path(), 0), odd);
  EXPECT_EQ(bytes_of(directory.path(), 1), std::string(kMaxKeptBytes, 'm'));
  EXPECT_EQ(all[1].excerpt, std::string(kMaxExcerptBytes, 'm'));
  EXPECT_EQ(bytes_of(directory.path(), 2), "none");
  EXPECT_EQ(all[2].excerpt, std::string(kMaxExcerptBytes, 'n'));
  EXPECT_EQ(all[2].size, kMaxKeptBytes + 1);
  EXPECT_EQ(bytes_of(directory.path(), 3), file.bytes);
  EXPECT_EQ(all[3].kind, QuarantinedAs::file);
  EXPECT_EQ(all[3].excerpt, "its text");
  EXPECT_EQ(bytes_of(directory.path(), 4), "none");
  EXPECT_EQ(all[4].excerpt, "{\"a\":");
}

TEST(Quarantine, WhatIsListedGetsTheBytesThatItLacks) {
  const TempDirectory directory;
  add(directory.path(), {entry("a"), with_bytes("b", "first")});
  add(directory.path(), {with_bytes("a", "now"), with_bytes("b", "second"), entry("b")});
  ASSERT_EQ(listed(directory.path()).size(), 2U);
  EXPECT_EQ(bytes_of(directory.path(), 0), "now");
  EXPECT_EQ(bytes_of(directory.path(), 1), "first");
}

TEST(Quarantine, SaysWhenItIsFull) {
  const TempDirectory directory;
  const auto quarantine = Quarantine::open(directory.path());
  ASSERT_TRUE(quarantine);
  for (std::uint64_t i = 0; i < kMaxQuarantineEntries; ++i) {
    ASSERT_EQ((*quarantine)->add(entry("a", i)), true);
  }
  EXPECT_EQ((*quarantine)->add(entry("a", 7)), true);  // It is there.
  EXPECT_EQ((*quarantine)->add(entry("b")), false);
  ASSERT_EQ(drop_quarantined(directory.path(), {{listed(directory.path())[0].id}}), 1U);
  EXPECT_EQ((*quarantine)->add(entry("b")), true);
  EXPECT_EQ((*quarantine)->add(entry("c")), false);
  ASSERT_TRUE((*quarantine)->flush());
  EXPECT_EQ(count_quarantined(directory.path()), kMaxQuarantineEntries);
}

TEST(Quarantine, KeepsExcerptsAloneBeyondTheBytesItMayHold) {
  const TempDirectory directory;
  const auto quarantine = Quarantine::open(directory.path());
  ASSERT_TRUE(quarantine);
  const std::uint64_t fits = kMaxQuarantineBytes / kMaxKeptBytes;
  const std::string bytes(kMaxKeptBytes, 'x');
  QuarantineEntry large = with_bytes("large", bytes);
  for (large.offset = 0; large.offset < fits + 3; ++large.offset) {
    ASSERT_EQ((*quarantine)->add(large), true);
  }
  ASSERT_TRUE((*quarantine)->flush());
  std::uint64_t with = 0;
  std::uint64_t all = 0;
  for (const ListedEntry& one : listed(directory.path())) {
    with += one.has_bytes ? 1 : 0;
    ++all;
    EXPECT_EQ(one.excerpt.size(), kMaxExcerptBytes);
  }
  EXPECT_EQ(with, fits);
  EXPECT_EQ(all, fits + 3);
}

TEST(Quarantine, FindsEntriesByTheBeginningsOfTheirIds) {
  const TempDirectory directory;
  std::vector<QuarantineEntry> many;
  for (std::uint64_t i = 0; i < 2000; ++i) many.push_back(entry("a", i));
  add(directory.path(), many);
  const auto all = listed(directory.path());
  std::string twice;  // Four digits that two ids begin with.
  for (std::size_t i = 1; i < all.size() && twice.empty(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (all[i].id.starts_with(all[j].id.substr(0, 4))) twice = all[j].id.substr(0, 4);
    }
  }
  ASSERT_FALSE(twice.empty());
  const auto find = [&](std::vector<std::string> beginnings) {
    const auto found = find_quarantined(directory.path(), beginnings);
    if (!found) return found.error().message;
    std::string text;
    for (const std::string& id : *found) text += id + " ";
    return text;
  };
  EXPECT_EQ(find({all[7].id, all[3].id.substr(0, 11)}), all[3].id + " " + all[7].id + " ");
  EXPECT_EQ(find({all[7].id, all[7].id}), all[7].id + " ");
  EXPECT_EQ(find({twice}), "'" + twice + "' fits 2 quarantine entries: expected more digits");
  EXPECT_EQ(find({"000000000000"}), "there is no quarantine entry '000000000000'");
  for (const char* const text : {"", "abc", "ABCD", "abcg", "' or", "abcd%"}) {
    EXPECT_EQ(find({text}),
              "expected the id of a quarantine entry or its first four digits, got '" +
                  std::string(text) + "'");
  }
}

TEST(Quarantine, TheSameThingKeepsItsId) {
  const TempDirectory first;
  const TempDirectory second;
  add(first.path(), {entry("a"), entry("b", 5)});
  add(second.path(), {entry("b", 5)});
  EXPECT_EQ(listed(first.path())[1].id, listed(second.path())[0].id);
  EXPECT_EQ(listed(second.path())[0].id.size(), 12U);
  ASSERT_EQ(drop_quarantined(first.path(), {{listed(first.path())[0].id, "no such id"}}), 1U);
  EXPECT_EQ(sources(first.path()), std::vector<std::string>{"b"});
}

// The list as it was before it had bytes.
constexpr std::string_view kNdjson =
    "{\"seen\":\"2023-11-14T22:13:20.123Z\",\"source\":\"a\\n\\u001B\",\"offset\":0,"
    "\"reason\":\"invalid_json\",\"detail\":\"expected x, got y\",\"excerpt\":\"{\\\"a\\\":\"}\n"
    "[]\n{}\n\n{\"seen\":1}\nnull\n"
    "{\"seen\":\"2024-05-01T10:00:00Z\",\"reason\":\"no_such\",\"offset\":0}\n"
    "{\"seen\":\"2024-05-01T10:00:00Z\",\"reason\":\"unreadable\",\"offset\":-1}\n"
    "{\"seen\":\"2024-05-01T10:00:00Z\",\"reason\":\"unreadable\",\"offset\":7}\n"
    "{\"seen\":\"2024-05-01T10:00:00Z\",\"reason\":\"unread";

TEST(Quarantine, ReadsAListOfThePreviousFormat) {
  const TempDirectory directory;
  directory.write("quarantine.ndjson", std::string(kNdjson) + std::string(100'000, '['));
  const auto old = listed(directory.path());
  ASSERT_EQ(old.size(), 2U);
  EXPECT_EQ(old[0].source, "a\n\x1b");
  EXPECT_EQ(old[0].excerpt, "{\"a\":");
  EXPECT_FALSE(old[0].has_bytes);
  EXPECT_EQ(old[1].reason, Reject::unreadable);
  EXPECT_EQ(bytes_of(directory.path(), 0), "none");
  EXPECT_EQ(count_quarantined(directory.path()), 2U);

  // The next writer takes it over: the same entries, with the same ids.
  add(directory.path(), {entry("b")});
  EXPECT_FALSE(std::filesystem::exists(directory.path() / "quarantine.ndjson"));
  const auto taken_over = listed(directory.path());
  ASSERT_EQ(taken_over.size(), 3U);
  for (const std::size_t i : {0U, 1U}) {
    EXPECT_EQ(taken_over[i].id, old[i].id);
    EXPECT_EQ(taken_over[i].seen, old[i].seen);
    EXPECT_EQ(taken_over[i].source, old[i].source);
    EXPECT_EQ(taken_over[i].excerpt, old[i].excerpt);
  }
  // As after a crash that came before the old list was removed.
  directory.write("quarantine.ndjson", std::string(kNdjson));
  EXPECT_EQ(listed(directory.path()).size(), 3U);
  EXPECT_EQ(count_quarantined(directory.path()), 3U);
  ASSERT_EQ(drop_quarantined(directory.path(), {{old[0].id}}), 1U);
  EXPECT_EQ(sources(directory.path()), (std::vector<std::string>{"", "b"}));
}

TEST(Quarantine, ListsAllOrNothingWhenTheDiskIsFull) {
  const TempDirectory directory;
  add(directory.path(), {entry("before")});
  const auto quarantine = Quarantine::open(directory.path());
  ASSERT_TRUE(quarantine);
  std::vector<std::string> taken = {"before"};
  const std::string bytes(100'000, 'x');
  {
    const test::FullDisk full(200'000);
    for (int i = 0; i < 200; ++i) {
      const std::string source = "s" + std::to_string(i);
      const auto added = (*quarantine)->add(with_bytes(source, bytes));
      if (added) {
        taken.push_back(source);
      } else {
        EXPECT_EQ(added.error().code, ErrorCode::io) << added.error().message;
      }
    }
    EXPECT_EQ((*quarantine)->flush().error().code, ErrorCode::io);
  }
  EXPECT_EQ(sources(directory.path()), std::vector<std::string>{"before"});
  EXPECT_TRUE(check_quarantine(directory.path())->empty());
  // What waits for room is bounded; what was refused is not on the list behind its sender's back.
  EXPECT_GT(taken.size(), 2U);
  EXPECT_LT(taken.size(), 60U);
  ASSERT_TRUE((*quarantine)->flush());
  EXPECT_EQ(sources(directory.path()), taken);
  EXPECT_EQ(bytes_of(directory.path(), 1), bytes);
  EXPECT_TRUE(check_quarantine(directory.path())->empty());
}

TEST(Quarantine, SaysWhenItsFileIsDamaged) {
  const TempDirectory directory;
  directory.write("quarantine.sqlite", std::string(5000, 'x'));
  const std::string want = "'" + (directory.path() / "quarantine.sqlite").string() +
                           "' is damaged: file is not a database";
  const auto opened = Quarantine::open(directory.path());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message, want);
  EXPECT_EQ(opened.error().code, ErrorCode::corrupt);
  const auto read = for_each_quarantined(directory.path(), [](const auto&) { return true; });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, want);
  EXPECT_EQ(*check_quarantine(directory.path()), std::vector<std::string>{want});
}

TEST(Quarantine, NoListYetIsAnEmptyOne) {
  const TempDirectory directory;
  EXPECT_TRUE(sources(directory.path()).empty());
  EXPECT_EQ(count_quarantined(directory.path()), 0U);
  EXPECT_TRUE(check_quarantine(directory.path())->empty());
  const auto missing =
      for_each_quarantined(directory.path() / "no", [](const auto&) { return true; });
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_FALSE(Quarantine::open(directory.path() / "no"));
}

}  // namespace
}  // namespace trailsift::indexer::testing
