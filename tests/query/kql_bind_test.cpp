#include "query/kql_bind.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "query/parse.h"

namespace trailsift::query::kql {
namespace {

ParseOptions options() {
  ParseOptions options;
  options.now = *parse_time("2026-03-29T12:34:56.789Z");
  options.zone = *TimeZone::find("Europe/Berlin");
  return options;
}

struct Case {
  std::string_view query;
  std::string_view tree;
};

TEST(KqlBind, GivesEachConditionItsMeaning) {
  const std::vector<Case> cases = {
      {"", "everything"},
      {"*:*", "everything"},
      {"event_time:*", "everything"},
      {"not *", "nothing"},
      {"\"---\"", "nothing"},
      {"\"---\" and alice", "raw:\"alice\""},
      {"event_name:CreateUser", "event_name=i\"createuser\""},
      {"event_name == CreateUser", "event_name=\"CreateUser\""},
      {"recipient_account_id:111122223333", "recipient_account_id=\"111122223333\""},
      {"event_name:Create*", "event_name~i\"create*\""},
      {"event_name == Create*", "event_name~\"Create*\""},
      {"event_name:a?b*", "event_name~i\"a\\\\?b*\""},
      {"event_name:*", "event_name:{,}"},
      {"requestParameters:*", "request_parameters~\"*\""},
      {"Create*", "raw:\"create\"*"},
      {"sg-0a*", "raw:\"sg 0a\"*"},
      {"sg-*", "raw~~i\"sg-*\""},
      {"*admin*", "raw~~i\"*admin*\""},
      {"user_agent:x*y", "user_agent~~i\"x*y\""},
      {"user_agent == x*y", "user_agent~\"x*y\""},
      {"user_agent == \"x y\"", "user_agent=\"x y\""},
      {"raw == x", "raw~\"x\""},
      {"read_only:TRUE", "read_only=\"true\""},
      {"bytes_in:\"1372.0\"", "bytes_in=\"1372\""},
      {"bytes_in:(> 5 and <= 1e3)", "(and bytes_in:{\"5\",} bytes_in:{,\"1000\"])"},
      {"requestParameters.n >= 5", "requestParameters.n:#[\"5\",}"},
      {"requestParameters.n:[5 to x]", "requestParameters.n:[\"5\",\"x\"]"},
      {"event_name < b", "event_name:{,\"b\"}"},
      {"source.ip:10.1.2.3/8", "source_ip_address=10.0.0.0/8"},
      {"source.ip:2001:DB8:0::1", "source_ip_address=2001:db8::1/128"},
      {"source.ip:10.1.2.3", "source_ip_address=\"10.1.2.3\""},
      {"source.ip == 10.1.2.3/8", "source_ip_address=\"10.1.2.3/8\""},
      {"source.ip:ec2/8", "source_ip_address=i\"ec2/8\""},
      {"requestParameters.cidrIp:10.0.0.0/8", "requestParameters.cidrIp=\"10.0.0.0/8\""},
      {"actor:/A.b/", "actor~i/A.b/"},
      {"actor == /A.b/", "actor~/A.b/"},
      {"actor:$awsRegion", "actor=i$aws_region"},
      {"actor == $requestParameters.\"x y\"", "actor=$\"requestParameters.x y\""},
      {"@timestamp:2021-07-29", "event_time:[2021-07-28T22:00:00Z,2021-07-29T22:00:00Z}"},
      {"@timestamp > 2021-07-29", "event_time:[2021-07-29T22:00:00Z,}"},
      {"@timestamp <= now/d", "event_time:{,2026-03-29T22:00:00Z}"},
      {"session_creation_date:2021",
       "session_creation_date:[\"2020-12-31T23:00:00Z\",\"2021-12-31T23:00:00Z\"}"},
      {"*_user_id:x", "on_behalf_of_user_id=i\"x\""},
      {"bytes_*:7", "(or bytes_in=\"7\" bytes_out=\"7\")"},
  };
  for (const auto& [query, want] : cases) {
    const auto tree = parse_kql(query, options());
    ASSERT_TRUE(tree) << render(tree.error(), query);
    EXPECT_EQ(to_string(*tree), want) << query;
  }
}

struct Mistake {
  std::string_view query;
  std::string_view rendered;
};

TEST(KqlBind, PointsAtTheMistake) {
  const std::vector<Mistake> cases = {
      {"evnt_name:x",
       "Syntax error in query: field (evnt_name) does not exist. Did you mean 'event_name'?\n"
       "  evnt_name:x\n"
       "  ^^^^^^^^^"},
      {"actor:$evnt_name",
       "Syntax error in query: field (evnt_name) does not exist. Did you mean 'event_name'?\n"
       "  actor:$evnt_name\n"
       "        ^^^^^^^^^^"},
      {"zz*:x",
       "expected the name of a field, got 'zz*', which no field's name is like\n"
       "  zz*:x\n"
       "  ^^^"},
      {"bytes_in:many",
       "expected a whole number of 64 bits for integer field 'bytes_in', got 'many'\n"
       "  bytes_in:many\n"
       "           ^^^^"},
      {"bytes_in:1*",
       "expected a whole number of 64 bits for integer field 'bytes_in', got '1*'\n"
       "  bytes_in:1*\n"
       "           ^^"},
      {"read_only:(true or no)",
       "expected true or false for bool field 'read_only', got 'no'\n"
       "  read_only:(true or no)\n"
       "                     ^^"},
      {"source.ip:(10.0.0.0/8 or 198.51.100.0/33)",
       "expected a network such as 198.51.100.0/24 for ip field 'source_ip_address', got "
       "'198.51.100.0/33'\n"
       "  source.ip:(10.0.0.0/8 or 198.51.100.0/33)\n"
       "                           ^^^^^^^^^^^^^^^"},
      {"bytes_in:/1/",
       "expected a keyword, ip or text field for a regular expression, got integer field "
       "'bytes_in'\n"
       "  bytes_in:/1/\n"
       "           ^^^"},
      {"raw > 5",
       "expected a field that has an order for a range, got text field 'raw'\n"
       "  raw > 5\n"
       "        ^"},
      {"event_name:[a* to b]",
       "expected a bound without '*' for keyword field 'event_name', got 'a*'\n"
       "  event_name:[a* to b]\n"
       "              ^^"},
      {"actor:$raw",
       "expected fields with values of their own to compare, got text field 'raw'\n"
       "  actor:$raw\n"
       "        ^^^^"},
  };
  for (const auto& [query, rendered] : cases) {
    const auto tree = parse_kql(query, options());
    ASSERT_FALSE(tree) << query;
    EXPECT_EQ(render(tree.error(), query), rendered) << query;
  }
}

}  // namespace
}  // namespace trailsift::query::kql
