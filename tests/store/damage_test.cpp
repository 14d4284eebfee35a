#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "store/manifest.h"
#include "store/sealed_json.h"
#include "store/segment_builder.h"
#include "store/store.h"
#include "tests/store/brute_force.h"
#include "tests/store/store_fixture.h"
#include "tests/support/batch_of.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;

std::string read_all(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_all(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// Everything that a segment answers, as one text; or nothing when something was an error.
class Answers {
 public:
  explicit Answers(const fs::path& directory) {
    const auto segment = open_segment(directory);
    if (!segment) {
      note(segment.error());
      return;
    }
    const Segment& open = **segment;
    for (const Field& field : fields()) read_column(open, field);
    for (DocId doc = 0; doc < open.size(); ++doc) {
      take(open.time(doc), [&](Timestamp time) { text_ += format_time(time); });
      take(open.record(doc), [&](const std::string& record) { text_ += record; });
    }
    take(open.find("e1"), [&](std::optional<DocId> doc) { text_ += doc ? "found" : "not found"; });
    read_terms(open);
  }

  bool failed() const { return failed_; }
  bool all_corrupt() const { return all_corrupt_; }
  const std::string& text() const { return text_; }

 private:
  template <class T, class Use>
  void take(const Result<T>& result, const Use& use) {
    result ? use(*result) : note(result.error());
  }

  void note(const Error& error) {
    failed_ = true;
    all_corrupt_ = all_corrupt_ && error.code == ErrorCode::corrupt;
  }

  void read_column(const Segment& segment, const Field& field) {
    take(segment.column(index_of(field)), [&](const Column* column) {
      if (column == nullptr) return;
      for (DocId doc = 0; doc < segment.size(); ++doc) {
        for (const auto rank : column->ranks(column->ordinal(doc))) text_ += column->value(rank);
      }
      text_ += std::to_string(column->lower_bound("m"));
    });
  }

  void read_terms(const Segment& segment) {
    const auto reader = segment.terms();
    if (!reader) return note(reader.error());
    std::vector<std::string> terms;
    const auto walked =
        (*reader)->for_each_term("", [&](std::string_view term, std::uint32_t count) {
          terms.push_back(std::string(term) + std::to_string(count));
          return true;
        });
    if (!walked) note(walked.error());
    for (const auto& term : terms) text_ += term;
    std::vector<DocId> docs;
    const auto read = (*reader)->documents("Fevent_outcome=success", docs);
    if (!read) note(read.error());
    for (const DocId doc : docs) text_ += std::to_string(doc) + " ";
  }

  bool failed_ = false;
  bool all_corrupt_ = true;
  std::string text_;
};

class Damage : public ::testing::Test {
 protected:
  void SetUp() override {
    test::RandomEvents random(11);
    expect_ok(build_segment(segment(), test::batch_of(random.events(120)),
                            {.durable = false, .threads = 1}));
    good_ = Answers(segment()).text();
    ASSERT_FALSE(good_.empty());
  }

  fs::path segment() const { return directory_.path() / "s"; }

  /// With `bytes` in place of a part: errors or the right answers, and check says so.
  void expect_safe(const char* part, const std::string& bytes, const std::string& what) {
    const fs::path path = segment() / part;
    const std::string original = read_all(path);
    write_all(path, bytes);
    const Answers answers(segment());
    EXPECT_TRUE(answers.failed() || answers.text() == good_) << part << " " << what;
    EXPECT_TRUE(answers.all_corrupt()) << part << " " << what;
    EXPECT_EQ(check_segment(segment()).empty(), bytes == original) << part << " " << what;
    write_all(path, original);
  }

  const test::TempDirectory directory_;
  std::string good_;
};

constexpr const char* kParts[] = {"columns", "records", "terms.glass", "segment.json"};

TEST_F(Damage, ATruncatedPartIsAnErrorOrHarmless) {
  constexpr std::uint64_t kSeed = 1;
  std::mt19937_64 random(kSeed);
  for (const char* part : kParts) {
    const std::string original = read_all(segment() / part);
    std::vector<std::size_t> sizes = {0, 1, 8, 12, original.size() / 2, original.size() - 1};
    for (int i = 0; i < 10; ++i) sizes.push_back(random() % original.size());
    for (const std::size_t size : sizes) {
      expect_safe(part, original.substr(0, size), "cut to " + std::to_string(size));
    }
  }
}

TEST_F(Damage, AFlippedByteIsAnErrorOrHarmless) {
  constexpr std::uint64_t kSeed = 2;
  std::mt19937_64 random(kSeed);
  for (const char* part : kParts) {
    const std::string original = read_all(segment() / part);
    for (int i = 0; i < 60; ++i) {
      // Many at the ends, where the structure is.
      const std::size_t near = std::min<std::size_t>(original.size(), 200);
      std::size_t at = random() % original.size();
      if (i % 3 == 1) at = random() % near;
      if (i % 3 == 2) at = original.size() - 1 - random() % near;
      std::string bytes = original;
      bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1 + random() % 255));
      expect_safe(part, bytes, "flipped at " + std::to_string(at));
    }
  }
}

