// What wrapping.h declares, in a file that the suite's glob finds; and tests of its counterparts.
#include "tests/indexer/wrapping.h"

#include <optional>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "indexer/base64.h"
#include "indexer/quoted.h"
#include "tests/indexer/reading.h"

namespace trailsift::indexer::testing {
namespace {

std::string bare(const std::string& body) {
  return body;
}

std::string gzipped(const std::string& body) {
  return gzip(body);
}

std::string spaced(const std::string& body) {
  return "\xEF\xBB\xBF \r\n" + body + "\n";
}

std::string sns_in_gzip(const std::string& body) {
  return gzip(in_sns(body));
}

std::string sns_for_lambda(const std::string& body) {
  return R"({"Records":[{"EventSource":"aws:sns","EventVersion":"1.0","EventSubscriptionArn":"a",)"
         R"("Sns":)" +
         in_sns(body) + "}]}";
}

std::string sns_in_sqs(const std::string& body) {
  return in_sqs(in_sns(body));
}

std::string sns_in_firehose(const std::string& body) {
  return in_firehose(in_sns(body));
}

std::string in_kinesis(const std::string& body) {
  return R"({"Records":[{"eventSource":"aws:kinesis","kinesis":{"partitionKey":"k","data":")" +
         base64(body) + R"("},"awsRegion":"eu-west-1"}]})";
}

std::string in_gzip_in_firehose(const std::string& body) {
  return in_firehose(gzip(body));
}

std::string in_gzip_of_two_members(const std::string& body) {
  return gzip(body.substr(0, body.size() / 2)) + gzip(body.substr(body.size() / 2));
}

std::string in_log_events(const std::string& body) {
  return in_awslogs(gzip(log_events({body})));
}

std::string as_json_text(const std::string& body) {
  return json_string(body);
}

std::string in_array(const std::string& body) {
  return "[" + body + "]";
}

}  // namespace

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string json_string(std::string_view text) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  return {buffer.GetString(), buffer.GetSize()};
}

std::string in_sns(const std::string& body) {
  return R"({"Type":"Notification","MessageId":"da41e39f-ea4d-435a-b922-c6aae3915ebe",)"
         R"("TopicArn":"arn:aws:sns:eu-west-1:111122223333:trail","Subject":null,)"
         R"("Message":)" +
         json_string(body) +
         R"(,"Timestamp":"2024-05-01T10:00:00.000Z","SignatureVersion":"1","Signature":"QQ==",)"
         R"("SigningCertURL":"https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"})";
}

std::string in_sqs(const std::string& body) {
  return R"({"Records":[{"messageId":"m","receiptHandle":"r","body":)" + json_string(body) +
         R"(,"attributes":{},"eventSource":"aws:sqs","awsRegion":"eu-west-1"}]})";
}

std::string in_firehose(const std::string& body) {
  return R"({"requestId":"r","timestamp":1578090901599,"records":[{"data":")" + base64(body) +
         R"("}]})";
}

std::string log_events(const std::vector<std::string>& messages) {
  std::string events;
  for (const std::string& message : messages) {
    events += (events.empty() ? "" : ",") +
              std::string(R"({"id":"3195","timestamp":1432826855000,)") + R"("message":)" +
              json_string(message) + '}';
  }
  return R"({"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"trail",)"
         R"("logStream":"111122223333_CloudTrail_eu-west-1","subscriptionFilters":["all"],)"
         R"("logEvents":[)" +
         events + "]}";
}

std::string in_awslogs(const std::string& gzipped) {
  return R"({"awslogs":{"data":")" + base64(gzipped) + R"("}})";
}

const std::vector<Wrapping>& wrappings() {
  static const std::vector<Wrapping> kWrappings = {
      {"bare, as with raw delivery", bare, Content::bytes},
      {"byte order mark and white space", spaced, Content::text},
      {"gzip", gzipped, Content::bytes},
      {"gzip of two members", in_gzip_of_two_members, Content::bytes},
      {"JSON text in JSON", as_json_text, Content::text},
      {"array", in_array, Content::json},
      {"SNS, in a queue or by HTTP", in_sns, Content::text},
      {"SNS in gzip", sns_in_gzip, Content::text},
      {"SNS for Lambda", sns_for_lambda, Content::text},
      {"SQS for Lambda", in_sqs, Content::text},
      {"SNS in SQS for Lambda", sns_in_sqs, Content::text},
      {"Kinesis for Lambda", in_kinesis, Content::bytes},
      {"Firehose", in_firehose, Content::bytes},
      {"gzip in Firehose", in_gzip_in_firehose, Content::bytes},
      {"SNS in Firehose", sns_in_firehose, Content::text},
      {"CloudWatch Logs", in_log_events, Content::text},
  };
  return kWrappings;
}

namespace {

TEST(Base64, IsDecoded) {
  const struct {
    const char* text;
    std::optional<std::string> want;
  } rows[] = {
      {"", ""},
      {"QQ==", "A"},
      {"QUI=", "AB"},
      {"QUJD", "ABC"},
      {"AAD/+/8=", std::string("\0\0\xff\xfb\xff", 5)},
      {"QQ", std::nullopt},
      {"Q", std::nullopt},
      {"QQ=", std::nullopt},
      {"Q===", std::nullopt},
      {"====", std::nullopt},
      {"Q=Q=", std::nullopt},
      {"QQ==QUJD", std::nullopt},
      {"QU\nJD", std::nullopt},
      {"    QUJD", std::nullopt},
      {"QUJD\n", std::nullopt},
      {"QUJ_", std::nullopt},
      {"QU\xc3\xa4", std::nullopt},
  };
  for (const auto& row : rows) EXPECT_EQ(decode_base64(row.text), row.want) << row.text;
  for (std::size_t size = 0; size < 100; ++size) {
    const std::string bytes(size, static_cast<char>(0x80 + size));
    EXPECT_EQ(decode_base64(base64(bytes)), bytes);
  }
}

TEST(Quoted, ShowsTheFirstBytesOfAnything) {
  const struct {
    std::string text, want;
  } rows[] = {
      {"", "''"},
      {"hello", "'hello'"},
      {"hello world", "'hello wo…'"},
      {"\x1b[31m\n", "'?[31m?'"},
      {"\xff", "'\xEF\xBF\xBD'"},
      {"1234567\xc3\xa4", "'1234567…'"},
  };
  for (const auto& row : rows) EXPECT_EQ(quoted(row.text, 8), row.want);
}

}  // namespace
}  // namespace trailsift::indexer::testing
