#include "indexer/sns_signature.h"

#include <chrono>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/envelope.h"
#include "tests/indexer/sns_authority.h"
#include "tests/indexer/wrapping.h"
#include "tests/support/temp_directory.h"

namespace trailsift::indexer::testing {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Timestamp kNow = *parse_time("2024-05-01T10:00:00Z");
constexpr const char* kTopic = "arn:aws:sns:eu-west-1:111122223333:trail";
constexpr const char* kHost = "https://sns.eu-west-1.amazonaws.com";
const std::string kCertificateUrl =
    std::string(kHost) + "/SimpleNotificationService-60eadc530605d63b8e62a523676ef735.pem";
constexpr const char* kIssuerUrl = "http://crt.r2m01.amazontrust.com/r2m01.cer";

CertificatePlan plan(const std::string& name, std::vector<std::string> names = {}) {
  CertificatePlan made;
  made.name = name;
  made.names = std::move(names);
  made.from = kNow - days(100);
  made.to = kNow + days(100);
  return made;
}

CertificatePlan authority_plan(const std::string& name) {
  CertificatePlan made = plan(name);
  made.is_authority = true;
  return made;
}

/// A root that is trusted, an intermediate, and the certificate of SNS, which says where its issuer
/// is as the real ones do.
struct Authorities {
  Identity root = make_identity(authority_plan("Root"), nullptr);
  Identity intermediate = make_identity(authority_plan("Intermediate"), &root);
  Identity sns = make_sns(plan("sns.amazonaws.com", {"sns.amazonaws.com"}));
  Identity stranger_root = make_identity(authority_plan("Root"), nullptr);
  test::TempDirectory directory;
  std::string root_file = file("root.pem", root.pem());

  Identity make_sns(CertificatePlan made) const {
    made.issuer_url = kIssuerUrl;
    return make_identity(made, &intermediate);
  }

  std::string file(const std::string& name, const std::string& text) const {
    const auto path = directory.path() / name;
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
};

/// Keys take a while to make.
const Authorities& authorities() {
  static const Authorities kAuthorities;
  return kAuthorities;
}

/// The world outside: what is at which URL, and what time it is.
struct World {
  std::map<std::string, std::string> pages = {
      {kCertificateUrl, authorities().sns.pem()},
      {kIssuerUrl, authorities().intermediate.der()},
  };
  std::vector<std::string> fetched;
  Timestamp now = kNow;
  SnsPolicy policy{.topics = {kTopic}, .trusted_file = authorities().root_file};

  std::unique_ptr<SnsVerifier> verifier() {
    auto made = SnsVerifier::make(
        policy,
        [this](const std::string& url) -> Result<std::string> {
          fetched.push_back(url);
          const auto page = pages.find(url);
          if (page == pages.end()) return fail(ErrorCode::io, "status 404");
          return page->second;
        },
        [this] { return now; });
    EXPECT_TRUE(made) << made.error().message;
    return std::move(*made);
  }
};

SnsMessage unsigned_message(SnsType type = SnsType::notification) {
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
    message.subscribe_url = std::string(kHost) + "/?Action=ConfirmSubscription&TopicArn=" + kTopic +
                            "&Token=" + *message.token;
  }
  return message;
}

SnsMessage signed_message(SnsType type = SnsType::notification,
                          const std::function<void(SnsMessage&)>& change = {},
                          const Identity& signer = authorities().sns) {
  SnsMessage message = unsigned_message(type);
  if (change) change(message);
  sign(message, signer);
  return message;
}

/// "" when the message is believed, or the code and the message of the error.
std::string verdict(SnsVerifier& verifier, const SnsMessage& message) {
  const auto result = verifier.verify(message);
  if (result) return "";
  return std::string(name(result.error().code)) + " " + result.error().message;
}

TEST(SnsSignature, BelievesWhatSnsSigned) {
  for (const SnsType type : {SnsType::notification, SnsType::subscription_confirmation,
                             SnsType::unsubscribe_confirmation}) {
    for (const char* version : {"1", "2"}) {
      World world;
      const auto verifier = world.verifier();
      const auto message =
          signed_message(type, [&](SnsMessage& one) { one.signature_version = version; });
      EXPECT_EQ(verdict(*verifier, message), "") << name(type) << " " << version;
      EXPECT_EQ(world.fetched, (std::vector<std::string>{kCertificateUrl, kIssuerUrl}));
      EXPECT_EQ(verdict(*verifier, message), "") << "an answer that was lost is asked for again";
      EXPECT_EQ(world.fetched.size(), 2) << "certificates are kept";
    }
  }
}

TEST(SnsSignature, BelievesWhatCameThroughJson) {
  for (const char* subject : {"null", "\"a \\\"subject\\\" \\u00e9\""}) {
    SnsMessage message = unsigned_message();
    message.message = "{\"s3Bucket\":\"logs\",\n\"s3ObjectKey\":\"\xc3\xa4\\u00e4/\\\"\"}";
    if (std::string(subject) != "null") message.subject = "a \"subject\" \xc3\xa9";
    sign(message, authorities().sns);
    const std::string body =
        R"({"Type":"Notification","MessageId":")" + *message.message_id + R"(","TopicArn":")" +
        kTopic + R"(","Subject":)" + subject + R"(,"Message":)" + json_string(message.message) +
        R"(,"Timestamp":")" + *message.timestamp + R"(","SignatureVersion":"2","Signature":")" +
        *message.signature + R"(","SigningCertURL":")" + kCertificateUrl + "\"}";
    const auto envelope = unwrap(body);
    ASSERT_TRUE(envelope && envelope->sns);
    EXPECT_EQ(verdict(*World().verifier(), *envelope->sns), "");
  }
}

