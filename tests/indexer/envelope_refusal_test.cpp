// What is hostile, damaged or foreign in messages.
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/envelope.h"
#include "indexer/record_reader.h"
#include "tests/indexer/reading.h"
#include "tests/indexer/wrapping.h"

namespace trailsift::indexer::testing {
namespace {

/// The error with its code and position, or "understood".
std::string refusal(std::string_view body, const MessageLimits& limits = {}) {
  const auto envelope = unwrap(body, limits);
  if (envelope) return "understood";
  const Error& error = envelope.error();
  std::string text = std::string(name(error.code)) + " " + error.message;
  if (error.at) text += " @" + std::to_string(error.at->begin);
  return text;
}

const std::string kUnknown =
    "unknown message type: expected a message of SNS, SQS, S3, EventBridge, CloudTrail, CloudWatch "
    "Logs or Firehose, or CloudTrail records, got an object";

TEST(EnvelopeRefusal, SaysWhatCame) {
  const struct {
    const char* what;
    std::string body, want;
  } rows[] = {
      {"nothing", "", "bad_request expected JSON, got an empty text"},
      {"white space", " \n", "bad_request expected JSON, got an empty text"},
      {"prose", "hello", "bad_request expected JSON, got 'hello' (invalid value) at byte 0 @0"},
      {"broken JSON", R"( {"a":1,})",
       "bad_request expected JSON, got '}' (missing a name for object member) at byte 8 @8"},
      {"cut off", R"({"Type":"Notification")",
       "bad_request expected JSON, got the end of the text (missing a comma or '}' after "
       "an object member) at byte 22 @22"},
      {"behind a message", R"({"Event":"s3:TestEvent"} x)", "understood"},
      {"a number", "17", "bad_request expected an object, an array or a text, got '17'"},
      {"an empty object", "{}", "bad_request " + kUnknown + " without members"},
      {"foreign JSON", R"({"foo":1,"bar":{"Records":[]}})",
       "bad_request " + kUnknown + " with 'foo', 'bar'"},
      {"many members", R"({"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1})",
       "bad_request " + kUnknown + " with 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', …"},
      {"foreign event", R"({"source":"aws.events","detail-type":"Scheduled Event","detail":{}})",
       "bad_request " + kUnknown +
           " with 'source', 'detail-type', 'detail' of detail-type "
           "'Scheduled Event'"},
      {"control characters in keys", R"({"\u001b[2J\n":1})",
       "bad_request " + kUnknown + " with '?[2J?'"},
      {"SNS around prose", in_sns("hello"),
       "bad_request Message: expected JSON, got 'hello' (invalid value) at byte 0"},
      {"SNS in SQS around foreign JSON", in_sqs(in_sns("{\"foo\":1}")),
       "bad_request Records[0]: body: Message: " + kUnknown + " with 'foo'"},
      {"SNS without a Message", R"({"Type":"Notification","TopicArn":"t"})",
       "bad_request " + kUnknown + " with 'Type', 'TopicArn'"},
      {"SNS of an unknown type", R"({"Type":"Other","Message":"{}"})",
       "bad_request " + kUnknown + " with 'Type', 'Message'"},
      {"foreign stream",
       R"({"Records":[{"eventSource":"aws:dynamodb","eventID":"1","dynamodb":{}}]})",
       "bad_request Records[0]: " + kUnknown + " with 'eventSource', 'eventID', 'dynamodb'"},
      {"records that are none", R"({"Records":[1,2]})",
       "bad_request Records[0]: expected a record, got '1'"},
      {"detail that is no record", R"({"detail-type":"AWS API Call via CloudTrail","detail":[1]})",
       "bad_request detail: expected a record, got '[1]'"},
      {"bad base64", R"({"awslogs":{"data":"H4s*"}})",
       "bad_request awslogs.data: expected base64, got 'H4s*'"},
      {"no base64", R"({"awslogs":{"data":5}})",
       "bad_request awslogs.data: expected base64, got no text"},
      {"cut gzip", gzip("{}").substr(0, 12),
       "bad_request the compressed data ends inside a gzip member"},
      {"bytes behind gzip", gzip(record("a")) + "x",
       "bad_request expected a gzip member or the end, got other bytes"},
      {"S3 of the future", R"({"Records":[{"eventSource":"aws:s3","eventVersion":"3.0","s3":{}}]})",
       "bad_request Records[0]: expected version 2 of S3's event notifications, got '3.0'"},
      {"S3 without an object",
       R"({"Records":[{"eventSource":"aws:s3","eventVersion":"2.1","eventName":"ObjectCreated:Put",)"
       R"("s3":{"bucket":{"name":"logs"}}}]})",
       "bad_request Records[0]: expected a 'bucket' and an 'object', got neither or one"},
      {"keys that are no texts", R"({"s3Bucket":"logs","s3ObjectKey":[{}]})",
       "bad_request s3ObjectKey[0]: expected 's3Bucket' and 's3ObjectKey' to be texts, or a list "
       "of texts"},
      {"a bucket that leads elsewhere", R"({"s3Bucket":"evil.example/x?","s3ObjectKey":"k"})",
       "bad_request expected the name of a bucket, got 'evil.example/x?'"},
      {"no bucket", R"({"s3Bucket":"","s3ObjectKey":"k"})",
       "bad_request expected the name of a bucket, got ''"},
      {"an endless key", R"({"s3Bucket":"logs","s3ObjectKey":")" + std::string(1025, 'k') + "\"}",
       "bad_request expected a key of 1 to 1024 bytes, got 1025 bytes"},
      {"an empty key", R"({"s3Bucket":"logs","s3ObjectKey":""})",
       "bad_request expected a key of 1 to 1024 bytes, got 0 bytes"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(refusal(row.body), row.want);
  }
}

std::string rejected_parts(std::string_view body, const MessageLimits& limits = {}) {
  const auto envelope = unwrap(body, limits);
  if (!envelope) return "refused";
  std::string text;
  for (const RejectedPart& part : envelope->rejected) {
    text += part.place + ": " + part.error.message + " [" + part.excerpt + "]\n";
  }
  return text;
}

TEST(EnvelopeRefusal, APartCostsItself) {
  const std::string good = record("a");
  const auto firehose = [](const std::vector<std::string>& data) {
    std::string text = R"({"requestId":"r","records":[)";
    for (const auto& one : data) text += (text.back() == '[' ? "" : ",") + one;
    return text + "]}";
  };
  const std::string data = R"({"data":")" + base64(good) + "\"}";
  const struct {
    const char* what;
    std::string body, want;
  } rows[] = {
      {"Firehose, bad base64", firehose({data, R"({"data":"*"})"}),
       "records[1]: data: expected base64, got '*' [{\"data\":\"*\"}]\n"},
      {"Firehose, no data", firehose({R"({})", data}),
       "records[0]: data: expected base64, got no text [{}]\n"},
      {"Firehose, foreign line", firehose({R"({"data":")" + base64(good + "\n{}\n") + "\"}"}),
       "records[0]: data: value 2: " + kUnknown + " without members [{}]\n"},
      {"a log event that is prose", log_events({"hello", good}),
       "logEvents[0]: expected JSON, got 'hello' (invalid value) at byte 0 "
       "[{\"id\":\"3195\",\"timestamp\":1432826855000,\"message\":\"hello\"}]\n"},
      {"an array", "[7," + good + "]",
       "[0]: expected an object, an array or a text, got '7' [7]\n"},
      {"behind a record", good + "hello",
       "value 2: expected JSON, got 'hello' (invalid value) at byte " +
           std::to_string(good.size()) + " [hello]\n"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    std::string got = rejected_parts(row.body);
    // Only the reason, not the whole text.
    EXPECT_EQ(got.substr(0, got.find(" [")), row.want.substr(0, row.want.find(" [")));
    EXPECT_EQ(got, row.want);
    const auto envelope = unwrap(row.body);
    ASSERT_TRUE(envelope);
    EXPECT_EQ(envelope->records, std::vector{R"({"Records":[)" + good + "]}"});
  }
}

