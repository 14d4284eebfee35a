#include "indexer/envelope.h"

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/indexer/reading.h"
#include "tests/indexer/wrapping.h"

namespace trailsift::indexer::testing {
namespace {

std::string summary_of(const ObjectRef& object) {
  std::string text = object.bucket + '/' + object.key;
  if (object.version) text += " version " + *object.version;
  if (!object.etag.empty()) text += " etag " + object.etag;
  if (object.size) text += " size " + std::to_string(*object.size);
  return text + (object.may_be_encoded ? " may be encoded\n" : "\n");
}

/// Everything that a message says, a line each: objects, the ids that the reader of records finds,
/// notices, rejected parts; or the error.
std::string said(std::string_view body, const MessageLimits& limits = {}) {
  const auto envelope = unwrap(body, limits);
  if (!envelope) return std::string(name(envelope.error().code)) + " " + envelope.error().message;
  std::string text;
  for (const ObjectRef& object : envelope->objects) text += summary_of(object);
  for (const std::string& records : envelope->records) {
    MemoryStream stream(records);
    text += "records " + read(stream).summary + '\n';
  }
  for (std::size_t i = 0; i < kNotices; ++i) {
    if (envelope->notices.at(i) == 0) continue;
    text += std::string(name(static_cast<Notice>(i))) + ' ' +
            std::to_string(envelope->notices.at(i)) + '\n';
  }
  for (const RejectedPart& part : envelope->rejected) {
    text += "rejected " + part.place + ": " + part.error.message + '\n';
  }
  return text;
}

std::string s3_event(const std::string& key, const std::string& event = "ObjectCreated:Put",
                     const std::string& version = "2.1") {
  return R"({"eventVersion":")" + version +
         R"(","eventSource":"aws:s3","awsRegion":"eu-west-1","eventTime":"2024-05-01T10:00:00.000Z",)"
         R"("eventName":")" +
         event +
         R"(","s3":{"s3SchemaVersion":"1.0","bucket":{"name":"logs","arn":"arn:aws:s3:::logs"},)"
         R"("object":{"key":")" +
         key + R"(","size":1024,"eTag":"d41d","versionId":"v1","sequencer":"00"}}})";
}

std::string eventbridge(const std::string& source, const std::string& type,
                        const std::string& detail) {
  return R"({"version":"0","id":"17793124-05d4-b198-2fde-7ededc63b103","detail-type":")" + type +
         R"(","source":")" + source +
         R"(","account":"111122223333","time":"2024-05-01T10:00:00Z","region":"eu-west-1",)"
         R"("resources":["arn:aws:s3:::logs"],"detail":)" +
         detail + "}";
}

std::string eventbridge_object(const std::string& key, const std::string& type = "Object Created") {
  return eventbridge("aws.s3", type,
                     R"({"version":"0","bucket":{"name":"logs"},"object":{"key":")" + key +
                         R"(","size":5,"etag":"b1","version-id":"v2","sequencer":"0062"},)"
                         R"("request-id":"N4N7","requester":"111122223333",)"
                         R"("source-ip-address":"198.51.100.7","reason":"PutObject"})");
}

constexpr const char* kLog =
    "AWSLogs/111122223333/CloudTrail/eu-west-1/2024/05/01/"
    "111122223333_CloudTrail_eu-west-1_20240501T1000Z_AbCdEfGhIjKlMnOp.json.gz";

const std::string kTestEvent =
    R"({"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2024-05-01T10:00:00.000Z",)"
    R"("Bucket":"logs","RequestId":"5582815E1AEA5ADF","HostId":"8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3e"})";

const std::string kConfigHistory =
    R"({"s3ObjectKey":"AWSLogs/111122223333/Config/eu-west-1/2024/5/1/ConfigHistory/a.json.gz",)"
    R"("s3Bucket":"logs","notificationCreationTime":"2024-05-01T10:00:00.000Z",)"
    R"("messageType":"ConfigurationHistoryDeliveryCompleted","recordVersion":"1.1"})";

struct Row {
  std::string what, body, want;
  Content content = Content::json;
};

