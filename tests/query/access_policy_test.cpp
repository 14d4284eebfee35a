// What IAM must allow for the calls among hits, by hand and against a look at every random event.

#include "query/access_policy.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "query/iam_action.h"
#include "query/matches.h"
#include "query/search.h"
#include "tests/query/random_tree.h"
#include "tests/query/test_store.h"
#include "tests/support/random_events.h"
#include "tests/support/random_seed.h"

namespace trailsift::query {
namespace {

TEST(IamAction, IsTheCallButForThoseThatAreNamedOtherwise) {
  const struct {
    const char *source, *name, *action;
  } kCases[] = {
      {"ec2.amazonaws.com", "RunInstances", "ec2:RunInstances"},
      {"ec2.amazonaws.com.cn", "RunInstances", "ec2:RunInstances"},
      {"s3.amazonaws.com", "ListObjects", "s3:ListBucket"},
      {"s3.amazonaws.com", "HeadObject", "s3:GetObject"},
      {"monitoring.amazonaws.com", "PutMetricAlarm", "cloudwatch:PutMetricAlarm"},
      {"lambda.amazonaws.com", "GetFunction20150331v2", "lambda:GetFunction"},
      {"lambda.amazonaws.com", "ListFunctions20150331", "lambda:ListFunctions"},
      {"lambda.amazonaws.com", "Invoke", "lambda:InvokeFunction"},
      {"cloudfront.amazonaws.com", "CreateDistribution2020_05_31", "cloudfront:CreateDistribution"},
      {"kms.amazonaws.com", "Encrypt2015", "kms:Encrypt2015"},
      {"kms.amazonaws.com", "20150331", "kms:20150331"},
      {"sts.amazonaws.com", "GetCallerIdentity", ""},
      {"signin.amazonaws.com", "ConsoleLogin", ""},
      {"example", "Call", "example:Call"},
  };
  for (const auto& c : kCases) EXPECT_EQ(iam_action(c.source, c.name), c.action) << c.name;
}

TEST(PolicyResource, StandsForItselfAlone) {
  EXPECT_EQ(policy_resource("arn:aws:s3:::logs/a b"), "arn:aws:s3:::logs/a b");
  EXPECT_EQ(policy_resource("arn:aws:s3:::*/?$"), "arn:aws:s3:::${*}/${?}${$}");
}

TEST(CoveringResources, AreWhatWasSeenUntilTheseAreMany) {
  const auto numbered = [](const std::string& head, int count) {
    std::vector<std::string> arns;
    for (int i = 0; i < count; ++i) arns.push_back(head + std::to_string(10 + i));
    return arns;
  };
  using Arns = std::vector<std::string>;
  EXPECT_EQ(covering_resources({"b", "a"}), (Arns{"a", "b"}));
  EXPECT_EQ(covering_resources({"arn:aws:s3:::a", "*"}), Arns{"*"});
  EXPECT_EQ(covering_resources(numbered("arn:aws:s3:::logs/2026/", 20)).size(), 20U);
  Arns keys = numbered("arn:aws:s3:::logs/2026/", 21);
  keys.push_back("arn:aws:s3:::logs");
  EXPECT_EQ(covering_resources(keys), (Arns{"arn:aws:s3:::logs", "arn:aws:s3:::logs/2026/*"}));
  Arns folders;
  for (const auto& folder : numbered("arn:aws:s3:::logs/", 21)) folders.push_back(folder + "/x");
  EXPECT_EQ(covering_resources(folders), Arns{"arn:aws:s3:::logs/*"});
  const std::string topics = "arn:aws:sns:us-east-1:111122223333:";
  EXPECT_EQ(covering_resources(numbered(topics, 21)), Arns{topics + "*"});
  const std::string functions = "arn:aws:lambda:us-east-1:111122223333:function:";
  EXPECT_EQ(covering_resources(numbered(functions, 21)), Arns{functions + "*"});
  Arns accounts;
  for (const auto& account : numbered("arn:aws:sns:us-east-1:1111222233", 21)) {
    accounts.push_back(account + ":x");
  }
  EXPECT_EQ(covering_resources(accounts), Arns{"*"});
  EXPECT_EQ(covering_resources(numbered("arn:", 21)), Arns{"*"});
}

std::string text_of(const AccessPolicy& policy) {
  std::string text;
  const auto list = [&](const std::vector<std::string>& items) {
    for (const std::string& item : items) text += " " + item;
  };
  for (const auto& statement : policy.statements) {
    text += "allow";
    list(statement.actions);
    text += " on";
    list(statement.resources);
    text += "\n";
  }
  const auto calls = [&](const char* head, const std::vector<AccessPolicy::CountedCall>& all) {
    for (const auto& call : all) {
      text += std::string(head) + " " + call.event_source + " " + call.event_name + " " +
              std::to_string(call.events) + "\n";
    }
  };
  calls("denied", policy.denied);
  calls("left out", policy.left_out);
  return text + std::to_string(policy.calls) + " calls, " + std::to_string(policy.other_events) +
         " others\n";
}

/// Records of a call each.
class Calls {
 public:
  void add(const std::string& source, const std::string& name, const std::string& more = "") {
    events_.push_back(event("e" + std::to_string(events_.size()), "2021-07-29T10:00:00Z",
                            R"("eventSource":")" + source + R"(","eventName":")" + name + "\"" +
                                (more.empty() ? "" : "," + more)));
  }

  std::string policy() const {
    const TestStore store{events_};
    const auto policy = access_policy(*store.snapshot(), Tree{Everything{}}, {}, {}, Deadline());
    return policy ? text_of(*policy) : policy.error().message;
  }