TEST(EnvelopeRefusal, DamageNearRecordsIsLeftToTheirReader) {
  const std::string good = record("a");
  const struct {
    const char* what;
    std::string body, want;
  } rows[] = {
      {"cut file", R"({"Records":[)" + good + "," + record("b").substr(0, 40),
       "a !truncated@" + std::to_string(13 + good.size())},
      {"broken line", good + "\n" + record("b").substr(0, 50) + "\n" + record("c"),
       "a| !invalid_json@0 c"},
      {"surrogate without its other half",
       envelope({good, record("b", R"(,"x":"\ud800")"), record("c")}),
       "a !invalid_utf8@" + std::to_string(13 + good.size()) + " c"},
      {"absurd depth",
       envelope({good, record("b", ",\"x\":" + std::string(500, '[') + std::string(500, ']')),
                 record("c")}),
       "a !too_deep@" + std::to_string(13 + good.size()) + " c"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto message = unwrap(in_firehose(row.body));
    ASSERT_TRUE(message) << message.error().message;
    std::string got;
    for (const std::string& text : message->records) {
      MemoryStream stream(text);
      got += (got.empty() ? "" : "| ") + read(stream).summary;
    }
    EXPECT_EQ(got, row.want);
  }
}

TEST(EnvelopeRefusal, EveryByteOfAMessageMayBeMissing) {
  const std::string bodies[] = {
      in_sqs(in_sns(R"({"s3Bucket":"logs","s3ObjectKey":["a"]})")),
      in_awslogs(gzip(log_events({record("a")}))),
      gzip(record("a")),
  };
  for (const std::string& body : bodies) {
    for (std::size_t size = 0; size < body.size(); ++size) {
      const auto cut = unwrap(std::string_view(body).substr(0, size));
      // What is left may show records, and then their reader has it.
      EXPECT_TRUE(!cut || !cut->records.empty()) << body.substr(0, size);
    }
  }
}

TEST(EnvelopeRefusal, TooManyEnvelopes) {
  MessageLimits limits;
  limits.max_depth = 3;
  const std::string core = R"({"s3Bucket":"logs","s3ObjectKey":["a"]})";
  const std::string three = in_sns(in_sns(in_sns(core)));
  EXPECT_EQ(refusal(three, limits), "understood");
  EXPECT_EQ(refusal(in_sns(three), limits),
            "too_large Message: Message: Message: Message: expected at most 3 envelopes inside "
            "each other, got more");
  const std::string sum = "too_large expected at most 3 envelopes inside each other, got more";
  EXPECT_EQ(refusal(gzip(gzip(gzip(core))), limits), "understood");
  EXPECT_EQ(refusal(gzip(gzip(gzip(gzip(core)))), limits), sum);
  EXPECT_EQ(refusal("[[[" + core + "]]]", limits), "understood");
  EXPECT_TRUE(refusal("[[[[" + core + "]]]]", limits).ends_with(sum.substr(10)));
  EXPECT_EQ(refusal(std::string(1UL << 20, '[')),
            "too_large expected at most 144 objects and arrays inside each other at byte 145 @145");
  EXPECT_TRUE(refusal(gzip(std::string(1UL << 20, '['))).starts_with("too_large"));
}

TEST(EnvelopeRefusal, TooManyParts) {
  MessageLimits limits;
  limits.max_objects = 2;
  limits.max_rejected = 2;
  const auto keys = [](const std::string& list) {
    return R"({"s3Bucket":"logs","s3ObjectKey":[)" + list + "]}";
  };
  EXPECT_EQ(refusal(keys(R"("a","b")"), limits), "understood");
  const std::string objects = "too_large expected at most 2 objects in a message, got more";
  EXPECT_EQ(refusal(keys(R"("a","b","c")"), limits), objects);
  EXPECT_EQ(refusal(keys(R"("a","b")") + keys(R"("c")"), limits), objects)
      << "understood parts do not save it";

  const std::string good = record("a");
  EXPECT_EQ(refusal(good + "{}{}", limits), "understood");
  const std::string rejected =
      "too_large expected at most 2 parts of a message that are not understood, got more, the "
      "last: ";
  EXPECT_EQ(refusal(good + "{}{}{}", limits),
            rejected + "value 4: " + kUnknown + " without members");
  EXPECT_EQ(refusal("[" + good + ",{},{},{}]", limits),
            rejected + "[3]: " + kUnknown + " without members");
  EXPECT_TRUE(
      refusal(log_events({good, "{}"}) + log_events({good, "{}"}) + log_events({good, "{}"}),
              limits)
          .starts_with(rejected));
}

/// Bodies that hold much more than they are, in everything that inflates.
std::vector<std::pair<std::string, std::string>> bombs(std::size_t size) {
  const std::string zeros = R"({"eventID":")" + std::string(size, '0') + "\"}";
  const std::string bomb = gzip(zeros, 9);
  const std::string many = R"({"data":")" + base64(bomb) + "\"}";
  std::string firehose = R"({"requestId":"r","records":[)" + many;
  for (int i = 0; i < 50; ++i) firehose += "," + many;
  return {
      {"gzip", bomb},
      {"gzip in gzip", gzip(bomb, 9)},
      {"CloudWatch Logs", in_awslogs(bomb)},
      {"CloudWatch Logs in SNS in SQS", in_sqs(in_sns(in_awslogs(bomb)))},
      {"Firehose", in_firehose(bomb)},
      {"Firehose of many", firehose + "]}"},
      {"SNS in gzip", gzip(in_sns(zeros), 9)},
      {"SNS in gzip in Firehose", in_firehose(gzip(in_sns(zeros), 9))},
      {"members of gzip", bomb + bomb + bomb + bomb},
  };
}