TEST(SnsSignature, RefusesWhatWasChangedAfterSigning) {
  const struct {
    const char* what;
    void (*change)(SnsMessage&);
  } rows[] = {
      {"message", [](SnsMessage& one) { one.message += " "; }},
      {"id", [](SnsMessage& one) { *one.message_id += "0"; }},
      {"a subject added", [](SnsMessage& one) { one.subject = "s"; }},
      {"an empty subject added", [](SnsMessage& one) { one.subject = ""; }},
      {"time", [](SnsMessage& one) { one.timestamp = "2024-05-01T09:59:58.124Z"; }},
      {"version", [](SnsMessage& one) { one.signature_version = "1"; }},
      {"swapped", [](SnsMessage& one) { std::swap(one.message, *one.message_id); }},
      {"no signature", [](SnsMessage& one) { one.signature.reset(); }},
      {"empty signature", [](SnsMessage& one) { one.signature = ""; }},
      {"no base64", [](SnsMessage& one) { one.signature = "EXAMPLE!"; }},
      {"another signature", [](SnsMessage& one) { one.signature = base64(std::string(256, 'x')); }},
      {"short signature", [](SnsMessage& one) { one.signature = "QQ=="; }},
      {"type",
       [](SnsMessage& one) {
         one.type = SnsType::unsubscribe_confirmation;
         one.token = one.subscribe_url = "x";
       }},
  };
  for (const auto& row : rows) {
    SnsMessage message = signed_message();
    row.change(message);
    const std::string got = verdict(*World().verifier(), message);
    EXPECT_TRUE(got.starts_with("bad_request expected ")) << row.what << ": " << got;
    EXPECT_NE(got.find("Signature"), std::string::npos) << row.what << ": " << got;
  }
}