 private:
  std::vector<Event> events_;
};

std::string resource(const std::string& arn) {
  return R"("eventType":"AwsApiCall","resources":[{"ARN":")" + arn + R"("}])";
}

TEST(AccessPolicy, AllowsWhatWasDoneAndNoMore) {
  Calls calls;
  const std::string object = resource("arn:aws:s3:::logs/a");
  calls.add("s3.amazonaws.com", "GetObject", object);
  calls.add("s3.amazonaws.com", "HeadObject", object);
  calls.add("s3.amazonaws.com", "PutObject", object);
  calls.add("s3.amazonaws.com", "PutObject", object + R"(,"errorCode":"NoSuchBucket")");
  calls.add("s3.amazonaws.com", "ListBuckets");
  calls.add("iam.amazonaws.com", "CreateUser", R"("errorCode":"AccessDenied")");
  calls.add("ec2.amazonaws.com", "RunInstances", R"("errorCode":"Client.UnauthorizedOperation")");
  calls.add("ec2.amazonaws.com", "RunInstances", R"("errorCode":"Client.UnauthorizedOperation")");
  calls.add("sts.amazonaws.com", "GetCallerIdentity");
  calls.add("signin.amazonaws.com", "ConsoleLogin", R"("eventType":"AwsConsoleSignIn")");
  EXPECT_EQ(calls.policy(),
            "allow s3:GetObject s3:PutObject on arn:aws:s3:::logs/a\n"
            "allow s3:ListAllMyBuckets on *\n"
            "denied ec2.amazonaws.com RunInstances 2\n"
            "denied iam.amazonaws.com CreateUser 1\n"
            "left out sts.amazonaws.com GetCallerIdentity 1\n"
            "9 calls, 1 others\n");
}

TEST(AccessPolicy, DoesNotTrustWhatALogSays) {
  Calls calls;
  calls.add("s3.amazonaws.com", "*");
  calls.add("s3.amazonaws.com", "Get*");
  calls.add("*", "GetObject");
  calls.add("", "");
  calls.add("s3.amazonaws.com", "GetObject", resource("arn:aws:s3:::logs/*"));
  calls.add("s3.amazonaws.com", "PutObject", resource("*"));
  EXPECT_EQ(calls.policy(),
            "allow s3:GetObject on arn:aws:s3:::logs/${*}\n"
            "allow s3:PutObject on *\n"
            "left out   1\n"
            "left out * GetObject 1\n"
            "left out s3.amazonaws.com * 1\n"
            "left out s3.amazonaws.com Get* 1\n"
            "6 calls, 0 others\n");
}

/// The first value, or nothing.
std::string value(const Event& event, const char* field) {
  const auto found = values_of(event, field_index(field));
  return found.empty() ? std::string() : found.front().value;
}

using Granted = std::set<std::pair<std::string, std::string>>;

/// What was not denied, of the calls that have an action: action and resource.
Granted grants_of(const std::vector<const Event*>& hits) {
  Granted granted;
  for (const Event* hit : hits) {
    const std::string type = value(*hit, "event_type");
    const std::string source = value(*hit, "event_source");
    const std::string name = value(*hit, "event_name");
    if (is_denial(value(*hit, "error_code")) || (!type.empty() && type != "AwsApiCall")) continue;
    if (source.empty() || name.empty()) continue;
    const std::string action = iam_action(source, name);
    const auto arns = values_of(*hit, field_index("resources_arn"));
    if (action.empty()) continue;
    if (arns.empty()) granted.emplace(action, "*");
    for (const auto& arn : arns) {
      const bool is_arn = arn.value.starts_with("arn:");
      granted.emplace(action, is_arn ? policy_resource(arn.value) : "*");
    }
  }
  return granted;
}

/// An action that may be done with anything needs no other resource.
Granted without_covered(const Granted& granted) {
  Granted kept;
  for (const auto& [action, arn] : granted) {
    if (arn == "*" || !granted.contains({action, "*"})) kept.emplace(action, arn);
  }
  return kept;
}

TEST(AccessPolicy, IsThatOfEveryHit) {
  const std::uint64_t seed = test::random_seed();
  test::RandomEvents records(seed);
  const std::vector<Event> events = records.events(300);
  const TestStore store{{events.begin(), events.begin() + 150},
                        {events.begin() + 150, events.end()}};
  RandomTree trees(seed, events);
  std::size_t statements = 0;
  for (int i = 0; i < 100; ++i) {
    const Tree tree = i == 0 ? Tree{Everything{}} : trees.next();
    std::vector<const Event*> hits;
    for (const Event& event : events) {
      if (matches(tree, event)) hits.push_back(&event);
    }
    const auto got = access_policy(*store.snapshot(), tree, {}, {}, Deadline());
    ASSERT_TRUE(got) << got.error().message << test::seed_note();
    EXPECT_EQ(got->calls + got->other_events, hits.size()) << test::seed_note();
    Granted granted;
    for (const auto& statement : got->statements) {
      ASSERT_LE(statement.resources.size(), kMaxPolicyResources);
      for (const auto& action : statement.actions) {
        for (const auto& arn : statement.resources) granted.emplace(action, arn);
      }
    }
    statements += got->statements.size();
    ASSERT_EQ(granted, without_covered(grants_of(hits))) << to_string(tree) << test::seed_note();
  }
  EXPECT_GT(statements, 100U) << test::seed_note();
}

}  // namespace
}  // namespace trailsift::query