TEST(EnvelopeRefusal, BombsOfEveryKind) {
  MessageLimits by_ratio;
  by_ratio.max_inflate_ratio = 100;
  MessageLimits by_size;
  by_size.max_inflate_ratio = 100'000;
  by_size.max_text_bytes = 3UL << 20;
  for (const auto& [what, body] : bombs(16UL << 20)) {
    SCOPED_TRACE(what);
    const std::string ratio = refusal(body, by_ratio);
    EXPECT_TRUE(ratio.starts_with("too_large")) << ratio;
    EXPECT_TRUE(ratio.ends_with("inflates to more than 100 times its size")) << ratio;
    EXPECT_EQ(refusal(body, by_size),
              "too_large expected at most 3145728 bytes in the envelopes of a message, got more");
  }
}

TEST(EnvelopeRefusal, TextsOfAllLayersCountTogether) {
  const std::string good = record("a", R"(,"x":")" + std::string(1000, 'x') + "\"");
  const std::string body = in_sns(in_sns(good));
  MessageLimits limits;
  limits.max_text_bytes = in_sns(good).size() + good.size();
  EXPECT_EQ(refusal(body, limits), "understood");
  --limits.max_text_bytes;
  EXPECT_TRUE(refusal(body, limits).starts_with("too_large expected at most"));
}

