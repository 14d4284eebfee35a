#include "schema/derive.h"

#include <gtest/gtest.h>

#include "schema/flatten.h"

namespace trailsift {
namespace {

struct Want {
  const char *actor, *actor_type, *session_name;
};

struct Case {
  const char* name;
  const char* members;
  Want want;
};

// clang-format off
constexpr Case kIdentities[] = {
  {"Root", R"("userIdentity":{"type":"Root","arn":"arn:aws:iam::111122223333:root","accountId":"111122223333"})", {"root", "human", ""}},
  {"IAMUser", R"("userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ops/alice","userName":"alice"})", {"alice", "human", ""}},
  {"IAMUser by ARN alone", R"("userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ops/alice"})", {"alice", "human", ""}},
  {"AssumedRole", R"("userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:i-0abc","arn":"arn:aws:sts::111122223333:assumed-role/Web/i-0abc","sessionContext":{"sessionIssuer":{"type":"Role","userName":"Web"}}})", {"Web/i-0abc", "workload", "i-0abc"}},
  {"AssumedRole without issuer", R"("userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/Web/build"})", {"Web/build", "workload", "build"}},
  {"AssumedRole of a person", R"("userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:alice@example.com","arn":"arn:aws:sts::111122223333:assumed-role/Admin/alice@example.com"})", {"Admin/alice@example.com", "human", "alice@example.com"}},
  {"AssumedRole by single sign-on", R"("userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:alice","arn":"arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0123/alice"})", {"AWSReservedSSO_Admin_0123/alice", "human", "alice"}},
  {"AssumedRole with source identity", R"("userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:s1","arn":"arn:aws:sts::111122223333:assumed-role/Admin/s1","sessionContext":{"sourceIdentity":"alice"}})", {"alice", "human", "s1"}},
  {"Role", R"("userIdentity":{"type":"Role","arn":"arn:aws:iam::111122223333:role/path/Admin"})", {"Admin", "workload", ""}},
  {"FederatedUser", R"("userIdentity":{"type":"FederatedUser","principalId":"111122223333:carol","arn":"arn:aws:sts::111122223333:federated-user/carol","sessionContext":{"sessionIssuer":{"type":"IAMUser","userName":"broker"}}})", {"carol", "human", "carol"}},
  {"Directory", R"("userIdentity":{"type":"Directory","userName":"dave","accountId":"111122223333"})", {"dave", "human", ""}},
  {"AWSAccount", R"("userIdentity":{"type":"AWSAccount","principalId":"AIDAEXAMPLE","accountId":"444455556666"})", {"444455556666", "account", ""}},
  {"AWSService", R"("userIdentity":{"type":"AWSService","invokedBy":"cloudtrail.amazonaws.com"})", {"cloudtrail.amazonaws.com", "service", ""}},
  {"IdentityCenterUser", R"("userIdentity":{"type":"IdentityCenterUser","accountId":"111122223333","onBehalfOf":{"userId":"544894e8-80c1","identityStoreArn":"arn:aws:identitystore::111122223333:identitystore/d-1"},"credentialId":"c1"})", {"544894e8-80c1", "human", ""}},
  {"SAMLUser", R"("userIdentity":{"type":"SAMLUser","principalId":"x:erin@example.com","userName":"erin@example.com"})", {"erin@example.com", "human", ""}},
  {"WebIdentityUser", R"("userIdentity":{"type":"WebIdentityUser","principalId":"accounts.example.com:app:42","userName":"42","identityProvider":"accounts.example.com"})", {"42", "workload", ""}},
  {"Unknown", R"("userIdentity":{"type":"Unknown","principalId":"111122223333","accountId":"111122223333","userName":"frank"})", {"frank", "unknown", ""}},
  {"no type, a service's address", R"("userIdentity":{"accountId":""},"sourceIPAddress":"kms.amazonaws.com")", {"kms.amazonaws.com", "service", ""}},
  {"no type, invoked by", R"("userIdentity":{"invokedBy":"AWS Internal"})", {"AWS Internal", "service", ""}},
  {"none", R"("userIdentity":null,"sourceIPAddress":"198.51.100.7")", {"", "unknown", ""}},
  {"a type nobody knows yet", R"("userIdentity":{"type":"Martian","principalId":"m1"})", {"m1", "unknown", ""}},
  {"nothing but a type", R"("userIdentity":{"type":"AssumedRole"})", {"", "workload", ""}},
};
// clang-format on

Event flat(const char* members) {
  auto event = flatten(R"({"eventID":"e1","eventTime":"2021-07-29T23:53:26Z",)" +
                       std::string(members) + "}");
  EXPECT_TRUE(event) << members;
  return event ? std::move(*event) : Event{};
}

std::string_view text(const Event& event, std::string_view field) {
  return value_of(event, field_index(field)).value_or("");
}

TEST(Derive, KnowsWhoForEveryIdentity) {
  for (const auto& c : kIdentities) {
    const Event event = flat(c.members);
    EXPECT_EQ(text(event, "actor"), c.want.actor) << c.name;
    EXPECT_EQ(text(event, "actor_type"), c.want.actor_type) << c.name;
    EXPECT_EQ(text(event, "session_name"), c.want.session_name) << c.name;
  }
}

TEST(Derive, ClientIsWhatTheUserAgentTells) {
  const struct {
    const char *members, *want;
  } cases[] = {
      {R"("eventName":"GetObject")", ""},
      {R"("userAgent":"")", ""},
      {R"("userAgent":null)", ""},
      {R"("userAgent":"aws-cli/2.4.5 Python/3.8.8 Linux/5.4 botocore/2.4.5")", "cli"},
      {R"("userAgent":"[aws-cli/1.11.10 Python/2.7.8 Linux/3.2 botocore/1.4.67]")", "cli"},
      {R"("userAgent":"AWSPowerShell/3.3.1 .NET_Runtime/4.0")", "cli"},
      {R"("userAgent":"Boto3/1.24.84 Python/3.8.14 Linux/4.14 Botocore/1.27.84")", "sdk"},
      {R"("userAgent":"aws-sdk-go/1.44 (go1.19) linux")", "sdk"},
      {R"("userAgent":"APN/1.0 HashiCorp/1.0 Terraform/1.1.2 (+https://www.terraform.io) aws-sdk-go/1.4")",
       "iac"},
      {R"("userAgent":"cloudformation.amazonaws.com")", "iac"},
      {R"("userAgent":"console.ec2.amazonaws.com")", "console"},
      {R"("userAgent":"[S3Console/0.4, aws-internal/3 aws-sdk-java/1.11.1030 Linux/5.4]")",
       "console"},
      {R"("userAgent":"AWS CloudWatch Console")", "console"},
      {R"("userAgent":"signin.amazonaws.com")", "console"},
      {R"("userAgent":"Mozilla/5.0 (X11) Gecko")", "browser"},
      {R"("userAgent":"Mozilla/5.0 (X11) Gecko","sessionCredentialFromConsole":"true")", "console"},
      {R"("userAgent":"Mozilla/5.0 (X11) Gecko","sessionCredentialFromConsole":"false")",
       "browser"},
      {R"("userAgent":"Mozilla/5.0 (X11) Gecko","responseElements":{"ConsoleLogin":"Success"})",
       "console"},
      {R"("userAgent":"aws-cli/2.4.5","sessionCredentialFromConsole":"true")", "cli"},
      {R"("userAgent":"delivery.logs.amazonaws.com")", "service"},
      {R"("userAgent":"[AWSCloudTrail, aws-internal/3]")", "service"},
      {R"("userAgent":"AWS Internal")", "service"},
      {R"("userAgent":"curl/7.88.1")", "other"},
      {R"("userAgent":"\u0000\u001b[31m")", "other"},
  };
  for (const auto& c : cases) EXPECT_EQ(text(flat(c.members), "client"), c.want) << c.members;
}

TEST(Derive, OutcomeIsAFailureOnlyWhenTheCallFailed) {
  const struct {
    const char *members, *want;
  } cases[] = {
      {R"("eventName":"GetObject")", "success"},
      {R"("errorCode":null)", "success"},
      {R"("errorCode":"")", "success"},
      {R"("errorCode":"200")", "success"},
      {R"("errorCode":"AccessDenied")", "failure"},
      {R"("errorMessage":"Failed authentication")", "failure"},
      {R"("eventName":"ConsoleLogin","responseElements":{"ConsoleLogin":"Failure"})", "failure"},
      {R"("eventName":"ConsoleLogin","responseElements":{"ConsoleLogin":"Success"})", "success"},
  };
  for (const auto& c : cases)
    EXPECT_EQ(text(flat(c.members), "event_outcome"), c.want) << c.members;
}

}  // namespace
}  // namespace trailsift
