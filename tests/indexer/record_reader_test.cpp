#include "indexer/record_reader.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/indexer/reading.h"

namespace trailsift::indexer::testing {
namespace {

using namespace std::string_literals;

const std::string kA = record("a");
const std::string kB = record("b");
const std::string kC = record("c");
const std::string kDigest =
    R"({"awsAccountId":"111122223333","digestStartTime":"2024-05-01T10:00:00Z","logFiles":[]})";
const std::string kConfig =
    R"({"fileVersion":"1.0","configSnapshotId":"x","configurationItems":[{"eventID":"e"}]})";

/// Where the n-th record of envelope({kA, …}) begins.
std::string at(std::size_t index) {
  return '@' + std::to_string(R"({"Records":[)"s.size() + index * (kA.size() + 1));
}

struct Row {
  const char* what;
  std::string text;
  std::string want;
};

void expect_rows(const std::vector<Row>& rows, const IngestLimits& limits = {}) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(read_all_ways(row.text, limits).summary, row.want);
    EXPECT_EQ(read_all_ways(gzip(row.text), limits).summary, row.want) << "compressed";
  }
}

TEST(RecordReader, ReadsEveryForm) {
  expect_rows({
      {"delivered file", envelope({kA, kB, kC}), "a b c"},
      {"no record", envelope({}), ""},
      {"white space everywhere", " { \"Records\" : [ " + kA + " , \r\n\t" + kB + " ] } \n", "a b"},
      {"bare record", kA, "a"},
      {"bare record with an unusual first member",
       R"({"awsRegion":"x","x":{"y":[1]},)" + kA.substr(1), "a"},
      {"bare array", "[" + kA + "," + kB + "]", "a b"},
      {"empty array", "[]", "empty"},
      {"NDJSON", kA + "\n" + kB + "\n" + kC, "a b c"},
      {"NDJSON with CRLF and empty lines", kA + "\r\n\r\n" + kB + "\r\n", "a b"},
      {"byte order mark", "\xEF\xBB\xBF" + envelope({kA}), "a"},
      {"byte order mark before NDJSON", "\xEF\xBB\xBF" + kA + "\n" + kB, "a b"},
      {"two envelopes, no line between", envelope({kA}) + envelope({kB, kC}), "a b c"},
      {"envelopes as NDJSON", envelope({kA}) + "\n" + envelope({kB}) + "\n", "a b"},
      {"array of envelopes", "[" + envelope({kA}) + "," + envelope({kB}) + "]", "a b"},
      {"records separated by commas", kA + "," + kB + ",", "a b"},
      {"comma after the last record", R"({"Records":[)" + kA + ",]}", "a"},
      {"Records not first", R"({"version":1,"meta":{"Records":3,"s":"]}"},"Records":[)" + kA + "]}",
       "a"},
      {"members after Records", R"({"Records":[)" + kA + R"(],"next":{"a":["]"]},"n":1})" + kB,
       "a b"},
      {"records under another name", R"({"n":{"a":1},"events": [ )" + kA + "," + kB + "]}", "a b"},
      {"Records twice", R"({"Records":[)" + kA + R"(],"Records":[)" + kB + "]}", "a b"},
      {"Records inside strings", record("a", R"(,"s":"{\"Records\":[{\"eventID\":\"x\"}]}")"), "a"},
      {"Records that is no array, then one", R"({"Records":{"a":1},"Records":[)" + kA + "]}", "a"},
      {"pretty-printed", "{\n  \"Records\": [\n    " + kA + ",\n    " + kB + "\n  ]\n}\n", "a b"},
  });
}

TEST(RecordReader, TellsOtherFilesByTheirContent) {
  expect_rows({
      {"nothing", "", "empty"},
      {"white space", " \n\n", "empty"},
      {"digest", kDigest, "digest"},
      {"Config snapshot", kConfig, "config"},
      {"another object", R"({"a":{"eventID":"x"}})", "other JSON"},
      {"Records of another kind", R"({"Records":{"eventID":"x"}})", "other JSON"},
      {"array of objects", R"([{"a":1},{"b":2}])", "other JSON"},
      {"NDJSON of objects", "{\"a\":1}\n{\"b\":2}\n", "other JSON"},
      {"a string", R"("CloudTrail validation message.")", "other JSON"},
      {"text", "2 111122223333 eni-0 198.51.100.7 OK\n2 111122223333 eni-0\n", "not JSON"},
      {"bytes", "\0\xff\x89PNG\r\n"s, "not JSON"},
  });
}