std::vector<Row> announcements() {
  const std::string log = kLog;
  const std::string digest =
      "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2024/05/01/a.json.gz";
  const std::string s3_log = "logs/" + log + " version v1 etag d41d size 1024\n";
  return {
      {"CloudTrail, one key in a list", R"({"s3Bucket":"logs","s3ObjectKey":[")" + log + "\"]}",
       "logs/" + log + "\n"},
      {"CloudTrail, one key as a text", R"({"s3Bucket":"logs","s3ObjectKey":"a/b.json.gz"})",
       "logs/a/b.json.gz\n"},
      {"CloudTrail, keys are plain and in order",
       R"({ "s3ObjectKey" : [ "z+1", "a%20b", "\u00e4" ], "s3Bucket" : "logs" })",
       "logs/z+1\nlogs/a%20b\nlogs/\xc3\xa4\n"},
      {"CloudTrail, no keys", R"({"s3Bucket":"logs","s3ObjectKey":[]})", "nothing 1\n"},
      {"CloudTrail, digest and log",
       R"({"s3Bucket":"logs","s3ObjectKey":[")" + digest + R"(",")" + log + "\"]}",
       "logs/" + log + "\ndigest 1\n"},
      {"CloudTrail, insight files are logs",
       R"({"s3Bucket":"logs","s3ObjectKey":["AWSLogs/111122223333/CloudTrail-Insight/a.json.gz"]})",
       "logs/AWSLogs/111122223333/CloudTrail-Insight/a.json.gz\n"},
      {"S3", R"({"Records":[)" + s3_event(log) + "]}", s3_log},
      {"S3, several, one removed",
       R"({"Records":[)" + s3_event("a") + "," + s3_event("b", "ObjectRemoved:Delete") + "," +
           s3_event("c", "ObjectCreated:CompleteMultipartUpload", "2.3") + "]}",
       "logs/a version v1 etag d41d size 1024\nlogs/c version v1 etag d41d size 1024\n"
       "object_removed 1\n"},
      {"S3, keys are form-encoded", R"({"Records":[)" + s3_event("a+b%2Bc%C3%A4%3D%2") + "]}",
       "logs/a b+c\xc3\xa4=%2 version v1 etag d41d size 1024\n"},
      {"S3, digest", R"({"Records":[)" + s3_event(digest) + "]}", "digest 1\n"},
      {"S3, tagging", R"({"Records":[)" + s3_event("a", "ObjectTagging:Put") + "]}",
       "other_event 1\n"},
      {"S3, expired", R"({"Records":[)" + s3_event("a", "LifecycleExpiration:Delete") + "]}",
       "object_removed 1\n"},
      {"S3, load balancer's log",
       R"({"Records":[)" + s3_event("x/AWSLogs/111122223333/elasticloadbalancing/a.gz") + "]}",
       "other_object 1\n"},
      {"a store that speaks S3",
       R"({"EventName":"s3:ObjectCreated:Put","Key":"logs/a","Records":[{"eventVersion":"2.0",)"
       R"("eventSource":"minio:s3","eventName":"s3:ObjectCreated:Put","s3":{"bucket":)"
       R"({"name":"logs"},"object":{"key":"a"}}}]})",
       "logs/a\n"},
      {"S3, test event", kTestEvent, "s3_test_event 1\n"},
      {"EventBridge, created", eventbridge_object(log),
       "logs/" + log + " version v2 etag b1 size 5\n"},
      {"EventBridge, perhaps encoded", eventbridge_object("a+b"),
       "logs/a+b version v2 etag b1 size 5 may be encoded\n"},
      {"EventBridge, deleted", eventbridge_object(log, "Object Deleted"), "object_removed 1\n"},
      {"EventBridge, tags", eventbridge_object(log, "Object Tags Added"), "other_event 1\n"},
      {"EventBridge, digest", eventbridge_object(digest), "digest 1\n"},
      {"Config, history delivered", kConfigHistory, "config 1\n"},
      {"Config, item changed",
       R"({"configurationItemDiff":null,"configurationItem":{"relatedEvents":[]},)"
       R"("messageType":"ConfigurationItemChangeNotification","recordVersion":"1.3"})",
       "config 1\n"},
      {"Config by EventBridge",
       eventbridge("aws.config", "Config Rules Compliance Change", R"({"messageType":"C"})"),
       "config 1\n"},
      {"CloudTrail tries the topic", "CloudTrail validation message.", "validation_message 1\n",
       Content::text},
  };
}

