// Messages of SNS at /sns/ from senders that nobody knows, signed by a CA of the tests' own.
#include <fstream>
#include <future>
#include <map>

#include <gtest/gtest.h>
#include <httplib.h>

#include "server/json_out.h"
#include "tests/indexer/sns_authority.h"
#include "tests/server/push_fixture.h"

namespace trailsift::server {
namespace {

using indexer::SnsMessage;
using indexer::SnsType;
using std::chrono::days;
using std::chrono::hours;

const Timestamp kNow = *parse_time("2024-05-01T10:00:00Z");
constexpr const char* kTopic = "arn:aws:sns:eu-west-1:111122223333:trail";
constexpr const char* kCertificateUrl =
    "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-60eadc530605d63b8e62a523.pem";

/// Keys take a while to make.
struct Authority {
  Authority() { std::ofstream(root_file, std::ios::binary) << root.pem(); }
  static indexer::testing::CertificatePlan plan(const std::string& name, bool is_authority) {
    return {.name = name,
            .names = {name},
            .is_authority = is_authority,
            .from = kNow - days(9),
            .to = kNow + days(9),
            .issuer_url = ""};
  }

  test::TempDirectory directory;
  std::string root_file = (directory.path() / "root.pem").string();
  indexer::testing::Identity root = make_identity(plan("Root", true), nullptr);
  indexer::testing::Identity sns = make_identity(plan("sns.amazonaws.com", false), &root);
  indexer::testing::Identity stranger = make_identity(plan("sns.amazonaws.com", false), nullptr);
};
const Authority& authority() {
  static const Authority kAuthority;
  return kAuthority;
}

/// The API of SNS, as far as it confirms subscriptions.
class SnsApi {
 public:
  SnsApi() {
    server_.Post("/", [this](const httplib::Request& request, httplib::Response& response) {
      const std::lock_guard lock(mutex_);
      asked_.push_back(request.get_param_value("Action") + " " +
                       request.get_param_value("TopicArn") + " " +
                       request.get_param_value("Token"));
      response.status = status;
      response.set_content(status == 200
                               ? "<ConfirmSubscriptionResponse><ConfirmSubscriptionResult>"
                                 "<SubscriptionArn>arn:sub</SubscriptionArn>"
                                 "</ConfirmSubscriptionResult>"
                                 "</ConfirmSubscriptionResponse>"
                               : "<ErrorResponse><Error><Code>InternalError</Code>"
                                 "</Error></ErrorResponse>",
                           "text/xml");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::jthread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~SnsApi() { server_.stop(); }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::vector<std::string> asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  std::atomic<int> status{200};

 private:
  httplib::Server server_;
  int port_ = 0;
  std::mutex mutex_;  // Guards asked_.
  std::vector<std::string> asked_;
  std::jthread thread_;
};

/// A server that believes messages of one topic, and has a token.
struct Stage {
  SnsApi api;
  HandIntake intake;
  StagedSources sources{intake};
  std::map<std::string, std::string> pages = {{kCertificateUrl, authority().sns.pem()}};
  bool reachable = true;
  bool network = false;
  std::vector<std::string> urls;
  std::optional<PushServer> server;

  explicit Stage(bool topic = true) {
    sources.options.token = kToken;
    sources.options.sns = {.topics = {kTopic}, .trusted_file = authority().root_file};
    if (topic) {
      const auto fetch = [this](const std::string& url) -> Result<std::string> {
        if (!reachable) return fail(ErrorCode::unavailable, "no connection");
        const auto page = pages.find(url);
        return page == pages.end() ? Result<std::string>(fail(ErrorCode::io, "status 404"))
                                   : page->second;
      };
      sources.verifier =
          std::move(*indexer::SnsVerifier::make(sources.options.sns, fetch, [] { return kNow; }));
    }
    aws::SessionOptions session;
    session.endpoints.sns = api.url();
    session.retry.max_attempts = 1;
    session.environment = [](const char* variable) -> std::optional<std::string> {
      const std::string name = variable;
      if (name == "AWS_ACCESS_KEY_ID") return "AKIAIOSFODNN7EXAMPLE";
      if (name == "AWS_SECRET_ACCESS_KEY") return "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
      if (name == "AWS_REGION") return "eu-west-1";
      return std::nullopt;
    };
    sources.session_opened = std::move(*aws::Session::open(session));
    ServiceOptions options;
    options.get_url = [this](const std::string& url, const std::stop_token&) -> Result<void> {
      urls.push_back(url);
      if (!network) return fail(ErrorCode::unavailable, "no network here");
      return {};
    };
    server.emplace(&sources, HttpOptions(), options);
  }

  /// The answer to a post whose message the intake is not to see.
  std::string refused(const std::string& body, const std::string& headers = "") {
    const std::string got = server->ask("/sns/" + headers, body);
    EXPECT_FALSE(intake.take()) << got;
    return got;
  }
  /// The message that the intake gets, which ends well.
  indexer::IncomingMessage taken(const std::string& body, const std::string& headers = "") {
    auto answer =
        std::async(std::launch::async, [&] { return server->ask("/sns/" + headers, body); });
    auto [message, done] = intake.next();
    done({});
    const std::string got = answer.get();
    EXPECT_EQ(status_of(got), "200") << got;
    EXPECT_EQ(content_of(got), "");
    return std::move(message);
  }
};

std::string json_of(const SnsMessage& message) {
  JsonOut out;
  const auto member = [&](const char* key, const std::optional<std::string>& value) {
    if (value) out.member(key, *value);
  };
  out.begin_object();
  out.member("Type", name(message.type));
  out.member("Message", message.message);
  member("MessageId", message.message_id);
  member("TopicArn", message.topic_arn);
  member("Subject", message.subject);
  member("Timestamp", message.timestamp);
  member("SignatureVersion", message.signature_version);
  member("Signature", message.signature);
  member("SigningCertURL", message.signing_cert_url);
  member("Token", message.token);
  member("SubscribeURL", message.subscribe_url);
  out.end_object();
  return out.text();
}

using Change = std::function<void(SnsMessage&)>;

SnsMessage message_of(SnsType type = SnsType::notification) {
  SnsMessage message;
  message.type = type;
  message.message = R"({"s3Bucket":"logs","s3ObjectKey":["a"]})";
  message.message_id = "da41e39f-ea4d-435a-b922-c6aae3915ebe";
  message.topic_arn = kTopic;
  message.timestamp = "2024-05-01T09:59:58.123Z";
  message.signature_version = "2";
  message.signing_cert_url = kCertificateUrl;
  if (type != SnsType::notification) {
    message.token = "2336412f37fb687f5d51e6e2425f004ae";
    message.subscribe_url =
        std::string("https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=") +
        kTopic + "&Token=" + *message.token;
  }
  return message;
}

std::string signed_body(const Change& before = {}, SnsType type = SnsType::notification,
                        const indexer::testing::Identity& signer = authority().sns) {
  SnsMessage message = message_of(type);
  if (before) before(message);
  sign(message, signer);
  return json_of(message);
}

std::string changed_body(const Change& after) {
  SnsMessage message = message_of();
  sign(message, authority().sns);
  after(message);
  return json_of(message);
}

TEST(PushSns, TakesWhatSnsSigned) {
  Stage stage;
  for (const char* version : {"1", "2"}) {
    const std::string body = signed_body([&](SnsMessage& message) {
      message.signature_version = version;
      message.message_id = std::string("id-") + version;
    });
    const auto message = stage.taken(body,
                                     "\r\nx-amz-sns-message-id: forged\r\n"
                                     "X-Aws-Sqsd-Receive-Count: 9");
    EXPECT_EQ(message.body, body);
    EXPECT_EQ(message.name, std::string("sns:id-") + version) << "as it was signed";
    EXPECT_EQ(message.attempt, 1U) << "nobody is believed who only says so";
    ASSERT_TRUE(message.check);
    const auto envelope = indexer::unwrap(message.body);
    ASSERT_TRUE(envelope);
    EXPECT_TRUE(message.check(*envelope));
    EXPECT_FALSE(message.check(indexer::Envelope{}));
  }
}

TEST(PushSns, RefusesForgedMessages) {
  Stage stage;
  const struct {
    const char* name;
    std::string body;
    const char* status;
    const char* message;
  } kCases[] = {
      {"another topic", signed_body([](SnsMessage& m) { *m.topic_arn += "2"; }), "401",
       "expected the token, or a message of an allowed topic"},
      {"no message of SNS", R"({"s3Bucket":"logs","s3ObjectKey":["a"]})", "401",
       "expected the token, or a message that SNS has signed"},
      {"two messages", signed_body() + signed_body(), "401", "that SNS has signed"},
      {"a list", "[" + signed_body() + "]", "401", "that SNS has signed"},
      {"not JSON", "Type Notification", "401", "that SNS has signed"},
      {"deep", std::string(100'000, '['), "401", "that SNS has signed"},
      {"unsigned", json_of(message_of()), "403", "expected a Signature in base64"},
      {"another key", signed_body({}, SnsType::notification, authority().stranger), "403",
       "expected the Signature of the message"},
      {"changed", changed_body([](SnsMessage& m) { m.message += " "; }), "403",
       "expected the Signature of the message"},
      {"subject put in", changed_body([](SnsMessage& m) { m.subject = "x"; }), "403",
       "expected the Signature of the message"},
      {"swapped", changed_body([](SnsMessage& m) { std::swap(m.message, *m.message_id); }), "403",
       "expected"},
      {"S3-hosted certificate", signed_body([](SnsMessage& m) {
         m.signing_cert_url =
             "https://sns.eu-west-1.amazonaws.com.s3.amazonaws.com/"
             "SimpleNotificationService-60eadc530605d63b8e62a523.pem";
       }),
       "403", "expected"},
      {"user in the URL", signed_body([](SnsMessage& m) {
         m.signing_cert_url =
             "https://sns.eu-west-1.amazonaws.com@198.51.100.7/"
             "SimpleNotificationService-60eadc530605d63b8e62a523.pem";
       }),
       "403", "expected"},
      {"another region", signed_body([](SnsMessage& m) {
         m.signing_cert_url =
             "https://sns.us-east-1.amazonaws.com/"
             "SimpleNotificationService-60eadc530605d63b8e62a523.pem";
       }),
       "403", "expected"},
      {"http", signed_body([](SnsMessage& m) {
         m.signing_cert_url = "http" + std::string(kCertificateUrl).substr(5);
       }),
       "403", "expected"},
      {"another version", changed_body([](SnsMessage& m) { m.signature_version = "3"; }), "403",
       "expected SignatureVersion 1 or 2"},
      {"old", signed_body([](SnsMessage& m) { m.timestamp = "2024-05-01T08:59:59.000Z"; }), "403",
       "expected a message not older than"},
      {"of the future",
       signed_body([](SnsMessage& m) { m.timestamp = "2024-05-01T10:05:01.000Z"; }), "403",
       "expected a message of the past"},
      {"unknown certificate", signed_body([](SnsMessage& m) {
         m.signing_cert_url =
             "https://sns.eu-west-1.amazonaws.com/"
             "SimpleNotificationService-00000000000000000000000000000000.pem";
       }),
       "503", "status 404"},
  };
  for (const auto& c : kCases) {
    const std::string got = stage.refused(c.body);
    EXPECT_EQ(status_of(got), c.status) << c.name << got;
    EXPECT_NE(content_of(got).find(c.message), std::string::npos) << c.name << got;
  }
  EXPECT_EQ(status_of(stage.refused(signed_body(), "\r\nAuthorization: Bearer wrong")), "401");
  EXPECT_EQ(status_of(stage.refused(signed_body(), "\r\nHost: evil.example")), "403");
  EXPECT_EQ(status_of(stage.refused(signed_body(), "\r\nOrigin: https://evil.example")), "403");
  EXPECT_EQ(stage.api.asked().size(), 0U);
}

TEST(PushSns, SaysNothingOfATokenThatIsNotSet) {
  Stage stage;
  stage.sources.options.token = "";
  const std::string forwarded = "\r\nX-Forwarded-For: 198.51.100.7";
  EXPECT_EQ(status_of(stage.refused("{}", forwarded)), "403");
  stage.taken(signed_body(), forwarded);
  stage.taken("{}");  // From this machine.
}

TEST(PushSns, DoesNothingTwice) {
  Stage stage;
  auto answer =
      std::async(std::launch::async, [&] { return stage.server->ask("/sns/", signed_body()); });
  stage.intake.next().second(HandIntake::unavailable());
  EXPECT_EQ(status_of(answer.get()), "500");
  stage.taken(signed_body());  // It was not done, so it is taken again.
  const std::string again = stage.refused(signed_body());
  EXPECT_EQ(status_of(again), "200") << again;
  EXPECT_EQ(content_of(again), "");
}

TEST(PushSns, AsksToBeSentAgainWhatCannotBeVerifiedNow) {
  Stage stage;
  stage.reachable = false;
  const std::string got = stage.refused(signed_body());
  EXPECT_EQ(status_of(got), "503");
  EXPECT_NE(got.find("\r\nRetry-After: 1\r\n"), std::string::npos);
  stage.reachable = true;
  stage.taken(signed_body());
}

TEST(PushSns, TakesNoLargeBodiesFromStrangers) {
  Stage stage;
  const std::string body((1UL << 20) + 1, ' ');
  EXPECT_EQ(status_of(stage.refused(body)), "413");
  stage.taken(body, std::string("\r\nAuthorization: Bearer ") + kToken);
}

TEST(PushSns, ConfirmsSubscriptionsOfAllowedTopics) {
  Stage stage;
  const std::string body = signed_body({}, SnsType::subscription_confirmation);
  const std::string call =
      std::string("ConfirmSubscription ") + kTopic + " 2336412f37fb687f5d51e6e2425f004ae";
  stage.taken(body);
  EXPECT_EQ(stage.api.asked(), std::vector<std::string>{call});
  EXPECT_EQ(status_of(stage.refused(body)), "200") << "confirmed already";
  EXPECT_EQ(stage.api.asked().size(), 1U);
  const std::string token = std::string("\r\nAuthorization: Bearer ") + kToken;
  stage.taken(body, token);
  EXPECT_EQ(stage.api.asked().size(), 1U) << "known by its token as well";

  const std::string other =
      signed_body([](SnsMessage& m) { m.message_id = "2"; }, SnsType::subscription_confirmation);
  stage.taken(other, token);
  EXPECT_EQ(stage.api.asked(), (std::vector<std::string>{call, call}));
}

TEST(PushSns, ConfirmsNothingThatIsNotBelieved) {
  Stage stage;
  const auto evil = [](SnsMessage& m) {
    m.subscribe_url = "https://evil.example/?Action=ConfirmSubscription";
  };
  const std::string kCases[] = {
      signed_body(evil, SnsType::subscription_confirmation),
      signed_body({}, SnsType::subscription_confirmation, authority().stranger),
      signed_body([](SnsMessage& m) { *m.topic_arn += "2"; }, SnsType::subscription_confirmation),
  };
  for (const std::string& body : kCases) {
    EXPECT_NE(status_of(stage.refused(body)), "200");
    // Whoever has the token gets it acknowledged, and the operator is told.
    const std::size_t lines = stage.server->log().size();
    stage.taken(body, std::string("\r\nAuthorization: Bearer ") + kToken);
    const auto log = stage.server->log();
    ASSERT_EQ(log.size(), lines + 1);
    EXPECT_TRUE(log.back().starts_with("a subscription to 'arn:aws:sns:eu-west-1:")) << log.back();
    EXPECT_TRUE(log.back().ends_with("allow the topic and subscribe again, or confirm it in AWS"))
        << log.back();
  }
  EXPECT_EQ(stage.api.asked().size(), 0U);

  Stage without(false);
  without.taken(signed_body({}, SnsType::subscription_confirmation),
                std::string("\r\nAuthorization: Bearer ") + kToken);
  ASSERT_EQ(without.server->log().size(), 1U);
  EXPECT_NE(without.server->log()[0].find("no topic is allowed"), std::string::npos);
}

TEST(PushSns, ConfirmsByTheUrlWhereItMayNotCall) {
  Stage stage;
  stage.api.status = 500;
  const std::string body = signed_body({}, SnsType::subscription_confirmation);
  const std::string got = stage.refused(body);
  EXPECT_EQ(status_of(got), "503") << got;
  EXPECT_NE(content_of(got).find("; by its URL: no network here"), std::string::npos) << got;
  EXPECT_EQ(stage.urls, std::vector<std::string>{
                            *message_of(SnsType::subscription_confirmation).subscribe_url});
  stage.network = true;
  stage.taken(body);
  EXPECT_EQ(stage.api.asked().size(), 2U);
  EXPECT_EQ(stage.server->log().back(), "subscribed to '" + std::string(kTopic) + "'");
}

TEST(PushSns, TellsTheLogOfStrangersNowAndThen) {
  Stage stage;
  for (int i = 0; i < 50; ++i) stage.refused("{}");
  const auto log = stage.server->log();
  EXPECT_GE(log.size(), 1U);
  EXPECT_LT(log.size(), 50U);
  EXPECT_TRUE(log[0].starts_with("refused a message at /sns/: expected the token")) << log[0];
}

}  // namespace
}  // namespace trailsift::server