TEST_F(Damage, GarbageOfTheSameSizeIsAnError) {
  constexpr std::uint64_t kSeed = 3;
  std::mt19937_64 random(kSeed);
  for (const char* part : kParts) {
    std::string bytes = read_all(segment() / part);
    for (char& byte : bytes) byte = static_cast<char>(random());
    expect_safe(part, bytes, "garbage");
    expect_safe(part, bytes + bytes, "twice the garbage");
  }
}

TEST_F(Damage, AMissingPartIsAnError) {
  for (const char* part : kParts) {
    fs::rename(segment() / part, directory_.path() / "away");
    const auto opened = open_segment(segment());
    ASSERT_FALSE(opened) << part;
    EXPECT_FALSE(check_segment(segment()).empty()) << part;
    fs::rename(directory_.path() / "away", segment() / part);
  }
}

TEST_F(Damage, AnotherSegmentsPartIsFound) {
  test::RandomEvents random(12);
  const fs::path other = directory_.path() / "other";
  expect_ok(
      build_segment(other, test::batch_of(random.events(120)), {.durable = false, .threads = 1}));
  for (const char* part : {"columns", "records", "terms.glass"}) {
    fs::rename(segment() / part, directory_.path() / "away");
    fs::copy(other / part, segment() / part);
    EXPECT_FALSE(check_segment(segment()).empty()) << part;
    fs::rename(directory_.path() / "away", segment() / part);
  }
}

/// zstd refuses a dictionary whose tables are damaged: that is damage, not want of memory.
TEST_F(Damage, OfADictionaryOfRecordsIsNamed) {
  const fs::path path = segment() / "records";
  const std::string whole = read_all(path);
  for (std::size_t at = 12; at < 200; ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 8);
    write_all(path, damaged);
    const auto open = open_segment(segment());
    if (!open) continue;
    for (DocId doc = 0; doc < (*open)->size(); doc += 40) {
      const auto record = (*open)->record(doc);
      if (record) continue;
      EXPECT_EQ(record.error().code, ErrorCode::corrupt) << at;
    }
  }
}

TEST_F(Damage, AnotherFormatIsRefusedByName) {
  const struct {
    const char* format;
    const char* what;
  } cases[] = {
      {"\"format\":3", "3 is newer than this program's, which is 2"},
      {"\"format\":1",
       "1 is older than this program's, which is 2; index the files again into a new data "
       "directory"},
  };
  const fs::path path = segment() / "segment.json";
  const std::string content(*unseal(read_all(path)));
  for (const auto& c : cases) {
    std::string other = content;
    other.replace(other.find("\"format\":2"), 10, c.format);
    write_all(path, seal(other));
    const auto opened = open_segment(segment());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().message,
              "cannot read '" + (segment() / "segment.json").string() + "': its format " + c.what);
  }
}

