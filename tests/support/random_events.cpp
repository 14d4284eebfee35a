#include "tests/support/random_events.h"

#include <chrono>
#include <stdexcept>
#include <utility>

#include "schema/flatten.h"
#include "schema/time.h"

namespace trailsift::test {
namespace {

std::string member(std::string_view key, std::string_view json) {
  return ",\"" + std::string(key) + "\":" + std::string(json);
}

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

}  // namespace

void RandomEvents::set_times(std::int64_t begin, std::int64_t seconds) {
  begin_s_ = begin;
  seconds_ = seconds;
}

std::string_view RandomEvents::choose(std::initializer_list<std::string_view> values) {
  return values.begin()[below(values.size())];
}

std::string RandomEvents::time_text() {
  using std::chrono::milliseconds;
  const auto second =
      begin_s_ + static_cast<std::int64_t>(below(static_cast<std::size_t>(seconds_)));
  const std::int64_t fraction = chance(5) ? static_cast<std::int64_t>(below(1000)) : 0;
  return format_time(Timestamp(milliseconds(second * 1000 + fraction)));
}

std::string RandomEvents::identity() {
  const auto user = choose({"alice", "bob", "Zo\xC3\xAB", "svc-deploy", "a b"});
  const auto account = choose({"111122223333", "444455556666"});
  std::string json =
      "{\"type\":" + quoted(choose({"IAMUser", "AssumedRole", "Root", "AWSAccount"}));
  if (chance(10)) return R"({"type":"AWSService","invokedBy":"ec2.amazonaws.com"})";
  if (chance(80)) json += member("accountId", quoted(account));
  if (chance(70)) json += member("userName", quoted(user));
  if (chance(80)) {
    const std::string arn = "arn:aws:iam::" + std::string(account) + ":user/" + std::string(user);
    json += member("arn", quoted(arn));
  }
  if (chance(40)) {
    json +=
        member("sessionContext", "{\"attributes\":{\"creationDate\":" + quoted(time_text()) +
                                     ",\"mfaAuthenticated\":" +
                                     std::string(choose({"\"true\"", "\"false\"", "true"})) + "}}");
  }
  return json + "}";
}

/// Long texts that have their beginning in common, so that the hash must tell them apart.
std::string RandomEvents::long_text() {
  std::string text(240 + below(20), 'x');
  if (chance(30)) text += "\\u0000\\u0000";
  if (chance(30)) text.append(below(3) * 700, 'y');
  return text + std::string(choose({"", " end", "-1", "\xC3\xA9", "/two words"}));
}

std::string RandomEvents::parameters() {
  std::string json = "{\"bucketName\":" + quoted(choose({"logs", "my-bucket", "My-Bucket"}));
  if (chance(30)) json += member("x-amz:acl/z#*.w", quoted(choose({"private", "public-read"})));
  if (chance(30)) json += member("k=v\\\\x", quoted(choose({"a=b", "a\\u0000b"})));
  if (chance(20)) json += member("description", quoted(long_text()));
  if (chance(30)) {
    json += member("items", R"([{"instanceId":"i-0abc"},{"instanceId":"i-0)" +
                                std::string(choose({"abd", "ABC", "ff\xC3\x9F"})) + "\"},7]");
  }
  if (chance(20))
    json += member("policy", R"("{\"Version\":\"2012-10-17\",\"Effect\":\"Allow\"}")");
  return json + "}";
}

std::string RandomEvents::resources() {
  std::string json = "[";
  for (std::size_t count = below(4); count > 0; --count) {
    if (json.size() > 1) json += ",";
    json += "{\"ARN\":\"arn:aws:s3:::" + std::string(choose({"one", "two", "three", "four"})) +
            "\",\"type\":" + quoted(choose({"AWS::S3::Bucket", "AWS::S3::Object"})) + "}";
  }
  return json + "]";
}

std::string RandomEvents::record() {
  std::string json = R"({"eventID":"e)" + std::to_string(below(1000)) + "-" +
                     std::to_string(count_++) + R"(","eventTime":)" + quoted(time_text());
  if (chance(95)) {
    json += member("eventName", quoted(choose({"GetObject", "PutObject", "GetBucketAcl",
                                               "CreateUser", "ConsoleLogin", "DeleteTrail"})));
    json +=
        member("eventSource",
               quoted(choose({"s3.amazonaws.com", "iam.amazonaws.com", "signin.amazonaws.com"})));
  }
  if (chance(90)) json += member("userIdentity", identity());
  if (chance(80)) {
    json += member("recipientAccountId",
                   quoted(choose({"111122223333", "444455556666", "777788889999"})));
  }
  if (chance(80)) json += member("awsRegion", quoted(choose({"us-east-1", "eu-central-1"})));
  json += member("sourceIPAddress", quoted(choose({"198.51.100.7", "203.0.113.9", "2001:db8::1",
                                                   "ec2.amazonaws.com", "AWS Internal", ""})));
  if (chance(70)) {
    json += member("userAgent", quoted(choose({"aws-cli/1.18.147 Python/3.8", "Boto3/1.17", "-"})));
  }
  if (chance(30)) {
    json += member("errorCode", quoted(choose({"AccessDenied", "NoSuchKey"})));
    json += member("errorMessage", quoted(chance(20) ? long_text() : "Access Denied to it"));
  }
  if (chance(80)) json += member("readOnly", choose({"true", "false", "null"}));
  if (chance(40)) {
    json += member(
        "additionalEventData",
        "{\"bytesTransferredIn\":" +
            std::string(choose({"0", "9", "10", "1372.0", "-5", "9223372036854775807"})) + "}");
  }
  json += member("requestParameters", chance(80) ? parameters() : "null");
  if (chance(50)) json += member("resources", resources());
  return json + "}";
}

Event RandomEvents::event() {
  auto flat = flatten(record());
  if (!flat) throw std::logic_error("a random record is wrong: " + flat.error().detail);
  return std::move(*flat);
}

std::vector<Event> RandomEvents::events(std::size_t count) {
  std::vector<Event> batch;
  for (std::size_t i = 0; i < count; ++i) batch.push_back(event());
  return batch;
}

}  // namespace trailsift::test
