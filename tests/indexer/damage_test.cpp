// Valid files with random damage: whatever is not damaged must be found, and all be accounted for.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/indexer/reading.h"

namespace trailsift::indexer::testing {
namespace {

struct Piece {
  std::string id;
  std::size_t begin, end;
};

struct TestFile {
  std::string text;
  std::vector<Piece> records;

  void add(const std::string& id, const std::string& json) {
    records.push_back({id, text.size(), text.size() + json.size()});
    text += json;
  }
};

using Random = std::mt19937_64;

std::string random_members(Random& random) {
  static const std::array kMembers = {
      R"(,"requestParameters":{"bucketName":"b","tags":[{"k":"a"},{"k":"b"}]})",
      R"(,"responseElements":null)",
      R"(,"policy":"{\"Version\":\"2012\",\"Statement\":[{\"a\":\"[*]\"}]}")",
      R"(,"userAgent":"[S3Console/0.4, \\ \"x\" {y} \u00e9]")",
      R"(,"resources":[{"ARN":"arn:aws:s3:::b"},{"ARN":"arn:aws:s3:::c","type":"x"}])",
      R"(,"additionalEventData":{"bytes":1372.0,"x":{"y":{"z":[1,2,[3]]}}})",
      R"(,"readOnly":true,"apiVersion":"")",
  };
  std::string members;
  for (std::size_t n = random() % 4; n > 0; --n) members += kMembers.at(random() % kMembers.size());
  return members;
}

TestFile random_file(Random& random) {
  struct Form {
    const char *head, *separator, *tail;
  };
  static const std::array kForms = {
      Form{R"({"Records":[)", ",", "]}"},
      Form{R"({"Records": [)", ", ", R"(], "next": {"a": []}})"},
      Form{"", "\n", "\n"},
      Form{"[\n", ",\n", "\n]\n"},
      Form{"", R"(]}{"Records":[)", "]}"},
  };
  const Form& form = kForms.at(random() % kForms.size());
  TestFile file;
  file.text = form.head;
  if (*form.head == '\0' && *form.separator == ']') file.text = R"({"Records":[)";
  const std::size_t count = 1 + random() % 30;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) file.text += form.separator;
    const std::string id = "id" + std::to_string(random());  // Damage must not make it another's.
    file.add(id, record(id, random_members(random)));
  }
  file.text += form.tail;
  return file;
}

/// Replaces `size` bytes at `at` by random ones, cuts them, or inserts others. Returns what was
/// touched.
std::pair<std::size_t, std::size_t> damage(std::string& text, Random& random) {
  static const std::string kNasty = "{}[]\",:\\\n\t 0ex\x01\xff";
  const std::size_t at = random() % text.size();
  const std::size_t longest = random() % 4 == 0 ? 600 : 8;
  const std::size_t size = std::min(1 + random() % longest, text.size() - at);
  std::string put(random() % 3 == 0 ? 0 : std::min<std::size_t>(size, 20), ' ');
  for (char& byte : put) {
    byte = random() % 2 == 0 ? kNasty[random() % kNasty.size()] : static_cast<char>(random());
  }
  const std::size_t cut = random() % 3 == 0 ? 0 : size;
  text.replace(at, cut, put);
  return {at, at + cut};
}

/// Ids that must be found: their records, and one byte to each side, were not touched.
std::vector<std::string> untouched(const TestFile& file, std::size_t begin, std::size_t end) {
  std::vector<std::string> ids;
  for (const Piece& piece : file.records) {
    if (piece.end < begin || piece.begin > end) ids.push_back(piece.id);
  }
  return ids;
}

/// A cut can join records into a single one that is valid JSON: one event, or one without an id.
bool is_inside_another(const Outcome& outcome, const std::string& id) {
  const auto holds_id = [&](const std::string& json) {
    return json.find("\"eventID\":\"" + id + '"') != std::string::npos;
  };
  return std::ranges::any_of(outcome.records, holds_id) ||
         std::ranges::any_of(outcome.rejected, [&](const RejectedStretch& stretch) {
           return stretch.reason == Reject::missing_event_id && holds_id(stretch.excerpt);
         });
}

void expect_untouched_found(std::uint64_t seed) {
  Random random(seed);
  const TestFile file = random_file(random);
  std::string text = file.text;
  const auto [begin, end] = damage(text, random);
  MemoryStream stream(text, random_reads(seed));
  const Outcome outcome = read(stream);

  for (const std::string& id : untouched(file, begin, end)) {
    if (std::ranges::count(outcome.ids, id) == 0 && is_inside_another(outcome, id)) continue;
    EXPECT_EQ(std::ranges::count(outcome.ids, id), 1)
        << id << " in " << text << "\ndamaged at " << begin << ".." << end << ", seed " << seed
        << "\ngot " << outcome.summary;
  }
  EXPECT_LE(outcome.ids.size(), file.records.size() + 1) << "seed " << seed;
  EXPECT_TRUE(std::ranges::is_sorted(outcome.rejected, {}, &RejectedStretch::offset));
  const bool lost = outcome.ids.size() < file.records.size();
  // A cut can take records away without a trace, but never part of one.
  const bool cut = text.size() < file.text.size();
  EXPECT_TRUE(!lost || cut || !outcome.rejected.empty()) << "seed " << seed << "\n" << text;
}

/// Seeds 1 to this; more of them with TRAILSIFT_SEEDS in the environment.
std::uint64_t seeds() {
  const char* more = std::getenv("TRAILSIFT_SEEDS");
  return more == nullptr ? 2000 : std::strtoull(more, nullptr, 10);
}

TEST(Damage, CostsOnlyTheRecordsItTouches) {
  for (std::uint64_t seed = 1; seed <= seeds() && !HasFailure(); ++seed) {
    expect_untouched_found(seed);
  }
}

TEST(Damage, MuchOfItNeverCrashesAndIsReadTheSameWay) {
  for (std::uint64_t seed = 1; seed <= seeds() / 10 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    std::string text = random_file(random).text;
    for (int i = 0; i < 20 && !text.empty(); ++i) damage(text, random);
    IngestLimits limits;
    limits.max_record_bytes = 1UL << (6 + random() % 12);
    read_all_ways(text, limits);
  }
}

}  // namespace
}  // namespace trailsift::indexer::testing