std::vector<Row> record_carriers() {
  const std::string a = record("a");
  const std::string b = record("b");
  const std::string both = log_events({a, b});
  const std::string probe =
      R"({"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"",)"
      R"("logStream":"","subscriptionFilters":[],"logEvents":[{"id":"","timestamp":1,)"
      R"("message":"CWL CONTROL MESSAGE: Checking health of destination Firehose."}]})";
  const auto firehose = [](const std::vector<std::string>& data) {
    std::string records;
    for (const auto& one : data) {
      records += (records.empty() ? "" : ",") + std::string(R"({"data":")") + base64(one) + "\"}";
    }
    return R"({"requestId":"r","timestamp":1578090901599,"records":[)" + records + "]}";
  };
  return {
      {"EventBridge, API call", eventbridge("aws.ec2", "AWS API Call via CloudTrail", a),
       "records a\n"},
      {"EventBridge, sign-in", eventbridge("aws.signin", "AWS Console Sign In via CloudTrail", a),
       "records a\n"},
      {"EventBridge, service event", eventbridge("aws.kms", "AWS Service Event via CloudTrail", a),
       "records a\n"},
      {"EventBridge, two in a row",
       eventbridge("aws.ec2", "AWS API Call via CloudTrail", a) + "\n" +
           eventbridge("aws.s3", "AWS API Call via CloudTrail", b),
       "records a b\n", Content::text},
      {"a log file", envelope({a, b}), "records a b\n"},
      {"no records", R"({"Records":[]})", "nothing 1\n"},
      {"bare record", a, "records a\n"},
      {"array of records", "[" + a + "," + b + "]", "records a b\n"},
      {"a record a line", a + "\n" + b + "\r\n", "records a b\n", Content::text},
      {"CloudWatch Logs", in_awslogs(gzip(both)), "records a b\n"},
      {"CloudWatch Logs, bare", both, "records a b\n"},
      {"CloudWatch Logs, gzip alone", gzip(both), "records a b\n", Content::bytes},
      {"CloudWatch Logs, two gzip members", gzip(both) + gzip(log_events({record("c")})),
       "records a b c\n", Content::bytes},
      {"CloudWatch Logs, two objects in one gzip", gzip(both + log_events({record("c")})),
       "records a b c\n", Content::bytes},
      {"CloudWatch Logs, not compressed", in_awslogs(both), "records a b\n"},
      {"CloudWatch Logs, probe", in_awslogs(gzip(probe)), "control_message 1\n"},
      {"CloudWatch Logs, bare probe", probe, "control_message 1\n"},
      {"Firehose, all it can hold",
       firehose({gzip(both), "", record("c"), record("d") + "\n" + record("e") + "\n", "\n",
                 gzip(probe)}),
       "records a b c d e\ncontrol_message 1\nnothing 2\n"},
      {"Firehose, no records", firehose({}), "nothing 1\n"},
      {"a digest", R"({"awsAccountId":"111122223333","digestStartTime":"2024-05-01T10:00:00Z"})",
       "digest 1\n"},
      {"a snapshot of Config", R"({"fileVersion":"1.0","configSnapshotId":"x"})", "config 1\n"},
      {"records and objects together", R"({"Records":[)" + a + "," + s3_event("k") + "," + b + "]}",
       "logs/k version v1 etag d41d size 1024\nrecords a b\n"},
  };
}

void expect_in_every_wrapping(const std::vector<Row>& rows) {
  std::size_t pairs = 0;
  for (const Wrapping& wrapping : wrappings()) {
    for (const Row& row : rows) {
      if (row.content > wrapping.carries) continue;
      SCOPED_TRACE(row.what + ", wrapped as " + wrapping.name);
      EXPECT_EQ(said(wrapping.wrap(row.body)), row.want);
      ++pairs;
    }
  }
  EXPECT_GT(pairs, rows.size() * 5) << "most rows fit into most wrappings";
}

TEST(Envelope, AnnouncesObjectsInEveryWrapping) {
  expect_in_every_wrapping(announcements());
}

TEST(Envelope, HandsOutRecordsInEveryWrapping) {
  expect_in_every_wrapping(record_carriers());
}