TEST(DamagedManifest, IsAnErrorForReaderWriterAndCheck) {
  const test::TempDirectory directory;
  test::RandomEvents random(1);
  value_of(value_of(Writer::open(directory.path(), scratch_options()))
               ->commit(test::batch_of(random.events(3))));
  const fs::path path = directory.path() / "manifest";
  const std::string original = read_all(path);
  std::vector<std::string> damaged = {"",
                                      "{}",
                                      "null",
                                      original + original,
                                      seal("{"),
                                      seal("[]"),
                                      seal("{\"format\":1}"),
                                      seal(R"({"format":1,"store":1,"generation":1,)"
                                           R"("next_segment":1,"segments":["../../etc"]})")};
  for (std::size_t size = 0; size < original.size(); size += 7) {
    damaged.push_back(original.substr(0, size));
  }
  for (std::size_t at = 0; at < original.size(); ++at) {
    damaged.push_back(original);
    damaged.back()[at] ^= 4;
  }
  for (const auto& text : damaged) {
    write_all(path, text);
    const auto reader = Reader::open(directory.path());
    const auto writer = Writer::open(directory.path(), scratch_options());
    ASSERT_FALSE(reader) << text;
    ASSERT_FALSE(writer) << text;
    EXPECT_EQ(reader.error().code, ErrorCode::corrupt) << text;
    EXPECT_EQ(writer.error().code, ErrorCode::corrupt) << text;
    EXPECT_EQ(value_of(check(directory.path())).size(), 1U) << text;
  }
  write_all(path, original);
  EXPECT_EQ(value_of(value_of(Reader::open(directory.path()))->snapshot())->events(), 3U);
}

TEST(DamagedManifest, OfANewerFormatIsRefusedByName) {
  const test::TempDirectory directory;
  write_all(directory.path() / "manifest", seal(R"({"format":3})"));
  const auto reader = Reader::open(directory.path());
  ASSERT_FALSE(reader);
  EXPECT_NE(reader.error().message.find("its format 3 is newer than this program"),
            std::string::npos);
}

TEST(Check, ReportsWhatDoesNotBelong) {
  const test::TempDirectory directory;
  test::RandomEvents random(1);
  value_of(value_of(Writer::open(directory.path(), scratch_options()))
               ->commit(test::batch_of(random.events(3))));
  write_all(directory.path() / "notes.txt", "mine");
  write_all(directory.path() / "account-names.csv", "111122223333,Production\n");
  write_all(directory.path() / "integrity.csv", "log_file,integrity\n");
  const std::vector<std::string> want = {"'" + (directory.path() / "notes.txt").string() +
                                         "' does not belong to the store"};
  EXPECT_EQ(value_of(check(directory.path())), want);
}

TEST(Check, FindsAnEventThatIsThereTwice) {
  const test::TempDirectory directory;
  test::RandomEvents random(1);
  const auto events = random.events(3);
  value_of(
      value_of(Writer::open(directory.path(), scratch_options()))->commit(test::batch_of(events)));
  fs::copy(directory.path() / segment_name(1), directory.path() / segment_name(2));
  Manifest manifest = value_of(read_manifest(directory.path()));
  manifest.segments.push_back(segment_name(2));
  expect_ok(publish_manifest(directory.path(), manifest, false));
  const auto faults = value_of(check(directory.path()));
  ASSERT_EQ(faults.size(), 3U);
  std::vector<std::string> want;
  want.reserve(events.size());
  for (const auto& event : events) want.push_back("the event '" + event.id + "' is there twice");
  std::ranges::sort(want);
  EXPECT_EQ(faults, want);
}

TEST(Check, IsCleanWhileCommitsAndMergesGoOn) {
  const test::TempDirectory directory;
  WriterOptions options;
  options.durable = false;
  options.merge_width = 2;
  const auto writer = value_of(Writer::open(directory.path(), options));
  test::RandomEvents random(1);
  value_of(writer->commit(test::batch_of(random.events(5))));
  std::atomic<bool> done{false};
  std::jthread committing([&] {
    while (!done) value_of(writer->commit(test::batch_of(random.events(5))));
  });
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(value_of(check(directory.path())), std::vector<std::string>{});
  }
  done = true;
}

TEST(Check, NeedsAStore) {
  const test::TempDirectory directory;
  const auto refused = check(directory.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace trailsift::store
