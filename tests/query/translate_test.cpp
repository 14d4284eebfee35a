// Queries in other languages. That SQL, Sigma and EventBridge find the same,
// tests/clients/test_translate.py asks engines of their own.

#include "query/translate.h"

#include <array>
#include <cstdio>
#include <memory>

#include <gtest/gtest.h>

#include "query/matches.h"
#include "query/simplify.h"
#include "tests/query/random_tree.h"
#include "tests/query/test_store.h"
#include "tests/support/random_events.h"
#include "tests/support/random_seed.h"

namespace trailsift::query {
namespace {

Tree kql(const std::string& text) {
  ParseOptions options;
  options.now = at("2024-06-01T08:00:00Z");
  auto tree = parse_kql(text, options);
  if (!tree) throw std::logic_error(tree.error().message);
  return std::move(*tree);
}

std::string told(const Result<std::string>& text) {
  return text ? *text : "! " + text.error().message;
}

TEST(Translate, WritesStructured) {
  const struct {
    const char* query;
    const char* text;
  } kCases[] = {
      {"eventName == CreateUser", "event_name:'CreateUser'"},
      {"eventName == Create*", "(wildcard field=event_name 'Create*')"},
      {"eventName == *User", "(wildcard field=event_name '*User')"},
      {"errorCode:*", "(wildcard field=error_code '*')"},
      {"not errorCode:* and eventName == \"a'b\"",
       "(and (not (wildcard field=error_code '*')) event_name:'a\\'b')"},
      {"eventTime >= 2024-06-01", "event_time:['2024-06-01T00:00:00Z',}"},
      {"eventName: CreateUser",
       "! the structured syntax has nothing for a comparison in which case does not count, as that "
       "of 'event_name' (== is the one in which it does)"},
      {"sourceIPAddress:198.51.100.0/24",
       "! the structured syntax has nothing for the network of 'source_ip_address'"},
      {"eventName:/a.b/",
       "! the structured syntax has nothing for the regular expression for 'event_name'"},
  };
  for (const auto& c : kCases) EXPECT_EQ(told(to_structured(kql(c.query))), c.text) << c.query;
}

TEST(Translate, WritesSql) {
  const std::string select = "SELECT * FROM cloudtrail_logs WHERE ";
  const struct {
    const char* query;
    std::string text;
  } kCases[] = {
      {"eventName == CreateUser", select + "(eventname IS NOT NULL AND eventname = 'CreateUser')"},
      {"not userIdentity.type:AWSService",
       select +
           "(NOT (useridentity.type IS NOT NULL AND lower(useridentity.type) = 'awsservice'))"},
      {"eventName == \"x' OR '1'='1\"",
       select + "(eventname IS NOT NULL AND eventname = 'x'' OR ''1''=''1')"},
      {R"(eventName == *50%_off\\*)",
       select + R"((eventname IS NOT NULL AND eventname LIKE '%50\%\_off\\%' ESCAPE '\'))"},
      {"eventTime >= 2024-06-01", select + "(from_iso8601_timestamp(eventtime) >= "
                                           "from_iso8601_timestamp('2024-06-01T00:00:00Z'))"},
      {"sourceIPAddress:198.51.100.0/24",
       select + "(sourceipaddress IS NOT NULL AND coalesce(contains('198.51.100.0/24', "
                "try_cast(sourceipaddress AS ipaddress)), false))"},
      {"actor:alice",
       "! the SQL of Athena has nothing for the field 'actor', which is no column of its table"},
      {"requestParameters.bucketName:x",
       "! the SQL of Athena has nothing for 'requestParameters.bucketName', which stands in a "
       "column "
       "of JSON text"},
      {"i-0abc1234", "! the SQL of Athena has nothing for words of 'raw'"},
      {"eventName:\u00e4*",
       "! the SQL of Athena has nothing for letters beyond ASCII of which the case does not count"},
  };
  for (const auto& c : kCases) EXPECT_EQ(told(to_athena_sql(kql(c.query))), c.text) << c.query;
}

TEST(Translate, WritesSigma) {
  const std::string head =
      "title: Trailsift query\nstatus: experimental\nlogsource:\n  product: aws\n"
      "  service: cloudtrail\ndetection:\n";
  const struct {
    const char* query;
    std::string text;
  } kCases[] = {
      {"eventName:CreateUser",
       head + "  selection1:\n    'eventName': 'createuser'\n  condition: selection1\n"},
      {"eventName == (a or b) and not errorCode:*",
       head + "  selection1:\n    'eventName|cased': ['a', 'b']\n"
              "  selection2:\n    'errorCode|exists': true\n"
              "  condition: (selection1 and not selection2)\n"},
      {"requestParameters.bucketName:log*",
       head +
           "  selection1:\n    'requestParameters.bucketName': 'log*'\n  condition: selection1\n"},
      {"additionalEventData.bytesTransferredIn > 10",
       head + "  selection1:\n    'additionalEventData.bytesTransferredIn|gt': 10\n"
              "  condition: selection1\n"},
      {"actor:alice", "! Sigma has nothing for the field 'actor', which no record has"},
      {"eventTime >= 2024-06-01", "! Sigma has nothing for a time"},
      {"*", "! Sigma has nothing for a rule that everything answers"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(told(to_sigma(kql(c.query))), c.text) << c.query;
  }
}

/// Without blanks, and without what every pattern begins with.
std::string eventbridge(const std::string& query) {
  const auto pattern = to_eventbridge(kql(query));
  if (!pattern) return "! " + pattern.error().message;
  std::string text;
  bool quoted = false;
  for (const char c : *pattern) {
    quoted ^= c == '"';
    if (quoted || (c != ' ' && c != '\n')) text += c;
  }
  const std::string head = R"({"detail-type":[{"suffix":" via CloudTrail"}])";
  EXPECT_TRUE(text.starts_with(head)) << text;
  return text.substr(head.size());
}

TEST(Translate, WritesPatternsOfEventBridge) {
  const struct {
    const char* query;
    const char* text;
  } kCases[] = {
      {"*", "}"},
      {"eventName == CreateUser", R"(,"detail":{"eventName":["CreateUser"]}})"},
      {"eventName:CreateUser", R"(,"detail":{"eventName":[{"equals-ignore-case":"createuser"}]}})"},
      {"eventName == Create*", R"(,"detail":{"eventName":[{"prefix":"Create"}]}})"},
      {"eventName:*user", R"(,"detail":{"eventName":[{"suffix":{"equals-ignore-case":"user"}}]}})"},
      {"eventName == C*e*", R"(,"detail":{"eventName":[{"wildcard":"C*e*"}]}})"},
      {"eventName == (a or b) and not errorCode:*",
       R"(,"detail":{"errorCode":[{"exists":false}],"eventName":["a","b"]}})"},
      {"not eventName == (a or b)",
       R"(,"detail":{"eventName":[{"exists":false},{"anything-but":["a","b"]}]}})"},
      {"errorCode:* and not errorCode == a",
       R"(,"detail":{"errorCode":[{"anything-but":["a"]}]}})"},
      {"errorCode:* and not errorCode == a and not errorCode == b",
       R"(,"detail":{"errorCode":[{"anything-but":["a","b"]}]}})"},
      {"userIdentity.type == Root or eventName == a",
       R"(,"detail":{"$or":[{"userIdentity":{"type":["Root"]}},{"eventName":["a"]}]}})"},
      {"userIdentity.type == Root and userIdentity.sessionContext.sessionIssuer.type == Role",
       R"(,"detail":{"userIdentity":{"sessionContext":{"sessionIssuer":{"type":["Role"]}},)"
       R"("type":["Root"]}}})"},
      {"readOnly:false", R"(,"detail":{"readOnly":[false,{"equals-ignore-case":"false"}]}})"},
      {"sourceIPAddress:198.51.100.0/24",
       R"(,"detail":{"sourceIPAddress":[{"cidr":"198.51.100.0/24"}]}})"},
      {"additionalEventData.bytesTransferredIn > 10",
       R"(,"detail":{"additionalEventData":{"bytesTransferredIn":[{"numeric":[">",10]}]}}})"},
      {"not additionalEventData.bytesTransferredIn > 10",
       R"(,"detail":{"additionalEventData":{"bytesTransferredIn":)"
       R"([{"exists":false},{"numeric":["<=",10]}]}}})"},
      {"eventName == Create* and not eventName == CreateLogStream",
       "! EventBridge has nothing for two conditions on 'eventName' that both must hold"},
      {"not requestParameters.bucketName == a",
       "! EventBridge has nothing for what 'requestParameters.bucketName' must not be, as it may "
       "be a list"},
      {"requestParameters.tags.key == a and requestParameters.tags.value == b",
       "! EventBridge has nothing for 'requestParameters.tags.value' and "
       "'requestParameters.tags.key' together, which may be of two elements of a list"},
      {"actor:alice", "! EventBridge has nothing for the field 'actor', which no record has"},
      {"eventTime >= 2024-06-01", "! EventBridge has nothing for a time"},
      {"reports", "! EventBridge has nothing for words of 'raw'"},
      {"not eventName:a*",
       "! EventBridge has nothing for how 'event_name' must not begin or end, in whatever case"},
      {"sourceIPAddress:2001:db8::1/128",
       "! EventBridge has nothing for an address of IPv6, which has many spellings"},
      {"not sourceIPAddress:198.51.100.0/24",
       "! EventBridge has nothing for what is not in the network of 'source_ip_address'"},
      {"eventName:a*b",
       "! EventBridge has nothing for a pattern in which case does not count, "
       "unless it is a beginning or an end"},
  };
  for (const auto& c : kCases) EXPECT_EQ(eventbridge(c.query), c.text) << c.query;
}

/// What structured text finds is what the tree found, for every tree that it can say.
TEST(Translate, StructuredFindsTheSame) {
  const std::uint64_t seed = test::random_seed();
  const auto events = test::RandomEvents(seed).events(60);
  RandomTree random(seed, events);
  int said = 0;
  for (int i = 0; i < 2000; ++i) {
    const Tree tree = random.next();
    (void)to_athena_sql(tree);
    (void)to_sigma(tree);
    (void)to_eventbridge(tree);
    const auto text = to_structured(tree);
    if (!text) continue;
    ++said;
    const auto read = parse_structured(*text);
    ASSERT_TRUE(read) << *text << ": " << read.error().message << ' ' << test::seed_note();
    for (const Event& event : events) {
      ASSERT_EQ(matches(*read, event), matches(tree, event)) << to_string(tree) << "\n"
                                                             << *text << "\n"
                                                             << test::seed_note();
    }
  }
  EXPECT_GT(said, 200) << test::seed_note();
}

TEST(Translate, QuotesForTheShell) {
  for (const std::string& text :
       {std::string("a"), std::string("it's"), std::string("$(id) `id` \\ \"x\" !!"),
        std::string("line\nline"), std::string("'''"), std::string("\u202e")}) {
    const std::string command = "printf %s " + shell_quoted(text);
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    ASSERT_NE(pipe, nullptr);
    std::array<char, 200> buffer{};
    const std::size_t size = fread(buffer.data(), 1, buffer.size(), pipe.get());
    EXPECT_EQ(std::string(buffer.data(), size), text);
  }
}

}  // namespace
}  // namespace trailsift::query
