#include "server/service.h"

#include <fstream>

#include <gtest/gtest.h>

#include "server/api_members.h"
#include "server/search_parameters.h"
#include "tests/server/served_store.h"

namespace trailsift::server {
namespace {

TEST(Service, GivesARecordByteForByte) {
  ServedStore store;
  const HttpResponse got = store.get("/api/events/e5");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.content_type, "application/json");
  EXPECT_EQ(got.body, sample_records()[1]);
  const HttpResponse odd = store.get("/api/events/%3Cimg%20src%3Dx%3E");
  EXPECT_EQ(odd.status, 404);
  EXPECT_EQ(odd.content_type, "application/json");
  EXPECT_TRUE(odd.body.starts_with(R"({"error":{"code":"not_found","message":")")) << odd.body;
}

TEST(Service, TellsItsStatus) {
  ServedStore store;
  const std::string body = steady(store.get("/api/status").body);
  EXPECT_TRUE(body.starts_with(
      R"({"version":"1.2.3","uptime_seconds":0,"generation":1,"segments":1,"events":6,)"
      R"("oldest":"2021-07-27T10:00:00Z","newest":"2021-07-29T12:00:00Z","bytes":{"terms":)"))
      << body;
  ServedStore empty{{}};
  EXPECT_EQ(steady(empty.get("/api/status").body),
            R"({"version":"1.2.3","uptime_seconds":0,"generation":0,"segments":0,"events":0,)"
            R"("bytes":{"terms":0,"columns":0,"records":0,"total":0},"segment_list":[],)"
            R"("deliveries":{"states":{"received":0,"indexed":0,"skipped":0,"failed":0,)"
            R"("quarantined":0},"totals":{"attempts":0,"read":0,"indexed":0,"duplicates":0,)"
            R"("filtered":0,"rejected":0,"bytes":0}},"quarantine":{"entries":0}})");
}

TEST(Service, DescribesEveryField) {
  ServedStore store;
  const std::string body = store.get("/api/fields").body;
  for (const Field& field : fields()) {
    EXPECT_NE(body.find("{\"name\":\"" + std::string(field.name) + "\","), std::string::npos)
        << field.name;
  }
  EXPECT_NE(body.find(R"({"name":"event_name","path":"eventName","aliases":["event.action"],)"
                      R"("type":"keyword","column":true,"multi":false,"origin":"record","help":)"),
            std::string::npos)
      << body;
}

TEST(Service, ListsItsRoutes) {
  ServedStore store;
  const std::string body = store.get("/api").body;
  for (const Route& route : routes()) {
    EXPECT_NE(body.find("\"path\":\"" + std::string(route.path) + "\""), std::string::npos);
  }
  EXPECT_NE(body.find(R"({"name":"stats","supported":true,)"), std::string::npos) << body;
}

TEST(Service, IsHealthyWhileTheStoreCanBeRead) {
  ServedStore store;
  EXPECT_EQ(store.get("/healthz").status, 200);
  EXPECT_EQ(store.get("/healthz").body, "ok\n");
}

TEST(Service, CountsRequests) {
  ServedStore store;
  store.get("/healthz");
  store.get("/2013-01-01/search?fq=matchall");
  store.get("/2013-01-01/search");
  store.get("/secret/path");
  const HttpResponse metrics = store.get("/metrics");
  EXPECT_EQ(metrics.content_type, "text/plain; version=0.0.4; charset=utf-8");
  for (const char* line : {
           "trailsift_http_requests_total{route=\"/healthz\",status=\"200\"} 1\n",
           "trailsift_http_requests_total{route=\"/2013-01-01/search\",status=\"200\"} 1\n",
           "trailsift_http_requests_total{route=\"/2013-01-01/search\",status=\"400\"} 1\n",
           "trailsift_http_requests_total{route=\"none\",status=\"404\"} 1\n",
           "trailsift_http_request_seconds_count{route=\"/2013-01-01/search\"} 2\n",
           "trailsift_http_request_seconds_bucket{route=\"/healthz\",le=\"10\"} 1\n",
           "trailsift_events 6\n",
           "trailsift_segments 1\n",
           "trailsift_generation 1\n",
       }) {
    EXPECT_NE(metrics.body.find(line), std::string::npos) << line << metrics.body;
  }
  EXPECT_EQ(metrics.body.find("secret"), std::string::npos);
}

TEST(Service, ServesThePage) {
  ServedStore store;
  const HttpResponse page = store.get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  EXPECT_NE(page.body.find("/assets/"), std::string::npos);
  EXPECT_EQ(store.get("/assets/../../etc/passwd").status, 404);
}

TEST(Service, ProtectsEveryAnswer) {
  ServedStore store;
  for (const char* target : {"/", "/assets/none.js", "/healthz", "/metrics", "/api/events/e1",
                             "/api/events/none", "/nothing", "/2013-01-01/search", "/%"}) {
    const HttpResponse response = store.get(target);
    const std::string policy = header_of(response, "Content-Security-Policy");
    EXPECT_TRUE(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"))
        << target << policy;
    EXPECT_TRUE(
        policy.ends_with("; connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
                         "form-action 'none'; frame-ancestors 'none'; "
                         "require-trusted-types-for 'script'; trusted-types 'none'"))
        << target << policy;
    EXPECT_EQ(policy.find("'nonce-") != std::string::npos, std::string_view(target) == "/");
    EXPECT_EQ(policy.find("unsafe"), std::string::npos) << policy;
    EXPECT_EQ(header_of(response, "X-Content-Type-Options"), "nosniff") << target;
    EXPECT_EQ(header_of(response, "Referrer-Policy"), "no-referrer") << target;
    EXPECT_EQ(header_of(response, "Cross-Origin-Opener-Policy"), "same-origin") << target;
    EXPECT_EQ(header_of(response, "Cross-Origin-Resource-Policy"), "same-origin") << target;
    EXPECT_EQ(header_of(response, "Access-Control-Allow-Origin"), "") << target;
    EXPECT_EQ(header_of(response, "x-amzn-RequestId").size(), 36U) << target;
  }
  EXPECT_NE(header_of(store.get("/healthz"), "x-amzn-RequestId"),
            header_of(store.get("/healthz"), "x-amzn-RequestId"));
}

TEST(Service, TellsPathsMethodsAndEncodingsThatAreWrong) {
  ServedStore store;
  const struct {
    const char *method, *target;
    int status;
    const char* body;
  } kCases[] = {
      {"GET", "/nothing", 404,
       R"({"error":{"code":"not_found","message":"there is no route '/nothing'"}})"},
      {"GET", "/api/events/", 404,
       R"({"error":{"code":"not_found","message":"there is no route '/api/events/'"}})"},
      {"GET", "/assets/none.js", 404,
       R"({"error":{"code":"not_found","message":"there is no asset 'none.js'"}})"},
      {"GET", "/%zz", 400,
       R"({"error":{"code":"bad_request","message":"expected two hexadecimal digits after '%', got 'zz'"}})"},
      {"GET", "/healthz?a=%", 400,
       R"({"error":{"code":"bad_request","message":"expected two hexadecimal digits after '%', got ''","parameter":"a"}})"},
      {"DELETE", "/api/events/e1", 405,
       R"({"error":{"code":"bad_request","message":"expected GET, HEAD for '/api/events/e1', got 'DELETE'"}})"},
      {"PUT", "/2013-01-01/search", 405,
       R"({"error":{"rid":"R","code":"bad_request","message":"[*Deprecated*: Use the outer message field] expected GET, HEAD, POST for '/2013-01-01/search', got 'PUT'"},"message":"expected GET, HEAD, POST for '/2013-01-01/search', got 'PUT'","__type":"#SearchException"})"},
      {"GET", "/2013-01-01/nosuch", 404,
       R"({"error":{"rid":"R","code":"not_found","message":"[*Deprecated*: Use the outer message field] there is no route '/2013-01-01/nosuch'"},"message":"there is no route '/2013-01-01/nosuch'","__type":"#SearchException"})"},
      {"GET", "/2011-02-01/search", 404,
       R"({"error":{"code":"not_found","message":"there is no route '/2011-02-01/search'"}})"},
  };
  for (const auto& c : kCases) {
    const HttpResponse response = store.ask(c.method, c.target);
    EXPECT_EQ(response.status, c.status) << c.target;
    EXPECT_EQ(response.content_type, "application/json") << c.target;
    EXPECT_EQ(steady(response.body), c.body) << c.target;
  }
  EXPECT_EQ(header_of(store.ask("OPTIONS", "/2013-01-01/search"), "Allow"), "GET, HEAD, POST");
  EXPECT_EQ(store.ask("HEAD", "/api/events/e1").status, 200);
}

TEST(Service, KeepsItsErrorShapeOnEveryRoute) {
  ServedStore store;
  for (const Route& route : routes()) {
    if (route.push) continue;  // Refused before their parameters are looked at: push_test.cpp.
    std::string path(route.path);
    if (const std::size_t brace = path.find('{'); brace != std::string::npos) {
      path = path.substr(0, brace) + "x" + path.substr(path.find('}') + 1);
    }
    const HttpResponse response = store.ask(std::string(route.method), path + "?a=%zz");
    EXPECT_EQ(response.status, 400) << route.path;
    EXPECT_EQ(response.content_type, "application/json") << route.path;
    EXPECT_TRUE(response.body.starts_with("{\"error\":{")) << response.body;
    const bool elastic = route.shape == ErrorShape::elastic;
    const std::string_view kind =
        elastic ? R"("type":"illegal_argument_exception")" : R"("code":"bad_request")";
    EXPECT_NE(response.body.find(kind), std::string::npos) << response.body;
    EXPECT_EQ(response.body.find("\"__type\"") != std::string::npos,
              route.shape == ErrorShape::cloudsearch)
        << response.body;
  }
}

TEST(Service, RefusesNamesThatCouldBeRebound) {
  ServiceOptions options;
  options.allowed_hosts = {"logs.example.com"};
  ServedStore store(sample_records(), options);
  HttpRequest request;
  request.method = "GET";
  request.target = "/api/events/e1";
  request.received = std::chrono::steady_clock::now();
  const struct {
    std::optional<std::string> host;
    int status;
  } kCases[] = {
      {"localhost:1", 200},      {"127.0.0.1", 200},    {"[::1]:8080", 200},
      {"logs.example.com", 200}, {"evil.example", 403}, {std::nullopt, 403},
  };
  for (const auto& c : kCases) {
    request.host = c.host;
    EXPECT_EQ(answer_of(store.service(), request).status, c.status) << c.host.value_or("none");
  }
  request.host = "evil.example";
  EXPECT_EQ(
      answer_of(store.service(), request).body,
      R"({"error":{"code":"bad_request","message":"host 'evil.example' is not allowed: use an IP address or localhost, or start the server with --allow-host"}})");
}

TEST(Service, SaysWhenItIsBusy) {
  ServedStore store;
  HttpRequest request;
  request.method = "GET";
  request.target = "/2013-01-01/search?fq=matchall";
  request.host = "localhost";
  request.received = std::chrono::steady_clock::now() - std::chrono::minutes(1);
  const HttpResponse response = answer_of(store.service(), request);
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(header_of(response, "Retry-After"), "1");
  EXPECT_NE(response.body.find("\"message\":\"the server is busy: the request waited longer than "
                               "the limit of 30000 ms\",\"__type\":\"#SearchException\""),
            std::string::npos)
      << response.body;
}

TEST(Service, RefusesForTheHttpLayer) {
  ServedStore store;
  const HttpResponse large = store.service().refuse(413, "too much", nullptr);
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(
      steady(large.body),
      R"({"error":{"rid":"R","code":"too_large","message":"[*Deprecated*: Use the outer message field] too much"},"message":"too much","__type":"#SearchException"})");
  EXPECT_EQ(header_of(large, "X-Content-Type-Options"), "nosniff");
}

/// A store that cannot be read any more.
class BrokenReader : public store::Reader {
 public:
  explicit BrokenReader(bool throws) : throws_(throws) {}
  Result<std::shared_ptr<const store::Snapshot>> snapshot() override {
    if (throws_) throw std::logic_error("a bug");
    return fail(ErrorCode::corrupt, "segment 'x': columns are damaged");
  }

 private:
  bool throws_;
};

TEST(Service, LogsFaultsAndHidesBugs) {
  for (const bool throws : {false, true}) {
    BrokenReader reader(throws);
    std::vector<std::string> lines;
    ServiceOptions options;
    options.log = [&](const std::string& line) { lines.push_back(line); };
    Service service(reader, options);
    HttpRequest request;
    request.method = "GET";
    request.target = "/api/status";
    request.host = "localhost";
    request.received = std::chrono::steady_clock::now();
    const HttpResponse response = answer_of(service, request);
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(
        response.body,
        throws
            ? R"({"error":{"code":"internal","message":"internal error; the server's log tells more"}})"
            : R"({"error":{"code":"corrupt","message":"segment 'x': columns are damaged"}})");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_NE(lines[0].find(throws ? "a bug" : "columns are damaged"), std::string::npos);
    EXPECT_NE(lines[0].find(header_of(response, "x-amzn-RequestId")), std::string::npos);
    request.target = "/healthz";
    EXPECT_EQ(answer_of(service, request).status, throws ? 500 : 503);
  }
}

std::string read_file(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ApiDocumentation, NamesEveryRouteParameterAndErrorCode) {
  const std::string text = read_file(TRAILSIFT_SOURCE_DIR "/docs/api.md");
  ASSERT_FALSE(text.empty());
  for (const Route& route : routes()) {
    EXPECT_NE(text.find("`" + std::string(route.method) + " " + std::string(route.path) + "`"),
              std::string::npos)
        << route.method << " " << route.path;
  }
  for (const SearchParameter& parameter : kSearchParameters) {
    EXPECT_NE(text.find("`" + std::string(parameter.name) + "`"), std::string::npos)
        << parameter.name;
  }
  for (const MemberTable& table : member_tables()) {
    std::size_t at = text.find("\n<a id=\"members-" + std::string(table.name) + "\"></a>\n");
    ASSERT_NE(at, std::string::npos) << table.name;
    for (const Member& row : table.rows) {
      const std::string line = "\n| `" + std::string(row.name) + "` | " + describe(row) + " | " +
                               std::string(row.otherwise) + " | " + std::string(row.help) + " |\n";
      at = text.find(line, at);
      ASSERT_NE(at, std::string::npos) << "expected in this order:" << line;
    }
  }
  for (const ErrorCode code :
       {ErrorCode::bad_query, ErrorCode::bad_request, ErrorCode::not_found, ErrorCode::too_large,
        ErrorCode::denied, ErrorCode::unavailable, ErrorCode::cancelled, ErrorCode::corrupt,
        ErrorCode::io, ErrorCode::internal}) {
    EXPECT_NE(text.find("`" + std::string(name(code)) + "`"), std::string::npos) << name(code);
  }
}

}  // namespace
}  // namespace trailsift::server
