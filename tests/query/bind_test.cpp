#include "query/bind.h"

#include <string>

#include <gtest/gtest.h>

#include "query/parser.h"

namespace trailsift::query {
namespace {

/// The bound tree, not simplified, or the error as a person sees it.
std::string bound(std::string_view source, const ParseOptions& options = {}) {
  const auto node = parse_syntax(source);
  if (!node) return "not parsed: " + render(node.error(), source);
  const auto tree = bind(*node, options);
  return tree ? to_string(*tree) : render(tree.error(), source);
}

struct Case {
  std::string_view source, want;
};

TEST(Bind, ResolvesEveryNameOfAField) {
  const Case kCases[] = {
      {"event_source:'x'", "event_source=\"x\""},
      {"eventSource:'x'", "event_source=\"x\""},
      {"eventsource:'x'", "event_source=\"x\""},
      {"event.provider:'x'", "event_source=\"x\""},
      {"userIdentity.sessionContext.sessionIssuer.userName:'x'", "session_issuer_user_name=\"x\""},
      {"_id:'x'", "event_id=\"x\""},
      {"(term field='source.ip' 'x')", "source_ip_address=\"x\""},
      {"(phrase field=requestParameters 'x')", "request_parameters:\"x\""},
  };
  for (const auto& c : kCases) EXPECT_EQ(bound(c.source), c.want) << "query: " << c.source;
}

TEST(Bind, TakesOtherDottedNamesForLeaves) {
  const Case kCases[] = {
      {"requestParameters.bucketName:'x'", "requestParameters.bucketName=\"x\""},
      {"request_parameters.bucketName:'x'", "requestParameters.bucketName=\"x\""},
      {"requestparameters.bucketName:'x'", "requestParameters.bucketName=\"x\""},
      {"aws.cloudtrail.flattened.request_parameters.a.b:'x'", "requestParameters.a.b=\"x\""},
      {"response_elements.a.b:'x'", "responseElements.a.b=\"x\""},
      {"(term field='requestParameters.x-amz-acl:y' 'v')",
       "\"requestParameters.x-amz-acl:y\"=\"v\""},
      {"userIdentity.sessionContext.other:'x'", "userIdentity.sessionContext.other=\"x\""},
      // A path that has a row of its own is that field, however it is named.
      {"additional_event_data.bytesTransferredIn:5", "bytes_in=\"5\""},
      {"additionalEventData.bytesTransferredIn:5", "bytes_in=\"5\""},
      {"requestParameters.maxResults:5", "requestParameters.maxResults=\"5\""},
      {"requestParameters.a:['x',5}", "requestParameters.a:[\"x\",\"5\"}"},
      {"(prefix field=requestParameters.a 'x')", "requestParameters.a=\"x\"*"},
  };
  for (const auto& c : kCases) EXPECT_EQ(bound(c.source), c.want) << "query: " << c.source;
}

TEST(Bind, PointsAtUnknownFields) {
  const Case kCases[] = {
      {"(and event_sorce:'x')",
       "Syntax error in query: field (event_sorce) does not exist. Did you mean 'event_source'?\n"
       "  (and event_sorce:'x')\n"
       "       ^^^^^^^^^^^"},
      {"foo:'x'",
       "Syntax error in query: field (foo) does not exist.\n"
       "  foo:'x'\n"
       "  ^^^"},
      {"(term field=\"foo bar\" 'x')",
       "Syntax error in query: field (foo bar) does not exist.\n"
       "  (term field=\"foo bar\" 'x')\n"
       "              ^^^^^^^^^"},
      {"(term field='' 'x')",
       "Syntax error in query: field () does not exist.\n"
       "  (term field='' 'x')\n"
       "              ^^"},
      {"(not field=foo event_name:'x')",
       "Syntax error in query: field (foo) does not exist.\n"
       "  (not field=foo event_name:'x')\n"
       "             ^^^"},
      {"foo.bar:'x'",
       "Syntax error in query: field (foo.bar) does not exist.\n"
       "  foo.bar:'x'\n"
       "  ^^^^^^^"},
      {"requestParameters.:'x'",
       "Syntax error in query: field (requestParameters.) does not exist."
       " Did you mean 'request_parameters'?\n"
       "  requestParameters.:'x'\n"
       "  ^^^^^^^^^^^^^^^^^^"},
  };
  for (const auto& c : kCases) EXPECT_EQ(bound(c.source), c.want) << "query: " << c.source;
}

TEST(Bind, SurvivesNamesMadeOfDots) {
  const std::string name(100'000, '.');
  const std::string message = bound("(term field='" + name + "' 'x')");
  EXPECT_TRUE(message.starts_with("Syntax error in query: field (" + std::string(80, '.') +
                                  "...) does not exist."));
}

TEST(Bind, GivesValuesTheTypeOfTheirField) {
  const Case kCases[] = {
      {"event_name:'Get'", "event_name=\"Get\""},
      {"event_name:''", "event_name=\"\""},
      {"recipient_account_id:111122223333", "recipient_account_id=\"111122223333\""},
      {"recipient_account_id:007", "recipient_account_id=\"007\""},
      {"event_version:1.0", "event_version=\"1.0\""},
      {"source_ip_address:'198.51.100.7'", "source_ip_address=\"198.51.100.7\""},
      {"read_only:'true'", "read_only=\"true\""},
      {"read_only:'FALSE'", "read_only=\"false\""},
      {"bytes_in:5", "bytes_in=\"5\""},
      {"bytes_in:-05", "bytes_in=\"-5\""},
      {"bytes_in:1.2e3", "bytes_in=\"1200\""},
      {"session_creation_date:'2021-07-29T23:53:26.120+02:00'",
       "session_creation_date=\"2021-07-29T21:53:26.120Z\""},
      {"(prefix field=event_name 'Get')", "event_name=\"Get\"*"},
      {"(wildcard field=event_name 'Get*')", "event_name~\"Get*\""},
      {"(wildcard field=user_agent '*x?')", "user_agent~\"*x?\""},
      {"(wildcard field=requestParameters.a '\\\\*')", "requestParameters.a~\"\\\\*\""},
      {"(wildcard field=event_name '**')", "event_name:{,}"},
      {"(prefix field=source_ip_address '198.')", "source_ip_address=\"198.\"*"},
      {"error_code:{,}", "error_code:{,}"},
      {"event_name:['A','C'}", "event_name:[\"A\",\"C\"}"},
      {"event_version:[1.0,'1.08']", "event_version:[\"1.0\",\"1.08\"]"},
      {"bytes_in:{10,}", "bytes_in:{\"10\",}"},
      {"read_only:['false','true']", "read_only:[\"false\",\"true\"]"},
      {"user_agent:{,'b']", "user_agent:{,\"b\"]"},
      {"session_creation_date:['2021-07-29T00:00:00+01:00',}",
       "session_creation_date:[\"2021-07-28T23:00:00Z\",}"},
  };
  for (const auto& c : kCases) EXPECT_EQ(bound(c.source), c.want) << "query: " << c.source;
}

TEST(Bind, PointsAtValuesOfAnotherType) {
  const Case kCases[] = {
      {"bytes_in:'5'",
       "expected a whole number of 64 bits without quotes for integer field 'bytes_in', got '5'\n"
       "  bytes_in:'5'\n"
       "           ^^^"},
      {"bytes_in:1.5",
       "expected a whole number of 64 bits without quotes for integer field 'bytes_in', got 1.5\n"
       "  bytes_in:1.5\n"
       "           ^^^"},
      {"bytes_in:[1,9999999999999999999]",
       "expected a whole number of 64 bits without quotes for integer field 'bytes_in',"
       " got 9999999999999999999\n"
       "  bytes_in:[1,9999999999999999999]\n"
       "              ^^^^^^^^^^^^^^^^^^^"},
      {"readOnly:'yes'",
       "expected 'true' or 'false' for bool field 'read_only', got 'yes'\n"
       "  readOnly:'yes'\n"
       "           ^^^^^"},
      {"read_only:1",
       "expected 'true' or 'false' for bool field 'read_only', got 1\n"
       "  read_only:1\n"
       "            ^"},
      {"event_time:'yesterday'",
       "expected a time such as '2021-07-29T23:53:26Z' for time field 'event_time',"
       " got 'yesterday'\n"
       "  event_time:'yesterday'\n"
       "             ^^^^^^^^^^^"},
      {"event_time:[20140901,}",
       "expected a time such as '2021-07-29T23:53:26Z' for time field 'event_time', got 20140901\n"
       "  event_time:[20140901,}\n"
       "              ^^^^^^^^"},
      {"event_time:{,'2014-09-01']",
       "expected a time such as '2021-07-29T23:53:26Z' for time field 'event_time',"
       " got '2014-09-01'\n"
       "  event_time:{,'2014-09-01']\n"
       "               ^^^^^^^^^^^^"},
      {"session_creation_date:''",
       "expected a time such as '2021-07-29T23:53:26Z' for time field 'session_creation_date',"
       " got ''\n"
       "  session_creation_date:''\n"
       "                        ^^"},
  };
  for (const auto& c : kCases) EXPECT_EQ(bound(c.source), c.want) << "query: " << c.source;
}

TEST(Bind, TurnsEventTimeIntoHalfOpenRanges) {
  const Case kCases[] = {
      {"event_time:'2021-07-29T23:53:26Z'",
       "event_time:[2021-07-29T23:53:26Z,2021-07-29T23:53:26.001Z}"},
      {"event_time:['2014-09-01T00:00:00Z','2014-09-02T00:00:00Z']",
       "event_time:[2014-09-01T00:00:00Z,2014-09-02T00:00:00.001Z}"},
      {"event_time:{'2014-09-01T00:00:00Z','2014-09-02T00:00:00.5Z'}",
       "event_time:[2014-09-01T00:00:00.001Z,2014-09-02T00:00:00.500Z}"},
      {"@timestamp:['2014-09-01T00:00:00Z',}", "event_time:[2014-09-01T00:00:00Z,}"},
      {"(range field=eventTime {,'2014-09-01T02:00:00+02:00'})",
       "event_time:{,2014-09-01T00:00:00Z}"},
      {"event_time:{,}", "event_time:{,}"},
  };
  for (const auto& c : kCases) EXPECT_EQ(bound(c.source), c.want) << "query: " << c.source;
}

TEST(Bind, CutsTextIntoWordsAndPieces) {
  const Case kCases[] = {
      {"raw:'AccessDenied'", "(and raw:\"accessdenied\")"},
      {"raw:'alice@example.com i-0abc'", "(and raw:\"alice example com\" raw:\"i 0abc\")"},
      {"user_agent:'Boto3 Linux'", "(and user_agent:\"boto3\" user_agent:\"linux\")"},
      {"raw:111122223333", "(and raw:\"111122223333\")"},
      {"(phrase field=raw 'Access denied: x')", "raw:\"access denied x\""},
      {"(near field=raw distance=3 'Bucket policy')", "raw:\"bucket policy\"~3"},
      {"(near field=raw 'bucket policy')", "raw:\"bucket policy\"~1"},
      {"(prefix field=raw 'i-0AB')", "raw:\"i 0ab\"*"},
      {"(prefix field=request_parameters 'adm')", "request_parameters:\"adm\"*"},
  };
  for (const auto& c : kCases) EXPECT_EQ(bound(c.source), c.want) << "query: " << c.source;
}

TEST(Bind, TakesFuzzyWordsApart) {
  const Case kCases[] = {
      {"(fuzzy field=raw 'Alice')", "raw:\"alice\"~~1"},
      {"(fuzzy field=user_agent distance=2 'Boto3')", "user_agent:\"boto3\"~~2"},
      {"(fuzzy field=raw distance=9 'i-0abc')", "(and raw:\"i\"~~2 raw:\"0abc\"~~2)"},
      {"(fuzzy field=event_name distance=2 'Get-Object')", "event_name:\"Get-Object\"~~2"},
      {"(fuzzy field=requestParameters.x 'a b')", "requestParameters.x:\"a b\"~~1"},
      {"(fuzzy field=event_name '')", "nothing"},
      {"(and 'a' (fuzzy '--'))", "(and (or (and raw:\"a\")))"},
  };
  for (const auto& c : kCases) EXPECT_EQ(bound(c.source), c.want) << "query: " << c.source;
}

TEST(Bind, KeepsWhatScoresNeed) {
  ParseOptions options;
  options.scored = true;
  options.default_fields = {field_index("raw"), field_index("user_agent")};
  options.weights = {1, 3};
  options.tie = 0.5;
  const Case kCases[] = {
      {"(phrase 'a')", "(or raw:\"a\" user_agent:\"a\"^3)"},
      {"(phrase boost=2 'a')", "(or raw:\"a\" user_agent:\"a\"^3)^2"},
      {"(and boost=0.5 event_name:'a' (not (term field=event_name boost=9 'b')))",
       "(and event_name=\"a\" (not event_name=\"b\"^9))^0.5"},
      {"(or matchall (term boost=1e99 field=event_name 'b'))",
       "(or everything event_name=\"b\"^1e+06)"},
  };
  for (const auto& c : kCases) {
    const auto tree = parse_structured(c.source, options);
    ASSERT_TRUE(tree) << c.source;
    EXPECT_EQ(to_string(*tree), c.want) << c.source;
  }
}

TEST(Bind, SearchesRawWithoutAField) {
  const Case kCases[] = {
      {"'access denied'", "(or (and raw:\"access\" raw:\"denied\"))"},
      {"(term 'access')", "(or (and raw:\"access\"))"},
      {"(phrase 'access denied')", "(or raw:\"access denied\")"},
      {"(near distance=2 'access denied')", "(or raw:\"access denied\"~2)"},
      {"(prefix 'acc')", "(or raw:\"acc\"*)"},
  };
  for (const auto& c : kCases) EXPECT_EQ(bound(c.source), c.want) << "query: " << c.source;
}

TEST(Bind, SearchesTheDefaultFieldsAskedFor) {
  const FieldIndex agent = field_index("user_agent");
  const FieldIndex name = field_index("event_name");
  const FieldIndex bytes = field_index("bytes_in");
  const FieldIndex raw = field_index("raw");
  const struct {
    std::string_view source;
    std::vector<FieldIndex> fields;
    std::string_view want;
  } kCases[] = {
      {"'a b'", {agent}, "(or (and user_agent:\"a\" user_agent:\"b\"))"},
      // A keyword field compares the string as a whole.
      {"'a b'", {agent, name}, "(or (and user_agent:\"a\" user_agent:\"b\") event_name=\"a b\")"},
      // raw has what other text fields have.
      {"'a'", {agent, raw, name}, "(or (and raw:\"a\") event_name=\"a\")"},
      // Fields that cannot have such a value do not count.
      {"'a'", {bytes, name}, "(or event_name=\"a\")"},
      {"(phrase 'a b')", {name, agent}, "(or user_agent:\"a b\")"},
      {"'--'", {agent, name}, "(or event_name=\"--\")"},
      {"(prefix 'a')", {bytes, agent}, "(or user_agent:\"a\"*)"},
      {"'a'",
       {bytes},
       "expected a whole number of 64 bits without quotes for integer field 'bytes_in', got 'a'\n"
       "  'a'\n"
       "  ^^^"},
      {"(phrase 'a b')",
       {name},
       "expected a text field for 'phrase', got keyword field 'event_name'\n"
       "  (phrase 'a b')\n"
       "  ^^^^^^^^^^^^^^"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(bound(c.source, {c.fields, false}), c.want) << "query: " << c.source;
  }
}

TEST(Bind, AsksForAnyWordWhenToldSo) {
  const ParseOptions any{{}, true};
  EXPECT_EQ(bound("'a b-c'", any), "(or (or raw:\"a\" raw:\"b c\"))");
  EXPECT_EQ(bound("user_agent:'a b'", any), "(or user_agent:\"a\" user_agent:\"b\")");
  EXPECT_EQ(bound("(phrase 'a b')", any), "(or raw:\"a b\")");
  EXPECT_EQ(bound("(and 'a' 'b')", any), "(and (or (or raw:\"a\")) (or (or raw:\"b\")))");
}

TEST(Bind, GivesTheFieldOfAGroupToWhatIsInside) {
  const Case kCases[] = {
      {"(not field=event_name 'Sci-Fi')", "(not event_name=\"Sci-Fi\")"},
      {"(or field=event_name 'a' (and 'b' (prefix 'c')))",
       "(or event_name=\"a\" (and event_name=\"b\" event_name=\"c\"*))"},
      {"(and field=bytes_in (or (term 5) (range [1,2])))",
       "(and (or bytes_in=\"5\" bytes_in:[\"1\",\"2\"]))"},
      {"(and field=user_agent (phrase 'a b') (near 'c d') (or field=raw 'e'))",
       "(and user_agent:\"a b\" user_agent:\"c d\"~1 (or (and raw:\"e\")))"},
      {"(and field=event_name 'a' aws_region:'b' matchall)",
       "(and event_name=\"a\" aws_region=\"b\" everything)"},
  };
  for (const auto& c : kCases) EXPECT_EQ(bound(c.source), c.want) << "query: " << c.source;
}

TEST(Bind, LeavesOutTextThatAsksForNothing) {
  const Case kCases[] = {
      {"'---'", "nothing"},
      {"''", "nothing"},
      {"raw:'--- /'", "nothing"},
      {"(phrase '-')", "nothing"},
      {"(near '-')", "nothing"},
      {"(prefix '-')", "nothing"},
      {"(not '---')", "nothing"},
      {"(and '---')", "nothing"},
      {"(and 'a' '---')", "(and (or (and raw:\"a\")))"},
      {"(or 'a' '---')", "(or (or (and raw:\"a\")))"},
      {"(and event_name:'a' (not '---'))", "(and event_name=\"a\")"},
      {"(and event_name:'a' (or '-' (and '/')))", "(and event_name=\"a\")"},
      {"'a - b'", "(or (and raw:\"a\" raw:\"b\"))"},
      // A keyword's value needs no letters.
      {"event_name:'---'", "event_name=\"---\""},
  };
  for (const auto& c : kCases) EXPECT_EQ(bound(c.source), c.want) << "query: " << c.source;
}

TEST(Bind, PointsAtOperatorsThatDoNotFitTheField) {
  const Case kCases[] = {
      {"(phrase field=event_name 'a b')",
       "expected a text field for 'phrase', got keyword field 'event_name'\n"
       "  (phrase field=event_name 'a b')\n"
       "                ^^^^^^^^^^"},
      {"(near field=requestParameters.x 'a b')",
       "expected a text field for 'near', got leaf 'requestParameters.x'\n"
       "  (near field=requestParameters.x 'a b')\n"
       "              ^^^^^^^^^^^^^^^^^^^"},
      {"(and field=event_name (phrase 'a b'))",
       "expected a text field for 'phrase', got keyword field 'event_name'\n"
       "  (and field=event_name (phrase 'a b'))\n"
       "                        ^^^^^^^^^^^^^^"},
      {"(prefix field=event_time '2021')",
       "expected a keyword, ip or text field for 'prefix', got time field 'event_time'\n"
       "  (prefix field=event_time '2021')\n"
       "                ^^^^^^^^^^"},
      {"(prefix field=read_only 't')",
       "expected a keyword, ip or text field for 'prefix', got bool field 'read_only'\n"
       "  (prefix field=read_only 't')\n"
       "                ^^^^^^^^^"},
      {"(wildcard field=bytes_in '1*')",
       "expected a keyword, ip or text field with values of its own for 'wildcard', got integer "
       "field 'bytes_in'\n"
       "  (wildcard field=bytes_in '1*')\n"
       "                  ^^^^^^^^"},
      {"(wildcard '*x*')",
       "expected a keyword, ip or text field with values of its own for 'wildcard', got text "
       "field 'raw'\n"
       "  (wildcard '*x*')\n"
       "  ^^^^^^^^^^^^^^^^"},
      {"(wildcard field=event_name '')",
       "expected a pattern of at least one character, got ''\n"
       "  (wildcard field=event_name '')\n"
       "                             ^^"},
      {"(prefix field=event_name '')",
       "expected a prefix of at least one character, got ''\n"
       "  (prefix field=event_name '')\n"
       "                           ^^"},
      {"(prefix field=raw '')",
       "expected a prefix of at least one character, got ''\n"
       "  (prefix field=raw '')\n"
       "                    ^^"},
      {"raw:['a','b']",
       "expected a field that has an order for a range, got text field 'raw'\n"
       "  raw:['a','b']\n"
       "  ^^^"},
      {"(and (term 5))",
       "expected a field for a number, got none\n"
       "  (and (term 5))\n"
       "       ^^^^^^^^"},
      {"(range [1,2])",
       "expected a field for a range, got none\n"
       "  (range [1,2])\n"
       "  ^^^^^^^^^^^^^"},
  };
  for (const auto& c : kCases) EXPECT_EQ(bound(c.source), c.want) << "query: " << c.source;
}

TEST(Bind, IgnoresBoosts) {
  EXPECT_EQ(bound("(and boost=3 (term field=event_name boost=2 'x'))"), "(and event_name=\"x\")");
}

TEST(Bind, LimitsTheConditionsThatWordsMake) {
  std::string words;
  for (std::size_t i = 0; i < kMaxQueryClauses; ++i) words += "w ";
  EXPECT_TRUE(bind(*parse_syntax("'" + words + "'"), {}));
  const auto tree = bind(*parse_syntax("(and event_name:'x' '" + words + "')"), {});
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().code, ErrorCode::too_large);
  EXPECT_EQ(tree.error().message,
            "expected at most 4096 conditions, each word being one, got more");
}

TEST(Bind, LimitsTheConditionsThatDefaultFieldsMake) {
  const ParseOptions both{{field_index("user_agent"), field_index("error_message")}, false};
  std::string words;
  for (std::size_t i = 0; i < kMaxQueryClauses / 2; ++i) words += "w ";
  EXPECT_TRUE(bind(*parse_syntax("'" + words + "'"), both));
  const auto tree = bind(*parse_syntax("'" + words + "w'"), both);
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().code, ErrorCode::too_large);
}

TEST(Bind, LimitsTheWordsOfAString) {
  std::string pieces = "x";
  for (std::size_t i = 1; i < kMaxQueryClauses; ++i) pieces += ".x";
  for (const std::string head : {"raw:'", "(phrase field=raw '", "(near '", "(prefix '"}) {
    const std::string tail = head.front() == '(' ? "')" : "'";
    std::string source = head;
    source += pieces;
    EXPECT_TRUE(bind(*parse_syntax(source + tail), {})) << head;
    source += ".x";
    const auto tree = bind(*parse_syntax(source + tail), {});
    ASSERT_FALSE(tree) << head;
    EXPECT_EQ(tree.error().code, ErrorCode::too_large);
    EXPECT_EQ(tree.error().message, "expected at most 4096 words in one string, got 4097");
  }
}

}  // namespace
}  // namespace trailsift::query