TEST(RecordReader, CountsWhatIsNoRecordInALog) {
  expect_rows({
      {"digest after records", kA + "\n" + kDigest + "\n" + kB,
       "a !missing_event_id@" + std::to_string(kA.size() + 1) + " b"},
      {"other objects before and after", "{\"x\":1}\n{\"y\":1}\n" + kA + "\n{\"z\":1}\n" + kB,
       "!missing_event_id@0 a !missing_event_id@" + std::to_string(17 + kA.size()) + " b"},
      {"text before", "hello\n" + kA, "!not_an_object@0 a"},
      {"a number between", "[" + kA + ",7," + kB + "]",
       "a !not_an_object@" + std::to_string(kA.size() + 2) + " b"},
      {"scalars between", "[" + kA + ",7,\"x\",null," + kB + "]",
       "a !not_an_object@" + std::to_string(kA.size() + 2) + " b"},
  });
}

TEST(RecordReader, RejectsRecordsWithoutIdOrTime) {
  const std::string no_id = R"({"eventVersion":"1.08","eventTime":"2024-05-01T10:00:00Z"})";
  const std::string no_time = R"({"eventVersion":"1.08","eventID":"x"})";
  const std::string bad_time = R"({"eventID":"x","eventTime":"yesterday"})";
  const std::string long_id = R"({"eventTime":"2024-05-01T10:00:00Z","eventID":")" +
                              std::string(kMaxEventIdBytes + 1, 'x') + "\"}";
  expect_rows({
      {"no id", envelope({kA, no_id, kB}), "a !missing_event_id" + at(1) + " b"},
      {"no time", envelope({kA, no_time, kB}), "a !missing_event_time" + at(1) + " b"},
      {"bad time", envelope({kA, bad_time, kB}), "a !bad_event_time" + at(1) + " b"},
      {"long id", envelope({kA, long_id, kB}), "a !bad_event_id" + at(1) + " b"},
      {"alone", no_id, "!missing_event_id@0"},
      {"as the only line", no_time + "\n", "!missing_event_time@0"},
  });
}

TEST(RecordReader, ReadsOnAfterADamagedRecord) {
  const std::string bomb = record("x", ",\"d\":" + std::string(500, '[') + std::string(500, ']'));
  expect_rows({
      {"invalid UTF-8", envelope({kA, record("x", ",\"s\":\"\xff\""), kB}),
       "a !invalid_utf8" + at(1) + " b"},
      {"nesting bomb", envelope({kA, bomb, kB}), "a !too_deep" + at(1) + " b"},
      {"nesting bomb without end",
       envelope({kA, record("x", ",\"d\":" + std::string(500, '[')), kB}),
       "a !too_deep" + at(1) + " b"},
      {"bare word", envelope({kA, record("x", ",\"s\":undefined"), kB}),
       "a !invalid_json" + at(1) + " b"},
      {"control character", envelope({kA, record("x", ",\"s\":\"\x01\""), kB}),
       "a !invalid_json" + at(1) + " b"},
      {"line end in a string", envelope({kA, record("x", ",\"s\":\"1\n2\""), kB}),
       "a !invalid_json" + at(1) + " b"},
      {"closing quote missing", envelope({kA, record("x", ",\"s\":\"1,\"t\":\"2\""), kB}),
       "a !invalid_json" + at(1) + " b"},
      {"opening quote missing", envelope({kA, record("x", ",\"s\":1\",\"t\":\"2\""), kB}),
       "a !invalid_json" + at(1) + " b"},
      {"last quote missing", envelope({kA, record("x", ",\"s\":\"1"), kB, kC}),
       "a !invalid_json" + at(1) + " b c"},
      {"brace missing", envelope({kA, kB.substr(0, kB.size() - 1), kC}),
       "a !invalid_json" + at(1) + " c"},
      {"brace left over", envelope({kA, kB + "}", kC}),
       "a b !not_an_object@" + std::to_string(envelope({kA, kB}).size() - 2) + " c"},
      {"bracket left over inside", envelope({kA, record("x", ",\"s\":1]"), kB}),
       "a !invalid_json" + at(1) + " b"},
      {"comma missing", envelope({kA + kB, kC}), "a b c"},
      {"number in place of a record", envelope({kA, "12", kB}), "a !not_an_object" + at(1) + " b"},
      {"array in place of a record", envelope({kA, "[{\"a\":\"]\"}]", kB}),
       "a !not_an_object" + at(1) + " b"},
      {"two in a row", envelope({kA, record("x", ",x"), record("y", ",y"), kB}),
       "a !invalid_json" + at(1) + " !invalid_json@" +
           std::to_string(envelope({kA, record("x", ",x")}).size() - 1) + " b"},
      {"first", envelope({record("x", ",x"), kB}), "!invalid_json" + at(0) + " b"},
      {"last", envelope({kA, record("x", ",x")}), "a !invalid_json" + at(1)},
      {"only", envelope({record("x", ",x")}), "!invalid_json" + at(0)},
      {"in a bare array", "[" + kA + "," + record("x", ",x") + "," + kB + "]",
       "a !invalid_json@" + std::to_string(kA.size() + 2) + " b"},
      {"in the first of two envelopes",
       envelope({kA, record("x", ",\"s\":\"")}) + envelope({kB, kC}),
       "a !invalid_json" + at(1) + " b c"},
      {"between the envelopes", envelope({kA}) + "?" + envelope({kB}),
       "a !not_an_object@" + std::to_string(envelope({kA}).size()) + " b"},
      {"the envelope's own key", R"({"Records:[)" + kA + "," + kB + "]}", "!invalid_json@0 a b"},
      {"a member after Records", R"({"Records":[)" + kA + R"(],"next":}})" + "\n" + kB,
       "a !invalid_json@" + std::to_string(envelope({kA}).size()) + " b"},
      {"UTF-8 fault in the last record", kA + "\n" + record("x", ",\"s\":\"\xff\""),
       "a !invalid_utf8@" + std::to_string(kA.size() + 1)},
  });
}