TEST(Envelope, ConfirmationsAreNotices) {
  for (const std::string& wrapped :
       {std::string(R"({"Type":"SubscriptionConfirmation","Message":"You have chosen…"})"),
        in_sqs(R"({"Type":"SubscriptionConfirmation","Message":"{}","Token":"t"})")}) {
    EXPECT_EQ(said(wrapped), "subscription_confirmation 1\n");
  }
  EXPECT_EQ(said(R"({"Type":"UnsubscribeConfirmation","Message":"x"})"),
            "unsubscribe_confirmation 1\n");
}

TEST(Envelope, RecordsStayByteForByte) {
  // Whatever a parser and writer would change: space, escapes, numbers, repeated keys, order.
  const std::string odd =
      "{ \"eventID\" :\t\"x\", \"eventTime\":\"2024-05-01T10:00:00Z\",\r\n"
      R"("requestParameters":{"b":"\u00e9\/\u2028\ud83d\ude00","a":1.50e+03,"a":-0,"é":"é\"\\n"},)"
      R"("z":[ ],"n":null , "eventVersion":"1.08"})"
      " ";
  const std::string record = odd.substr(0, odd.size() - 1);
  const std::string want = R"({"Records":[)" + record + "]}";
  const struct {
    const char* what;
    std::string body;
  } carriers[] = {
      {"bare", odd},
      {"log file", "{\"Records\": [ " + odd + " ] }"},
      {"EventBridge", eventbridge("aws.ec2", "AWS API Call via CloudTrail", odd)},
      {"CloudWatch Logs", log_events({odd})},
  };
  for (const auto& carrier : carriers) {
    for (const Wrapping& wrapping : wrappings()) {
      SCOPED_TRACE(std::string(carrier.what) + " in " + wrapping.name);
      const auto envelope = unwrap(wrapping.wrap(carrier.body));
      ASSERT_TRUE(envelope) << envelope.error().message;
      EXPECT_EQ(envelope->records, std::vector{want});
    }
  }
}

TEST(Envelope, KeepsTheSnsMessageThatIsTheWholeBody) {
  const std::string body = in_sns(R"({"s3Bucket":"logs","s3ObjectKey":["a"]})");
  const auto envelope = unwrap("\n" + body + "\n");
  ASSERT_TRUE(envelope);
  ASSERT_TRUE(envelope->sns);
  const SnsMessage& sns = *envelope->sns;
  EXPECT_EQ(sns.type, SnsType::notification);
  EXPECT_EQ(sns.message, R"({"s3Bucket":"logs","s3ObjectKey":["a"]})");
  EXPECT_EQ(sns.message_id, "da41e39f-ea4d-435a-b922-c6aae3915ebe");
  EXPECT_EQ(sns.topic_arn, "arn:aws:sns:eu-west-1:111122223333:trail");
  EXPECT_EQ(sns.subject, std::nullopt) << "null counts as absent";
  EXPECT_EQ(sns.timestamp, "2024-05-01T10:00:00.000Z");
  EXPECT_EQ(sns.signature_version, "1");
  EXPECT_EQ(sns.signature, "QQ==");
  EXPECT_EQ(sns.signing_cert_url,
            "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem");
  EXPECT_EQ(sns.token, std::nullopt);

  // A signature must not vouch for what stands beside the message.
  for (const std::string& other :
       {body + body, body + record("a"), body + "x\"Records\"", "[" + body + "]", in_sqs(body),
        json_string(body), gzip(body), R"({"s3Bucket":"logs","s3ObjectKey":["a"]})" + body}) {
    const auto more = unwrap(other);
    ASSERT_TRUE(more) << other;
    EXPECT_FALSE(more->sns) << other;
  }
  const auto nested = unwrap(in_sns(body));
  ASSERT_TRUE(nested && nested->sns);
  EXPECT_EQ(nested->sns->message, body) << "the outermost one";
}

TEST(Envelope, ReadsSnsOfLambdaSpelling) {
  const auto envelope = unwrap(R"({"Type":"Notification","Message":"{\"Event\":\"s3:TestEvent\"}",)"
                               R"("SigningCertUrl":"c","SubscribeUrl":"s","Subject":"hi"})");
  ASSERT_TRUE(envelope && envelope->sns);
  EXPECT_EQ(envelope->sns->signing_cert_url, "c");
  EXPECT_EQ(envelope->sns->subscribe_url, "s");
  EXPECT_EQ(envelope->sns->subject, "hi");
}

