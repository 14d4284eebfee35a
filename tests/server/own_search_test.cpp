// GET and POST /api/search: both forms of a request, each member, and what is refused.

#include <string>

#include <gtest/gtest.h>

#include "tests/server/served_store.h"

namespace trailsift::server {
namespace {

std::string without_time(std::string body) {
  const std::size_t at = body.rfind("\"took_ms\":");
  if (at == std::string::npos) return body;
  const std::size_t end = body.find('}', at);
  return body.replace(at, end - at, "\"took_ms\":0");
}

/// The queries here are in structured syntax, whatever the default is.
HttpResponse post(ServedStore& store, const std::string& target, std::string body) {
  const bool names_it = body.find("\"syntax\"") != std::string::npos;
  if (body.starts_with("{\"") && !names_it) body.insert(1, "\"syntax\":\"structured\",");
  return store.post_json(target, std::move(body));
}

std::string encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

/// `"name":` and its value, as the answer has them.
std::string member(const std::string& body, const std::string& name) {
  const std::size_t at = body.find("\"" + name + "\":");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 3;
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = begin; i < body.size(); ++i) {
    const char c = body[i];
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '[' || c == '{') ++depth;
    if (depth == 0 && (c == ',' || c == '}')) return body.substr(begin, i - begin);
    if (c == ']' || c == '}') --depth;
    if (depth == 0 && (c == ']' || c == '}')) return body.substr(begin, i + 1 - begin);
  }
  return body.substr(begin);
}

TEST(OwnSearch, AnswersWithEverythingAskedFor) {
  ServedStore store;
  const HttpResponse response = post(store, "/api/search", R"({
      "q": "event_source:'s3.amazonaws.com'", "syntax": "structured",
      "columns": ["eventName", "resources_arn", "requestParameters.bucketName"],
      "facets": [{"field": "event_name", "size": 1}, "aws_region"],
      "histogram": {"interval": "1d", "split": "event_name", "values": 1},
      "size": 1, "sort": ["event_time desc"]})");
  EXPECT_EQ(response.status, 200) << response.body;
  const std::string cursor = member(response.body, "cursor");
  EXPECT_FALSE(cursor.empty());
  EXPECT_EQ(
      without_time(response.body),
      R"({"total":3,"hits":[{"id":"e6","time":"2021-07-29T12:00:00Z","fields":{)"
      R"("eventName":"GetObject","resources_arn":["arn:aws:s3:::logs/a","arn:aws:s3:::logs"],)"
      R"("requestParameters.bucketName":["logs"]}}],)"
      R"("facets":[{"field":"event_name","values":[{"value":"GetObject","count":2}],"distinct":2,)"
      R"("missing":0},{"field":"aws_region","values":[{"value":"us-east-1","count":2},)"
      R"({"value":"eu-west-1","count":1}],"distinct":2,"missing":0}],)"
      R"("histogram":{"interval_ms":86400000,"buckets":[{"time":"2021-07-28T00:00:00Z","count":1},)"
      R"({"time":"2021-07-29T00:00:00Z","count":2}],"split":{"field":"event_name","series":[)"
      R"({"value":"GetObject","counts":[1,1]}],"others":[0,1],"missing":[0,0]}},)"
      R"("cursor":)" +
          cursor + R"(,"took_ms":0})");
}