TEST(RecordReader, LosesOnlyTheBrokenLine) {
  const std::string next = '@' + std::to_string(kA.size() + 1);
  expect_rows({
      {"cut line", kA + "\n" + kB.substr(0, 60) + "\n" + kC + "\n",
       "a !invalid_json" + next + " c"},
      {"quote missing", kA + "\n" + record("x", ",\"s\":\"") + "\n" + kC + "\n",
       "a !invalid_json" + next + " c"},
      {"nested cut", kA + "\n" + R"({"eventID":"x","a":{"b":1)" + "\n" + kC + "\n",
       "a !invalid_json" + next + " c"},
      {"two broken lines", kA + "\n{\"eventID\":\n{\"eventID\":\"}\n" + kC,
       "a !invalid_json" + next + " !invalid_json@" + std::to_string(kA.size() + 13) + " c"},
      {"brackets that add up over lines", kA + "\n{\"eventID\":{\n" + kB + "\n}}\n" + kC,
       "a !invalid_json" + next + " b c"},
      {"text", kA + "\nhello { world\n" + kB + "\n", "a !not_an_object" + next + " b"},
      {"first line", "{\"eventID\":\"\n" + kB, "!invalid_json@0 b"},
  });
}

TEST(RecordReader, TellsWhenTheEndIsMissing) {
  const std::string whole = envelope({kA, kB});
  expect_rows({
      {"inside a record", whole.substr(0, whole.size() - 20), "a !truncated" + at(1)},
      {"behind a record", whole.substr(0, whole.size() - 2),
       "a b !truncated@" + std::to_string(whole.size() - 2)},
      {"behind the array", whole.substr(0, whole.size() - 1),
       "a b !truncated@" + std::to_string(whole.size() - 1)},
      {"behind a comma", R"({"Records":[)" + kA + ",", "a !truncated" + at(1)},
      {"inside an escape", R"({"Records":[{"eventID":"a\u00)", "!truncated" + at(0)},
      {"inside a character", kA + "\n" + kB.substr(0, 40) + "\xE2\x82",
       "a !truncated@" + std::to_string(kA.size() + 1)},
      {"inside the first key", R"({"Rec)", "!truncated@0"},
      {"brace only", "{", "!truncated@0"},
      {"inside a digest", kDigest.substr(0, 70), "!truncated@0"},
      {"inside an array of others", R"([{"a":1},{"b)", "other JSON"},
  });
}

TEST(RecordReader, KeepsAnExcerptAndSaysWhere) {
  const std::string bad = record("x", ",\"s\":undefined");
  const Outcome outcome = read_all_ways(envelope({kA, bad, kB}));
  ASSERT_EQ(outcome.rejected.size(), 1U);
  EXPECT_EQ(outcome.rejected[0].excerpt, bad);
  const std::size_t mistake = envelope({kA}).size() - 1 + bad.find("undefined");
  EXPECT_EQ(outcome.rejected[0].detail, "Invalid value. (at byte " + std::to_string(mistake) + ")");

  const std::string long_bad = record("x", ",\"s\":\"" + std::string(9000, 'x') + "\",?");
  const Outcome cut = read_all_ways(envelope({long_bad}));
  ASSERT_EQ(cut.rejected.size(), 1U);
  EXPECT_EQ(cut.rejected[0].excerpt, long_bad.substr(0, kMaxExcerptBytes));
}

