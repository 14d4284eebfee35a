#include <gtest/gtest.h>

#include "tests/server/served_store.h"

namespace trailsift::server {
namespace {

TEST(SearchRefusals, AreModelledSearchExceptions) {
  ServedStore store;
  const HttpResponse response = store.get("/2013-01-01/search?q.parser=structured&q=(and+foo:'x')");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(
      steady(response.body),
      R"({"error":{"rid":"R","code":"bad_query",)"
      R"("message":"[*Deprecated*: Use the outer message field] Syntax error in query: field (foo) does not exist.",)"
      R"("parameter":"q","at":{"begin":5,"end":8}},)"
      R"("message":"Syntax error in query: field (foo) does not exist.","__type":"#SearchException"})");
  EXPECT_NE(response.body.find("\"rid\":\"" + header_of(response, "x-amzn-RequestId") + "\""),
            std::string::npos);
}

/// "STATUS parameter: message", of the answer to a search.
std::string refusal_of(ServedStore& store, const std::string& parameters) {
  const HttpResponse response = store.get("/2013-01-01/search?" + parameters);
  const auto member = [&](const std::string& key) -> std::string {
    const std::size_t at = response.body.rfind("\"" + key + "\":\"");
    if (at == std::string::npos) return "";
    const std::size_t begin = at + key.size() + 4;
    std::size_t end = begin;
    while (response.body[end] != '"' || response.body[end - 1] == '\\') ++end;
    return response.body.substr(begin, end - begin);
  };
  EXPECT_EQ(member("__type"), "#SearchException") << response.body;
  EXPECT_FALSE(response.body.starts_with("{\"code\"")) << response.body;
  return std::to_string(response.status) + " " + member("parameter") + ": " + member("message");
}

TEST(SearchRefusals, SayWhatToDo) {
  ServedStore store;
  const AskedCase kCases[] = {
      {"", "400 q: Missing required parameter 'q'."},
      {"q=&fq=", "400 q: Missing required parameter 'q'."},
      {"q=a&q.parser=sql",
       "400 q.parser: expected one of kql, structured, simple, lucene, dismax for parameter "
       "'q.parser', got 'sql'"},
      {"q=a+AND&q.parser=lucene",
       "400 q: Syntax error in query: expected a condition, got end of query"},
      {"q=nosuch:a&q.parser=lucene",
       "400 q: Syntax error in query: field (nosuch) does not exist."},
      {"bq=a",
       "400 bq: Parameter 'bq' is no longer valid. Replace 'bq=query' with "
       "'q.parser=structured&q=query'."},
      {"rank=-x",
       "400 rank: Parameter 'rank' is no longer valid. Replace 'rank=-field' with 'sort=field "
       "desc'."},
      {"return-fields=x",
       "400 return-fields: Parameter 'return-fields' is no longer valid. Replace "
       "'return-fields=a,b' with 'return=a,b'."},
      {"results-type=xml",
       "400 results-type: Parameter 'results-type' is no longer valid. Replace "
       "'results-type=json' with 'format=json'."},
      {"facet-x-top-n=1",
       "400 facet-x-top-n: Parameter 'facet-x-top-n' is no longer valid. Replace it with "
       "'facet.FIELD={...}'."},
      {"fq=matchall&expr.x=1%2B",
       "400 expr.x: cannot read expression 'x': expected a number, a field or '(', got the end"},
      {"fq=matchall&expr={x:1,y:'nope'}",
       "400 expr: cannot read expression 'y': field (nope) does not exist."},
      {"fq=matchall&expr.X=1",
       "400 expr.X: expected a name of 1 to 64 letters a-z, digits and '_', a letter first, not "
       "'score', for parameter 'expr.X', got 'X'"},
      {"fq=matchall&expr.x=1&expr={x:2}", "400 expr: expression 'x' is asked for more than once"},
      {"fq=matchall&expr.x=1&sort=x+desc,event_time+asc",
       "400 sort: expected fields, or expressions and '_score', not both, for parameter 'sort', "
       "got 'x desc,event_time asc'"},
      {"fq=matchall&format=yaml",
       "400 format: expected json, sdk or xml for parameter 'format', got 'yaml'"},
      {"fq=matchall&pretty=1",
       "400 pretty: expected true or false for parameter 'pretty', got '1'"},
      {"fq=matchall&partial=x",
       "400 partial: expected true or false for parameter 'partial', got 'x'"},
      {"fq=matchall&size=10001",
       "400 size: expected a number from 0 to 10000 for parameter 'size', got '10001'"},
      {"fq=matchall&size=-1",
       "400 size: expected a number from 0 to 10000 for parameter 'size', got '-1'"},
      {"fq=matchall&size=",
       "400 size: expected a number from 0 to 10000 for parameter 'size', got ''"},
      {"fq=matchall&size=1e3",
       "400 size: expected a number from 0 to 10000 for parameter 'size', got '1e3'"},
      {"fq=matchall&size=99999999999999999999",
       "400 size: expected a number from 0 to 10000 for parameter 'size', got "
       "'99999999999999999999'"},
      {"fq=matchall&start=x",
       "400 start: expected a number from 0 to 10000 for parameter 'start', got 'x'"},
      {"fq=matchall&start=9991",
       "400 start: start + size passes the limit of 10000: page with 'cursor'"},
      {"fq=matchall&start=1&cursor=initial",
       "400 cursor: 'start' and 'cursor' are mutually exclusive."},
      {"fq=matchall&sort=event_time",
       "400 sort: expected NAME asc or NAME desc for parameter 'sort', got 'event_time'"},
      {"fq=matchall&sort=event_time+down",
       "400 sort: expected NAME asc or NAME desc for parameter 'sort', got 'event_time down'"},
      {"fq=matchall&sort=event_time+asc,,",
       "400 sort: expected NAME asc or NAME desc for parameter 'sort', got ''"},
      {"fq=matchall&sort=_version+desc",
       "400 sort: sorting by '_version' is not supported: use a field that is sort enabled, or "
       "_id"},
      {"fq=matchall&sort=_score+desc,event_name+asc",
       "400 sort: expected fields, or expressions and '_score', not both, for parameter 'sort', "
       "got "
       "'_score desc,event_name asc'"},
      {"fq=matchall&sort=event_time+desc,_score+desc",
       "400 sort: expected fields, or expressions and '_score', not both, for parameter 'sort', "
       "got "
       "'event_time desc,_score desc'"},
      {"fq=matchall&sort=raw+desc", "400 sort: field (raw) is not sort enabled"},
      {"fq=matchall&sort=resources_arn+desc",
       "400 sort: field (resources_arn) is not sort enabled: it has several values"},
      {"fq=matchall&sort=event_nam+desc",
       "400 sort: field (event_nam) does not exist. Did you mean 'event_name' or "
       "'insight_event_name'?"},
      {"fq=matchall&sort=_id+asc,_id+asc,_id+asc,_id+asc,_id+asc,_id+asc,_id+asc,_id+asc,_id+asc,"
       "_id+asc,_id+asc",
       "400 sort: 'sort' has more than the limit of 10 names"},
      {"fq=matchall&return=_no_fields,_score",
       "400 return: expected '_no_fields' to stand alone for parameter 'return', got "
       "'_no_fields,_score'"},
      {"fq=matchall&return=zzzzzzzz", "400 return: field (zzzzzzzz) does not exist."},
      {"fq=matchall&return=_no_fields,event_name",
       "400 return: expected '_no_fields' to stand alone for parameter 'return', got "
       "'_no_fields,event_name'"},
      {"fq=matchall&from=yesterdy",
       "400 from: expected a time such as '2021-07-29T23:53:26Z', '2021-07-29' or 'now-24h', got "
       "'yesterdy'"},
      {"fq=matchall&from=2021-07-30&to=2021-07-29", "400 from: expected 'from' to be before 'to'"},
      {"fq=matchall&histogram=1y",
       "400 histogram: expected auto or a width such as 30s, 5m, 1h, 1d or 1w for parameter "
       "'histogram', got '1y'"},
      {"fq=matchall&histogram=0h",
       "400 histogram: expected auto or a width such as 30s, 5m, 1h, 1d or 1w for parameter "
       "'histogram', got '0h'"},
      {"fq=matchall&size=1&size=1", "400 size: parameter 'size' is there more than once"},
      {"fq=%zz", "400 fq: expected two hexadecimal digits after '%', got 'zz'"},
      {"fq=matchall&q.options={tieBreaker:0}",
       "400 q.options: expected one of the options of 'simple', which are defaultOperator, fields, "
       "operators, for parameter 'q.options', got 'tieBreaker'"},
      {"fq=matchall&q.options={defaultOperator:50%25}",
       "400 q.options: expected 'and' or 'or' as defaultOperator, got '50%'"},
      {"fq=matchall&q.options={operators:['xor']}",
       "400 q.options: expected and, escape, fuzzy, near, not, or, phrase, precedence, prefix or "
       "whitespace, got 'xor'"},
      {"fq=matchall&q.options={fields:['raw^0']}",
       "400 q.options: expected a weight above 0 such as title^2, got 'raw^0'"},
      {"fq=matchall&q.parser=dismax&q.options={defaultOperator:101%25}",
       "400 q.options: expected 'and', 'or' or a percentage from 0% to 100% as defaultOperator, "
       "got '101%'"},
      {"fq=matchall&q.parser=dismax&q.options={tieBreaker:2}",
       "400 q.options: expected a number from 0.0 to 1.0 for 'tieBreaker', got '2'"},
      {"fq=matchall&q.parser=dismax&q.options={explicitPhraseSlop:1.5}",
       "400 q.options: expected a number of words for 'explicitPhraseSlop', got '1.5'"},
      {"fq=matchall&q.parser=dismax&q.options={phraseFields:raw}",
       "400 q.options: expected an array of names for 'phraseFields', got 'raw'"},
      {"fq=matchall&q.options=[]",
       "400 q.options: expected an object such as {defaultOperator: 'or'} for parameter "
       "'q.options', got '[]'"},
      {"fq=matchall&q.options={fields:['nope']}", "400 q.options: field (nope) does not exist."},
      {"fq=matchall&q.options={", "400 q.options: expected a key or '}', got end of text"},
  };
  for (const auto& c : kCases) EXPECT_EQ(refusal_of(store, c.asked), c.want) << c.asked;
}

TEST(SearchRefusals, ExplainFacets) {
  ServedStore store;
  const AskedCase kCases[] = {
      {"facet.raw={}", "400 facet.raw: field (raw) is not facet enabled"},
      {"facet.event_nam={}",
       "400 facet.event_nam: field (event_nam) does not exist. Did you mean 'event_name' or "
       "'insight_event_name'?"},
      {"facet.event_name=5", "400 facet.event_name: expected an object such as {} or {size: 5}"},
      {"facet.event_name={sort:'rank'}",
       "400 facet.event_name: expected 'count' or 'bucket', got 'rank'"},
      {"facet.event_name={size:10001}",
       "400 facet.event_name: expected a number from 0 to 10000 for 'size', got '10001'"},
      {"facet.event_name={top:1}",
       "400 facet.event_name: expected one of the options sort, size, buckets, method; got 'top'"},
      {"facet.event_name={method:'quick'}",
       "400 facet.event_name: expected 'filter' or 'interval', got 'quick'"},
      {"facet.event_name={buckets:[]}",
       "400 facet.event_name: expected an array of values or ranges for 'buckets'"},
      {"facet.event_name={buckets:[{}]}", "400 facet.event_name: expected a value or a range"},
      {"facet.event_name={buckets:['a'],size:3}",
       "400 facet.event_name: 'buckets' cannot stand beside 'sort' or 'size'"},
      {"facet.bytes_out={buckets:['many']}",
       "400 facet.bytes_out: expected a value of type integer, got 'many'"},
      {"facet.bytes_out={buckets:['[1,2']}",
       "400 facet.bytes_out: cannot read the range '[1,2': expected ']'"},
      {"facet.bytes_out={buckets:['[1']}",
       "400 facet.bytes_out: cannot read the range '[1': expected ','"},
      {"facet.bytes_out={buckets:['[1,2]x']}",
       "400 facet.bytes_out: cannot read the range '[1,2]x': expected its end after ']'"},
      {"facet.bytes_out={buckets:['[,2]']}",
       "400 facet.bytes_out: cannot read the range '[,2]': expected '{' or '}' beside a bound that "
       "is left out"},
      {"facet.bytes_out={buckets:['[1,few]']}",
       "400 facet.bytes_out: cannot read the range '[1,few]': expected a bound of type integer, "
       "got 'few'"},
      {"facet.bytes_out={buckets:[\"['1,2]\"]}",
       "400 facet.bytes_out: cannot read the range '['1,2]': expected a closing '"},
      {"facet.event_time={}",
       "400 facet.event_time: a facet of a time needs 'buckets'; 'histogram=auto' counts by time"},
      {"facet=event_name",
       "400 facet: expected an object such as {event_name: {size: 5}} for parameter 'facet', got "
       "'event_name'"},
      {"facet={event_name:{}}&facet.event_name={}",
       "400 facet.event_name: facet 'event_name' is asked for more than once"},
      {"facet.event_name={size", "400 facet.event_name: expected ':', got end of text"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(refusal_of(store, std::string("fq=matchall&") + c.asked), c.want) << c.asked;
  }
}

TEST(SearchRefusals, LimitFacets) {
  ServedStore store;
  std::string facets;
  std::size_t count = 0;
  for (const char* prefix : {"", "aws."}) {
    for (const Field& field : fields()) {
      if (!field.column || field.type == FieldType::time || ++count > 200) continue;
      const std::string_view name = *prefix == '\0' ? field.name : field.path;
      if (!name.empty()) facets += "&facet." + std::string(name) + "={}";
    }
  }
  EXPECT_NE(refusal_of(store, "fq=matchall" + facets)
                .find("the request has more than the limit of 100 facets"),
            std::string::npos);
}

TEST(SearchRefusals, NameTheLimitsOfQueries) {
  ServedStore store;
  const std::string deep = refusal_of(
      store, "fq=" + [] {
        std::string text;
        for (int i = 0; i < 1000; ++i) text += "(not+";
        return text;
      }());
  EXPECT_TRUE(deep.starts_with("400 fq: ")) << deep;
  EXPECT_NE(deep.find("128"), std::string::npos) << deep;
  std::string many = "q.parser=structured&q=(or";
  for (int i = 0; i < 5000; ++i) many += "+event_name:'a'";
  const HttpResponse clauses = store.ask("POST", "/2013-01-01/search", many + ")");
  EXPECT_EQ(clauses.status, 400);
  EXPECT_NE(clauses.body.find("4096"), std::string::npos) << clauses.body;
  const HttpResponse bytes = store.ask("POST", "/2013-01-01/search",
                                       "q.parser=structured&q='" + std::string(300'000, 'a') + "'");
  EXPECT_EQ(bytes.status, 400);
  EXPECT_NE(bytes.body.find("262144"), std::string::npos) << bytes.body;
}

}  // namespace
}  // namespace trailsift::server