TEST(Envelope, WhatAKeyTells) {
  const std::string day = "/eu-west-1/2024/05/01/111122223333_x.json.gz";
  const struct {
    std::string key, want;
  } rows[] = {
      {kLog, "fetched"},
      {"prefix/a/" + std::string(kLog), "fetched"},
      {"AWSLogs/o-abcdef1234/111122223333/CloudTrail" + day, "fetched"},
      {"AWSLogs/111122223333/CloudTrail-NetworkActivity" + day, "fetched"},
      {"AWSLogs/111122223333/CloudTrail-Insight" + day, "fetched"},
      {"copied/events.ndjson", "fetched"},
      {"events", "fetched"},
      {"AWSLogs", "fetched"},
      {"AWSLogs/x", "fetched"},
      {"AWSLogs/o-abcdef1234", "fetched"},
      {"AWSLogs/111122223333", "fetched"},
      {"AWSLogs/11112222333/vpcflowlogs" + day, "fetched"},
      {"AWSLogs/111122223333/CloudTrail-Digest" + day, "digest"},
      {"p/AWSLogs/o-abcdef1234/111122223333/CloudTrail-Digest" + day, "digest"},
      {"copied/111122223333_CloudTrail-Digest_eu-west-1_trail_20240501.json.gz", "digest"},
      {"CloudTrail-Digest.json", "fetched"},
      {"AWSLogs/111122223333/Config/ConfigWritabilityCheckFile", "config"},
      {"AWSLogs/o-abcdef1234/111122223333/Config" + day, "config"},
      {"copied/111122223333_Config_eu-west-1_ConfigHistory_AWS::S3::Bucket.json.gz", "config"},
      {"AWSLogs/111122223333/vpcflowlogs" + day, "other_object"},
      {"AWSLogs/o-abcdef1234/111122223333/GuardDuty" + day, "other_object"},
      {"AWSLogs/111122223333/CloudTrail/", "other_object"},
      {"/", "other_object"},
      {"//x", "fetched"},
  };
  for (const auto& row : rows) {
    const auto notice = notice_of_key(row.key);
    EXPECT_EQ(notice ? name(*notice) : "fetched", row.want) << row.key;
  }
}

TEST(Envelope, FormDecoding) {
  const struct {
    const char *text, *want;
  } rows[] = {
      {"", ""},         {"a", "a"},     {"a+b", "a b"}, {"%41%2b", "A+"},
      {"%2F%2f", "//"}, {"%", "%"},     {"%4", "%4"},   {"%zz", "%zz"},
      {"%+1", "% 1"},   {"%-1", "%-1"}, {"%%41", "%A"}, {"%C3%A4", "\xc3\xa4"},
  };
  for (const auto& row : rows) EXPECT_EQ(form_decoded(row.text), row.want) << row.text;
}

TEST(Envelope, DocumentationNamesNoticesAndLimits) {
  std::ifstream file(TRAILSIFT_SOURCE_DIR "/docs/ingest.md", std::ios::binary);
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  for (std::size_t i = 0; i < kNotices; ++i) {
    const std::string row = "| `" + std::string(name(static_cast<Notice>(i))) + "` |\n";
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
  const MessageLimits limits;
  const struct {
    const char* what;
    std::string limit;
  } rows[] = {
      {"envelopes inside each other", std::to_string(limits.max_depth)},
      {"objects announced", std::to_string(limits.max_objects)},
      {"parts rejected beside others", std::to_string(limits.max_rejected)},
      {"text out of all its envelopes", std::to_string(limits.max_text_bytes >> 20U) + " MiB"},
      {"gzip", std::to_string(limits.max_inflate_ratio) + " times its size, beyond " +
                   std::to_string(limits.ratio_free_bytes >> 20U) + " MiB"},
  };
  for (const auto& row : rows) {
    const std::string text = "| " + std::string(row.what) + " | " + row.limit;
    EXPECT_NE(page.find(text), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace trailsift::indexer::testing