/// How far the memory of a process rises, at its peak, by unwrapping `body`, in bytes. In a process
/// of its own, for a peak never falls.
std::uint64_t growth_of_unwrapping(const std::string& body, const MessageLimits& limits) {
  const auto peak = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) << 10U;
  };
  int results[2] = {};
  if (pipe(results) != 0) return UINT64_MAX;
  const pid_t child = fork();
  if (child == 0) {
    const std::uint64_t before = peak();
    static_cast<void>(unwrap(body, limits));
    const std::uint64_t growth = peak() - before;
    _exit(write(results[1], &growth, sizeof growth) == sizeof growth ? 0 : 1);
  }
  close(results[1]);
  std::uint64_t growth = UINT64_MAX;
  if (::read(results[0], &growth, sizeof growth) != sizeof growth) growth = UINT64_MAX;
  close(results[0]);
  waitpid(child, nullptr, 0);
  return growth;
}

constexpr std::uint64_t kMegabyte = 1UL << 20;

TEST(EnvelopeRefusal, BombsAreRefusedInFlatMemory) {
  MessageLimits limits;  // As they come, but for a text that is known to be small.
  limits.max_text_bytes = 8 * kMegabyte;
  MessageLimits none = limits;
  none.max_inflate_ratio = none.max_text_bytes = 1UL << 40;
  const auto all = bombs(64 * kMegabyte);
  EXPECT_GT(growth_of_unwrapping(all.front().second, none), 64 * kMegabyte) << "it is a bomb";
  for (const auto& [what, body] : all) {
    EXPECT_TRUE(refusal(body, limits).starts_with("too_large")) << what;
    // What was inflated, once more while it grows, and what sanitizers take.
    EXPECT_LT(growth_of_unwrapping(body, limits), 32 * kMegabyte)
        << what << ": " << body.size() << " bytes";
  }
}

TEST(EnvelopeRefusal, EndlessListsTakeLittleMemory) {
  std::string members = "{";
  std::string elements = R"({"records":[)";
  std::string keys = R"({"s3Bucket":"logs","s3ObjectKey":[)";
  for (int i = 0; i < 400'000; ++i) {
    members += "\"\":1,";
    elements += R"({"data":"*"},)";
    keys += "\"k\",";
  }
  const std::string bodies[] = {
      std::string(8 * kMegabyte, '['),
      "[" + std::string(8 * kMegabyte, ',') + "]",
      json_string(json_string(std::string(kMegabyte, '"'))),
      members + R"("":1})",
      elements + "{}]}",
      keys + R"("k"]})",
  };
  for (const std::string& body : bodies) {
    EXPECT_NE(refusal(body), "understood") << body.substr(0, 40);
    EXPECT_LT(growth_of_unwrapping(body, {}), 32 * kMegabyte) << body.substr(0, 40);
  }
}

}  // namespace
}  // namespace trailsift::indexer::testing
