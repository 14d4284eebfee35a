#include "indexer/whole_file.h"

#include <string>

#include <gtest/gtest.h>

#include "indexer/sound_records.h"
#include "tests/indexer/reading.h"
#include "tests/support/random_events.h"

namespace trailsift::indexer::testing {
namespace {

/// The text of a file that was taken at once; "-" when it is not for that. What was taken and the
/// rest must be the file again.
std::string at_once(const std::string& bytes, const IngestLimits& limits = {},
                    const std::string& error = "") {
  static WholeFile file;
  MemoryStream stream(bytes, random_reads(bytes.size()), error);
  const auto text = file.read(stream, limits);
  std::string answer = text ? std::string(*text) : "-";
  ReplayedStream replayed(file, stream);
  std::string again;
  std::string buffer(4096, '\0');
  while (true) {
    const auto size = replayed.read(buffer);
    EXPECT_EQ(size.has_value() || !error.empty(), true);
    if (!size) {
      EXPECT_EQ(size.error().message, error);
      break;
    }
    if (*size == 0) break;
    again.append(buffer, 0, *size);
  }
  EXPECT_EQ(again, bytes);
  return answer;
}

TEST(WholeFile, TakesPlainTextAndOneGzipMember) {
  const std::string large(3'000'000, 'x');
  for (const std::string& text : {std::string(), std::string("{}"), large}) {
    EXPECT_EQ(at_once(text), text);
    EXPECT_EQ(at_once(gzip(text)), text);
  }
}

TEST(WholeFile, LeavesWhatIsOutOfTheOrdinary) {
  const std::string member = gzip("{\"a\":1}");
  EXPECT_EQ(at_once(member + member), "-");
  EXPECT_EQ(at_once(member + '\0'), "-");
  EXPECT_EQ(at_once(member.substr(0, member.size() - 1)), "-");
  std::string wrong_checksum = member;
  wrong_checksum[member.size() - 6] ^= 1;
  EXPECT_EQ(at_once(wrong_checksum), "-");
  EXPECT_EQ(at_once("\x1f\x8b"), "-");
  EXPECT_EQ(at_once(std::string(5'000'000, 'x')), "-");  // Too large.
  EXPECT_EQ(at_once("{}", {}, "the disk is gone"), "-");
}

TEST(WholeFile, KeepsTheLimits) {
  const std::string bomb = gzip(std::string(2'000'000, ' '));
  IngestLimits limits;
  limits.max_inflated_bytes = 1'999'999;
  EXPECT_EQ(at_once(bomb, limits), "-");
  limits = {};
  limits.ratio_free_bytes = 1000;
  EXPECT_EQ(at_once(bomb, limits), "-");
}

/// What the reader of sound files makes of a text: ids, or "-" when it is not for it.
std::string sound(std::string text) {
  static SoundRecords records{IngestLimits()};
  store::EventBatch batch;
  const std::size_t size = text.size();
  text.resize(size + WholeFile::kPadding);
  const auto read = records.read(std::string_view(text).substr(0, size), "file", batch);
  if (!read) {
    EXPECT_TRUE(batch.empty());
    return "-";
  }
  EXPECT_EQ(read->added, batch.size());
  EXPECT_EQ(read->filtered, 0U);
  std::string ids;
  for (const auto& row : batch.rows()) ids += std::string(row.id) + ' ';
  return ids;
}

TEST(SoundRecords, AreReadInOnePass) {
  EXPECT_EQ(sound(envelope({})), "");
  EXPECT_EQ(sound(envelope({record("a"), record("b")})), "a b ");
  EXPECT_EQ(sound(" { \"Records\" : [ " + record("a") + " \n, " + record("b") + " ] } \n"), "a b ");
  EXPECT_EQ(sound(envelope({record("a", R"(,"n":[1,2.5,-3,true,null,{"x":"\u00e9"}])")})), "a ");
}

TEST(SoundRecords, LeaveWhatIsOutOfTheOrdinary) {
  const std::string good = record("a");
  const std::string deep = std::string(200, '[') + std::string(200, ']');
  for (const std::string& text : {
           std::string(),
           std::string("{}"),
           std::string("[]"),
           good,
           "[" + good + "]",
           R"({"Records":[)" + good + R"(],"more":1})",
           R"({"more":1,"Records":[)" + good + "]}",
           envelope({good}) + "x",
           envelope({good}) + envelope({good}),
           envelope({good, "7"}),
           envelope({good, R"({"eventID":"b"})"}),
           envelope({good, record("b", R"(,"x":"\ud800")")}),
           envelope({good, record("b", ",\"x\":\"\xff\"")}),
           envelope({good, record("b", R"(,"x":1e400)")}),
           envelope({good, record("b", R"(,"x":01)")}),
           envelope({good, record("b", R"(,"x":12a)")}),
           envelope({good, record("b", R"(,"x":nul)")}),
           envelope({good, record("b", R"(,"x":)" + deep)}),
           envelope({good}).substr(0, envelope({good}).size() - 1),
       }) {
    EXPECT_EQ(sound(text), "-") << text;
  }
}

/// Both readers find the same leaves in a file of these records.
void expect_same_as_other_reader(const std::vector<std::string>& texts) {
  store::EventBatch want;
  for (const auto& text : texts) {
    ASSERT_TRUE(want.read(text)) << text;
    want.add_read("file");
  }
  std::string text = envelope(texts);
  const std::size_t size = text.size();
  text.resize(size + WholeFile::kPadding);
  SoundRecords records{IngestLimits()};
  store::EventBatch found;
  ASSERT_TRUE(records.read(std::string_view(text).substr(0, size), "file", found));
  ASSERT_EQ(found.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    const auto& row = found.rows()[i];
    ASSERT_EQ(row.json, want.rows()[i].json);
    const auto leaves = found.leaves_of(row);
    const auto wanted = want.leaves_of(want.rows()[i]);
    ASSERT_EQ(leaves.size(), wanted.size()) << row.json;
    for (std::size_t at = 0; at < leaves.size(); ++at) {
      ASSERT_EQ(found.path_text(leaves[at]), want.path_text(wanted[at]));
      ASSERT_EQ(found.value(leaves[at]), want.value(wanted[at]));
    }
  }
}

TEST(SoundRecords, SayOfEachRecordWhatTheOtherReaderSays) {
  constexpr std::uint64_t kSeed = 1;
  test::RandomEvents random(kSeed);
  std::vector<std::string> texts;
  for (int i = 0; i < 300; ++i) texts.push_back(random.record());
  expect_same_as_other_reader(texts);
}

/// The key that is expected after another one is compared with the bytes of the file.
TEST(SoundRecords, AreNotMisledByTheKeysOfTheRecordBefore) {
  for (const auto& [before, after] : {
           std::pair(R"(,"n":1,"k\":\"v\",\"m":"w")", R"(,"n":1,"k":"v","m":"w")"),
           std::pair(R"(,"n":1,"k\\":"v")", R"(,"n":1,"k\"m":"v")"),
           std::pair(R"(,"n":1,"k":"v")", R"(,"n":1,"\u006b":"v")"),
           std::pair(R"(,"n":1,"\u006b":"v")", R"(,"n":1,"k":"v")"),
           std::pair(R"(,"n":1,"k":"v")", R"(,"n":1,"kk":"v")"),
           std::pair(R"(,"n":1,"kk":"v")", R"(,"n":1,"k":"v")"),
           std::pair(R"(,"n":1,"":"v")", R"(,"n":1,"k":"v")"),
           std::pair(R"(,"n":{"k":"v"})", R"(,"n":1,"k":"v")"),
           std::pair(R"(,"n":{},"k":"v")", R"(,"n":{"k":"v"})"),
       }) {
    expect_same_as_other_reader({record("a", before), record("b", after), record("c", before)});
  }
  const std::string longest = ",\"n\":1,\"" + std::string(1000, 'k') + "\":2";
  expect_same_as_other_reader({record("a", longest), record("b", R"(,"n":1,"k":2)")});
}

}  // namespace
}  // namespace trailsift::indexer::testing