TEST(OwnSearch, TakesTheSameMembersInTheUrl) {
  ServedStore store;
  const struct {
    const char *url, *body;
  } kCases[] = {
      {"", "{}"},
      {"q=matchall&size=2&columns=event_name,event_time",
       R"({"q":"matchall","size":2,"columns":["event_name","event_time"]})"},
      {"facets=event_name,aws_region&size=0", R"({"facets":["event_name","aws_region"],"size":0})"},
      {"facets=[{\"field\":\"event_name\",\"sort\":\"rare\"}]&columns=none",
       R"({"facets":{"field":"event_name","sort":"rare"},"columns":["none"]})"},
      {"filters=[{\"field\":\"aws_region\",\"exclude\":\"us-east-1\"}]&columns=none",
       R"({"filters":[{"field":"aws_region","exclude":["us-east-1"]}],"columns":"none"})"},
      {"histogram=1h&from=2021-07-29&to=2021-07-30&sort=event_name asc,event_id desc&columns=none",
       R"({"histogram":{"interval":"1h"},"from":"2021-07-29","to":"2021-07-30","sort":["event_name asc","event_id desc"],"columns":[]})"},
      {"filters=event_name:'GetObject'&timeout=5s&columns=none",
       R"({"filters":["event_name:'GetObject'"],"timeout":"5s","columns":[]})"},
  };
  for (const auto& c : kCases) {
    std::string url = "/api/search?syntax=structured&";
    for (std::string_view rest = c.url; !rest.empty();) {
      const std::string_view pair = rest.substr(0, rest.find('&'));
      const std::size_t equals = pair.find('=');
      url += std::string(pair.substr(0, equals)) + "=" + encoded(pair.substr(equals + 1)) + "&";
      rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    }
    const HttpResponse got = store.get(url);
    const HttpResponse posted = post(store, "/api/search", c.body);
    EXPECT_EQ(got.status, 200) << c.url << got.body;
    EXPECT_EQ(without_time(got.body), without_time(posted.body)) << c.url;
  }
}

TEST(OwnSearch, SortsByScore) {
  ServedStore store;
  const struct {
    const char *body, *want, *score;
  } kCases[] = {
      // One of six events is a CreateUser, and all have a source: ln(5.5 / 1.5) + 1.
      {R"("q":"eventName:CreateUser or eventSource:*","sort":["_score desc"])", "e5", "2.299283"},
      {R"("q":"eventName:CreateUser or eventSource:*","sort":["_score asc"])", "e6", "1.0"},
      {R"("sort":["_score desc"])", "e6", "0.0"},
      {R"("q":"eventSource:*","filters":[{"query":"eventName:CreateUser or eventSource:*"}],"sort":["_score desc"])",
       "e6", "1.0"},
  };
  for (const auto& [body, want, score] : kCases) {
    const std::string whole =
        "{" + std::string(body) + R"(,"syntax":"kql","size":1,"columns":["none"]})";
    const HttpResponse response = post(store, "/api/search", whole);
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_NE(response.body.find(R"("hits":[{"id":")" + std::string(want)), std::string::npos)
        << body << response.body;
    EXPECT_NE(response.body.find(R"("score":)" + std::string(score) + ","), std::string::npos)
        << body << response.body;
  }
  for (const char* sort : {R"(["_score desc","event_id asc"])", R"(["_score down"])"}) {
    const HttpResponse refused =
        post(store, "/api/search", R"({"sort":)" + std::string(sort) + "}");
    EXPECT_EQ(refused.status, 400) << sort;
    EXPECT_NE(refused.body.find("_score"), std::string::npos) << refused.body;
  }
}

TEST(OwnSearch, FiltersByWhatWasSelected) {
  ServedStore store;
  const struct {
    const char *filters, *total;
  } kCases[] = {
      {R"([{"field":"event_name","include":["GetObject","PutObject"]}])", "3"},
      {R"([{"field":"eventName","exclude":["GetObject","PutObject"]}])", "3"},
      {R"([{"field":"error_code","exists":true}])", "1"},
      {R"([{"field":"error_code","missing":true}])", "5"},
      {R"([{"field":"error_code","missing":true,"include":["AccessDenied"]}])", "6"},
      {R"([{"field":"error_code","exists":true,"not":true}])", "5"},
      {R"([{"field":"resources_arn","include":["arn:aws:s3:::logs"]}])", "1"},
      {R"([{"field":"resources_arn","missing":true}])", "5"},
      {R"([{"field":"bytes_out","include":["1372.0"]}])", "1"},
      {R"([{"field":"requestParameters.bucketName","include":["logs"]}])", "1"},
      {R"([{"field":"requestParameters.bucketName","exists":true}])", "1"},
      {R"([{"field":"requestParameters.bucketName","missing":true}])", "5"},
      {R"([{"field":"user_agent","include":["aws-cli/2.2"]}])", "1"},
      {R"([{"field":"aws_region","include":["us-east-1"]},{"field":"event_source","exclude":["s3.amazonaws.com"]}])",
       "3"},
      {R"([{"query":"event_name:'GetObject'"}])", "2"},
      {R"([{"query":"event_name:'GetObject'","syntax":"structured","not":true}])", "4"},
  };
  for (const auto& c : kCases) {
    const std::string body =
        post(store, "/api/search", std::string(R"({"size":0,"filters":)") + c.filters + "}").body;
    EXPECT_EQ(member(body, "total"), c.total) << c.filters << body;
  }
}

TEST(OwnSearch, CountsAFacetWithoutItsOwnFilter) {
  ServedStore store;
  const std::string body = post(store, "/api/search", R"({"size":0,
      "filters":[{"field":"aws_region","include":["eu-west-1"]},
                 {"field":"event_source","include":["s3.amazonaws.com"]}],
      "facets":[{"field":"aws_region","own_filter":false},"aws_region",
                {"field":"event_name","search":"OBJ","sort":"value"}]})")
                               .body;
  EXPECT_EQ(member(body, "total"), "1");
  EXPECT_EQ(member(body, "facets"),
            R"([{"field":"aws_region","values":[{"value":"us-east-1","count":2},)"
            R"({"value":"eu-west-1","count":1}],"distinct":2,"missing":0},)"
            R"({"field":"aws_region","values":[{"value":"eu-west-1","count":1}],"distinct":1,)"
            R"("missing":0},{"field":"event_name","values":[{"value":"PutObject","count":1}],)"
            R"("distinct":1,"missing":0}])");
}