TEST(SnsSignature, TakesCertificatesFromSnsAlone) {
  const std::string path = "/SimpleNotificationService-60eadc530605d63b8e62a523676ef735.pem";
  const std::string urls[] = {
      "",
      "http://sns.eu-west-1.amazonaws.com" + path,
      "https://s3.amazonaws.com/evil" + path,
      "https://sns.eu-west-1.amazonaws.com.evil.example" + path,
      "https://sns-eu-west-1.s3.amazonaws.com" + path,
      "https://evil.example" + path,
      "https://sns.eu-west-1.amazonaws.com@evil.example" + path,
      "https://user:password@sns.eu-west-1.amazonaws.com" + path,
      "https://sns.eu-west-1.amazonaws.com:443" + path,
      "https://sns.eu-west-1.amazonaws.com:8443" + path,
      "https://sns.eu-west-1.amazonaws.com." + path,
      "https://sns.us-east-1.amazonaws.com" + path,
      "https://sns.eu-west-1.amazonaws.com.cn" + path,
      "https://sns..eu-west-1.amazonaws.com" + path,
      "https://sns.amazonaws.com" + path,
      "https://SNS.eu-west-1.amazonaws.com" + path,
      "HTTPS://sns.eu-west-1.amazonaws.com" + path,
      "https://sns.eu-west-1.amazonaws.com" + path + "?x=1",
      "https://sns.eu-west-1.amazonaws.com" + path + "#x",
      "https://sns.eu-west-1.amazonaws.com/x" + path,
      "https://sns.eu-west-1.amazonaws.com/../x" + path,
      "https://sns.eu-west-1.amazonaws.com\\@evil.example" + path,
      "https://sns.eu-west-1.amazonaws.com%2eevil.example" + path,
      "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-.pem",
      "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-a/../b.pem",
      "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-a%2fb.pem",
      "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-a.pem.pem",
      "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-a.PEM",
      "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService.pem",
      "https://sns.eu-west-1.\xd0\xb0mazonaws.com" + path,  // A Cyrillic letter.
      "https://sns.eu-west-1.xn--mazonaws-3fg.com" + path,  // The same in its code.
      "https://sns.eu-west-1.amazonaws\xe3\x80\x82"
      "com" +
          path,  // An ideographic full stop.
      " https://sns.eu-west-1.amazonaws.com" + path,
      "https://sns.eu-west-1.amazonaws.com" + path + "\n",
      "https://sns.eu-west-1.amazonaws.com/" + std::string(5000, 'x') + ".pem",
  };
  for (const std::string& url : urls) {
    World world;
    world.pages[url] = authorities().sns.pem();
    const auto message =
        signed_message(SnsType::notification, [&](SnsMessage& one) { one.signing_cert_url = url; });
    const std::string got = verdict(*world.verifier(), message);
    EXPECT_TRUE(
        got.starts_with("bad_request expected a SigningCertURL of the form "
                        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-"))
        << url << ": " << got;
    EXPECT_TRUE(world.fetched.empty()) << "asked for " << url;
  }
}

TEST(SnsSignature, OnlyAllowedTopicsSpeak) {
  const char* topics[] = {
      "",
      "arn:aws:sns:eu-west-1:111122223333:other",
      "arn:aws:sns:eu-west-1:444455556666:trail",
      "arn:aws:sns:us-east-1:111122223333:trail",
      "arn:aws:sns:eu-west-1:111122223333:trail ",
      "arn:aws:sns:eu-west-1:111122223333:trail:x",
      "ARN:aws:sns:eu-west-1:111122223333:trail",
  };
  for (const char* topic : topics) {
    World world;
    const auto message =
        signed_message(SnsType::notification, [&](SnsMessage& one) { one.topic_arn = topic; });
    EXPECT_TRUE(verdict(*world.verifier(), message)
                    .starts_with("bad_request expected a message of an allowed topic"))
        << topic;
    EXPECT_TRUE(world.fetched.empty());
  }
  World nobody;
  nobody.policy.topics.clear();
  EXPECT_NE(verdict(*nobody.verifier(), signed_message()), "") << "none is allowed by default";
}

TEST(SnsSignature, RefusesOtherVersionsAndMissingMembers) {
  const struct {
    const char* want;
    void (*change)(SnsMessage&);
  } rows[] = {
      {"expected SignatureVersion 1 or 2, got '3'",
       [](SnsMessage& one) { one.signature_version = "3"; }},
      {"expected SignatureVersion 1 or 2, got ''",
       [](SnsMessage& one) { one.signature_version = ""; }},
      {"expected SignatureVersion 1 or 2, got 'none'",
       [](SnsMessage& one) { one.signature_version.reset(); }},
      {"expected a MessageId, got none", [](SnsMessage& one) { one.message_id.reset(); }},
      {"expected a MessageId of 1 to 128 bytes, got ''",
       [](SnsMessage& one) { one.message_id = ""; }},
      {"expected a Timestamp, got none", [](SnsMessage& one) { one.timestamp.reset(); }},
      {"expected a Timestamp, got 'yesterday'",
       [](SnsMessage& one) { one.timestamp = "yesterday"; }},
      {"expected a message of an allowed topic, got one of 'none'",
       [](SnsMessage& one) { one.topic_arn.reset(); }},
  };
  for (const auto& row : rows) {
    World world;
    SnsMessage message = signed_message();
    row.change(message);
    EXPECT_EQ(verdict(*world.verifier(), message), std::string("bad_request ") + row.want);
    EXPECT_TRUE(world.fetched.empty()) << "nothing is asked for such a message";
  }
}

TEST(SnsSignature, RefusesTheOldAndTheFuture) {
  const struct {
    std::chrono::milliseconds after;  // Between the message and now.
    bool believed;
  } rows[] = {
      {hours(1), true},    {hours(1) + std::chrono::milliseconds(1), false},    {days(1), false},
      {-minutes(5), true}, {-minutes(5) - std::chrono::milliseconds(1), false}, {-days(1), false},
  };
  for (const auto& row : rows) {
    World world;
    const auto message = signed_message();
    world.now = *parse_time(*message.timestamp) + row.after;
    EXPECT_EQ(verdict(*world.verifier(), message).empty(), row.believed) << row.after.count();
  }
}

TEST(SnsSignature, RefusesWhatWasDoneAlready) {
  World world;
  world.policy.max_remembered = 2;
  const auto verifier = world.verifier();
  const auto message = signed_message();
  EXPECT_EQ(verdict(*verifier, message), "");
  EXPECT_FALSE(verifier->remembers(message));
  verifier->remember(message);
  EXPECT_TRUE(verifier->remembers(message));
  EXPECT_EQ(verdict(*verifier, message),
            "bad_request expected a new message, got 'da41e39f-ea4d-435a-b922-c6aae3915ebe' again");
  verifier->remember(message);

  const auto other = [](const char* id) {
    return signed_message(SnsType::notification, [&](SnsMessage& one) { one.message_id = id; });
  };
  verifier->remember(other("1"));
  EXPECT_TRUE(verifier->remembers(message)) << "remembering it twice took one place";
  verifier->remember(other("2"));
  EXPECT_FALSE(verifier->remembers(message)) << "the oldest is forgotten";
  EXPECT_TRUE(verifier->remembers(other("1")));
  world.now += hours(2);
  verifier->remember(other("3"));
  EXPECT_FALSE(verifier->remembers(other("2"))) << "its age refuses it by now";
}

TEST(SnsSignature, ConfirmsSubscriptionsToAllowedTopics) {
  const auto confirmation = [](const std::function<void(SnsMessage&)>& change = {}) {
    return signed_message(SnsType::subscription_confirmation, change);
  };
  const auto message = confirmation();
  EXPECT_EQ(*World().verifier()->confirmation_url(message), *message.subscribe_url);
  auto forged = message;
  forged.token = "other";
  EXPECT_FALSE(World().verifier()->confirmation_url(forged)) << "the signature comes first";
  const auto elsewhere = confirmation([](SnsMessage& one) { one.subscribe_url = "https://x/"; });
  EXPECT_TRUE(World().verifier()->confirmation_url(elsewhere).error().message.starts_with(
      "expected a SubscribeURL of the form https://sns.eu-west-1.amazonaws.com/?Action="));
  EXPECT_FALSE(World().verifier()->confirmation_url(signed_message()));
  EXPECT_FALSE(
      World().verifier()->confirmation_url(signed_message(SnsType::unsubscribe_confirmation)))
      << "who unsubscribed is not subscribed again";
}

TEST(SnsSignature, NeedsTopicsAndRoots) {
  const auto fetch = [](const std::string&) -> Result<std::string> { return std::string(); };
  World mistaken;
  mistaken.policy.topics = {"trail"};
  EXPECT_EQ(SnsVerifier::make(mistaken.policy, fetch).error().message,
            "expected the ARN of a topic, got 'trail'");
  World world;
  world.policy.trusted_file = "/nowhere/roots.pem";
  const auto made = SnsVerifier::make(world.policy, fetch);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message, "cannot read the trusted certificates of '/nowhere/roots.pem'");
  world.policy.trusted_file.clear();
  EXPECT_TRUE(SnsVerifier::make(world.policy, fetch)) << "the system has roots";
}

}  // namespace
}  // namespace trailsift::indexer::testing