TEST(RecordReader, KeepsTheBytesOfWhatItRejects) {
  const std::string bad = record("x", ",\"s\":undefined");
  const std::string no_id = R"({"eventTime":"2024-05-01T10:00:00Z"})";
  const std::string digest = R"({"digestStartTime":"2024-05-01T10:00:00Z","a":[{}]})";
  const std::string most = "{\"eventID\":\"" + std::string(kMaxKeptBytes - 14, 'x') + "\"}";
  const struct {
    std::string text;
    std::vector<std::string> bytes;
  } kCases[] = {
      {envelope({kA, bad, kB}), {bad}},
      {envelope({no_id, kA}), {no_id}},
      {kA + "\n" + digest + "\n" + no_id + "\n", {digest, no_id}},
      {"[1," + kA + ",\"text\"]", {"1", "\"text\""}},
      {envelope({kA, "{\"eventID\":\"cut"}).substr(0, envelope({kA}).size() + 10),
       {"{\"eventID\":"}},
      {most + "\n" + kA, {most}},
  };
  for (const auto& c : kCases) {
    const Outcome outcome = read_all_ways(c.text);
    std::vector<std::string> bytes;
    for (const RejectedStretch& stretch : outcome.rejected) {
      bytes.push_back(stretch.bytes);
      EXPECT_EQ(stretch.size, stretch.bytes.size());
      EXPECT_EQ(stretch.bytes, c.text.substr(stretch.offset, stretch.size));
      EXPECT_EQ(stretch.excerpt, stretch.bytes.substr(0, kMaxExcerptBytes));
    }
    EXPECT_EQ(bytes, c.bytes) << c.text.substr(0, 200);
  }
  const Outcome larger = read_all_ways(most + " x\n" + most.substr(0, 20) + most.substr(19));
  ASSERT_EQ(larger.rejected.size(), 3U);
  EXPECT_EQ(larger.rejected[2].bytes, "");
  EXPECT_EQ(larger.rejected[2].size, kMaxKeptBytes + 1);
}

TEST(RecordReader, RejectsRecordsOverTheLimit) {
  IngestLimits limits;
  limits.max_record_bytes = 1000;
  const std::string fits =
      record("f", ",\"s\":\"" + std::string(1000 - record("f").size() - 7, 'x') + '"');
  ASSERT_EQ(fits.size(), 1000U);
  const std::string over =
      record("o", ",\"s\":\"" + std::string(1000 - record("o").size() - 6, 'x') + '"');
  const std::string huge = record("h", ",\"s\":\"" + std::string(100'000, '{') + '"');
  const std::string endless = record("e", ",\"s\":\"" + std::string(100'000, 'x'));
  expect_rows(
      {
          {"just fits", envelope({kA, fits, kB}), "a f b"},
          {"one over", envelope({kA, over, kB}), "a !record_too_large" + at(1) + " b"},
          {"huge", envelope({kA, huge, kB}), "a !record_too_large" + at(1) + " b"},
          {"huge line", kA + "\n" + huge + "\n" + kB,
           "a !record_too_large@" + std::to_string(kA.size() + 1) + " b"},
          {"huge members before Records",
           R"({"x":")" + std::string(5000, 'x') + R"(","Records":[)" + kA + "]}",
           "!record_too_large@0"},
          {"huge digest", R"({"digestEndTime":"x","f":")" + std::string(5000, 'x') + "\"}",
           "digest"},
          {"huge member after Records",
           R"({"Records":[)" + kA + R"(],"x":")" + std::string(5000, ']') + "\"}" + kB, "a b"},
          {"endless", envelope({kA, endless}), "a !record_too_large" + at(1)},
          {"damage larger than a record",
           kA + "\n" + R"({"eventID":)" + std::string(200'000, '[') + "\n" + kB,
           "a !too_deep@" + std::to_string(kA.size() + 1) + " b"},
      },
      limits);
}

TEST(RecordReader, StopsWhenTheSinkSaysSo) {
  Outcome outcome;
  outcome.stop_after = 2;
  MemoryStream stream(envelope({kA, kB, kC}));
  Inflater text(stream, {});
  read_records(text, {}, outcome);
  EXPECT_EQ(outcome.summary, "a b");
}

}  // namespace
}  // namespace trailsift::indexer::testing