TEST(OwnSearch, PagesToTheEnd) {
  ServedStore store;
  std::string seen;
  std::string cursor;
  for (int page = 0; page < 10; ++page) {
    const std::string more = cursor.empty() ? "" : R"(,"cursor":)" + cursor;
    const std::string body =
        post(store, "/api/search", R"({"size":4,"columns":[],"from":"now-30d")" + more + "}").body;
    for (std::size_t at = 0; (at = body.find("{\"id\":\"", at)) != std::string::npos; ++at) {
      seen += body.substr(at + 7, 2) + " ";
    }
    cursor = member(body, "cursor");
    if (cursor.empty()) break;
  }
  EXPECT_EQ(seen, "e6 e5 e4 e3 e2 e1 ");
  EXPECT_TRUE(cursor.empty());
}

TEST(OwnSearch, RefusesByName) {
  ServedStore store;
  const struct {
    const char *body, *error;
  } kCases[] = {
      {R"({"queri":"x"})",
       R"({"code":"bad_request","message":"there is no member 'queri'; expected q, syntax, zone, from, to, filters, timeout, sort, columns, facets, histogram, size, cursor, partial","parameter":"queri"})"},
      {R"({"colums":["x"]})",
       R"({"code":"bad_request","message":"there is no member 'colums'; did you mean 'columns'?","parameter":"colums"})"},
      {R"({"facets":[{"feild":"x"}]})",
       R"({"code":"bad_request","message":"there is no member 'facets[0].feild'; did you mean 'field'?","parameter":"facets[0].feild"})"},
      {R"({"size":"10"})",
       R"({"code":"bad_request","message":"expected a number from 0 to 10000 for 'size', got '10'","parameter":"size"})"},
      {R"({"size":10001})",
       R"({"code":"bad_request","message":"expected a number from 0 to 10000 for 'size', got '10001'","parameter":"size"})"},
      {R"({"q":5})",
       R"({"code":"bad_request","message":"expected a text of at most 262144 bytes for 'q', got '5'","parameter":"q"})"},
      {R"({"q":"(and x"})",
       R"({"code":"bad_query","message":"expected ':' after 'x'","parameter":"q","at":{"begin":5,"end":6}})"},
      {R"({"syntax":"sql"})", "for 'syntax', got 'sql'\",\"parameter\":\"syntax\""},
      {R"({"columns":["evnt_name"]})",
       R"({"code":"bad_request","message":"there is no field 'evnt_name'; did you mean 'event_name'?","parameter":"columns"})"},
      {R"({"sort":["resources_arn"]})",
       R"({"code":"bad_request","message":"cannot sort by 'resources_arn': the field has several values","parameter":"sort"})"},
      {R"({"sort":["event_name up"]})",
       R"({"code":"bad_request","message":"expected NAME, NAME asc or NAME desc for 'sort', got 'event_name up'","parameter":"sort"})"},
      {R"({"facets":["raw"]})",
       R"({"code":"bad_request","message":"expected a field that is a column for 'facets[0].field', got 'raw'","parameter":"facets[0].field"})"},
      {R"({"facets":["event_time"]})",
       R"({"code":"bad_request","message":"expected 'histogram' for times, got a facet","parameter":"facets[0].field"})"},
      {R"({"filters":[{"field":"event_name"}]})",
       R"({"code":"bad_request","message":"expected include, exclude, exists or missing in 'filters[0]', got none","parameter":"filters[0]"})"},
      {R"({"filters":[{}]})",
       R"({"code":"bad_request","message":"expected either field or query in 'filters[0]', got neither","parameter":"filters[0]"})"},
      {R"({"filters":[{"field":"bytes_out","include":["many"]}]})",
       R"({"code":"bad_request","message":"expected a value of type integer for 'filters[0].include', got 'many'","parameter":"filters[0].include"})"},
      {R"({"filters":[{"field":"event_time","exists":true}]})",
       R"({"code":"bad_request","message":"expected 'from' and 'to' for times, got a filter","parameter":"filters[0].field"})"},
      {R"({"filters":[{"query":"x:'y'"}]})",
       R"({"code":"bad_query","message":"Syntax error in query: field (x) does not exist.","parameter":"filters[0].query","at":{"begin":0,"end":1}})"},
      {R"({"histogram":"1y"})",
       R"({"code":"bad_request","message":"expected auto or a width such as 30s, 5m, 1h, 1d or 1w for 'histogram.interval', got '1y'","parameter":"histogram.interval"})"},
      {R"({"zone":"Mars/Base"})", R"("parameter":"zone")"},
      {R"({"from":"later"})", R"("parameter":"from")"},
      {R"({"from":"2021-07-30","to":"2021-07-29"})",
       R"({"code":"bad_request","message":"expected 'from' to be before 'to'","parameter":"from"})"},
      {R"({"timeout":"0s"})",
       R"({"code":"bad_request","message":"expected a duration such as 500ms or 30s for 'timeout', got '0s'","parameter":"timeout"})"},
      {R"({"cursor":"initia"})", R"("parameter":"cursor")"},
      {R"([])", R"({"code":"bad_request","message":"expected an object as the body"})"},
      {R"({"q":)", R"("code":"bad_request")"},
      {R"({"q":"matchall","q":"matchall"})", R"("key 'q' is there more than once")"},
      {"{\"q\":\"\xff\"}", R"({"code":"bad_request","message":"expected a body that is UTF-8"})"},
  };
  for (const auto& c : kCases) {
    const HttpResponse response = post(store, "/api/search", c.body);
    EXPECT_EQ(response.status, 400) << c.body;
    EXPECT_NE(response.body.find(c.error), std::string::npos) << c.body << response.body;
  }
  const HttpResponse both = post(store, "/api/search?q=matchall", R"({"q":"matchall"})");
  EXPECT_EQ(both.status, 400);
  EXPECT_EQ(post(store, "/api/search?size=0", R"({"q":"matchall"})").status, 200);
}

TEST(OwnSearch, SpeaksTheEverydayLanguageByItself) {
  ServedStore store;
  EXPECT_EQ(member(store.get("/api/search?size=0&q=event_name:getobject").body, "total"), "2");
}

TEST(OwnSearch, BoundsItsMembers) {
  ServedStore store;
  std::string many = R"({"filters":[)";
  for (int i = 0; i < 101; ++i) many += R"({"query":"matchall"},)";
  EXPECT_EQ(post(store, "/api/search", many + "]}").status, 413);
  std::string keys = "{";
  for (int i = 0; i < 2000; ++i) keys += "k" + std::to_string(i) + ":1,";
  EXPECT_EQ(post(store, "/api/search", keys + "}").status, 413);
  EXPECT_EQ(post(store, "/api/search", R"({"filters":)" + std::string(1000, '[') + "}").status,
            413);
}

}  // namespace
}  // namespace trailsift::server
