#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "indexer/quarantine.h"
#include "server/sources.h"
#include "tests/server/served_store.h"

namespace trailsift::server {
namespace {

using indexer::QuarantinedAs;

const std::string kRecord =
    R"({"eventTime":"2021-07-29T12:00:00Z","eventName":"GetObject","eventID":"q1"})";

/// Entries that cannot be read, can be, and announce an object.
void list(const std::filesystem::path& data, int broken) {
  const auto quarantine = indexer::Quarantine::open(data);
  ASSERT_TRUE(quarantine);
  const auto add = [&](const std::string& source, const std::string& bytes, QuarantinedAs kind) {
    ASSERT_EQ((*quarantine)
                  ->add({*parse_time("2021-07-29T12:00:00Z"), source, 7, Reject::invalid_json,
                         "was not known", bytes.substr(0, 4), kind, bytes, bytes.size()}),
              true);
  };
  for (int i = 0; i < broken; ++i)
    add("broken" + std::to_string(i), "{\xff", QuarantinedAs::stretch);
  add("good", kRecord, QuarantinedAs::stretch);
  add("message", R"({"Records":[)" + kRecord + "]}", QuarantinedAs::message);
  add("object", R"({"s3Bucket":"logs","s3ObjectKey":"AWSLogs/x.json.gz"})", QuarantinedAs::message);
  ASSERT_TRUE((*quarantine)->flush());
}

std::vector<std::string> sources_of(const std::string& body) {
  rapidjson::Document answer;
  answer.Parse(body.c_str());
  std::vector<std::string> sources;
  EXPECT_TRUE(answer.IsObject() && answer.HasMember("entries")) << body;
  for (const auto& entry : answer["entries"].GetArray()) {
    sources.emplace_back(entry["source"].GetString());
  }
  return sources;
}

std::string member(const std::string& body, const char* name) {
  rapidjson::Document answer;
  answer.Parse(body.c_str());
  return answer.IsObject() && answer.HasMember(name) && answer[name].IsString()
             ? answer[name].GetString()
             : "";
}

/// A server that takes events in; its store is empty.
class WritingServer {
 public:
  explicit WritingServer(const std::string& token = "") {
    SourcesOptions options;
    options.push.open.at(static_cast<std::size_t>(PushRoute::ingest)) = true;
    options.push.token = token;
    auto started = Sources::start(temp_.path(), std::move(options), {});
    if (!started) throw std::runtime_error(started.error().message);
    sources_ = std::move(*started);
    reader_ = std::move(*query::JoinedReader::open(temp_.path(), true, {}));
    ServiceOptions service;
    service.data = temp_.path();
    service.sources = sources_.get();
    service_ = std::make_unique<Service>(*reader_, std::move(service));
  }

  const std::filesystem::path& directory() const { return temp_.path(); }

  HttpResponse ask(const std::string& method, const std::string& target,
                   std::vector<std::pair<std::string, std::string>> headers = {},
                   const std::string& peer = "127.0.0.1") {
    HttpRequest request;
    request.method = method;
    request.target = target;
    request.host = "localhost";
    request.peer = peer;
    request.headers = std::move(headers);
    request.received = std::chrono::steady_clock::now();
    return answer_of(*service_, std::move(request));
  }

 private:
  test::TempDirectory temp_;
  std::unique_ptr<Sources> sources_;
  std::unique_ptr<store::Reader> reader_;
  std::unique_ptr<Service> service_;
};

TEST(QuarantineApi, ListsPageByPage) {
  ServedStore store;
  EXPECT_EQ(store.get("/api/quarantine").body, R"({"total":0,"entries":[]})");
  list(store.directory(), 3);
  const HttpResponse all = store.get("/api/quarantine");
  const std::vector<std::string> kAll = {"broken0", "broken1", "broken2",
                                         "good",    "message", "object"};
  EXPECT_EQ(sources_of(all.body), kAll);
  EXPECT_EQ(all.body.find("cursor"), std::string::npos) << all.body;
  EXPECT_NE(all.body.find(R"("total":6,)"), std::string::npos) << all.body;

  std::vector<std::string> paged;
  std::string cursor;
  int pages = 0;
  do {
    const HttpResponse page = store.get("/api/quarantine?limit=2&cursor=" + cursor);
    for (const std::string& source : sources_of(page.body)) paged.push_back(source);
    cursor = member(page.body, "cursor");
    ++pages;
  } while (!cursor.empty() && pages < 10);
  EXPECT_EQ(paged, kAll);
  EXPECT_EQ(pages, 3);
}

TEST(QuarantineApi, ACursorOutlivesWhatIsDropped) {
  WritingServer server;
  list(server.directory(), 3);
  const HttpResponse first = server.ask("GET", "/api/quarantine?limit=2");
  rapidjson::Document answer;
  answer.Parse(first.body.c_str());
  const std::string last = answer["entries"][1]["id"].GetString();
  EXPECT_EQ(server.ask("POST", "/api/quarantine/drop?ids=" + last).body, R"({"dropped":1})");
  const HttpResponse rest =
      server.ask("GET", "/api/quarantine?cursor=" + std::string(answer["cursor"].GetString()));
  EXPECT_EQ(sources_of(rest.body),
            (std::vector<std::string>{"broken2", "good", "message", "object"}));
}

TEST(QuarantineApi, ShowsAnEntryAndItsBytes) {
  ServedStore store;
  list(store.directory(), 1);
  rapidjson::Document answer;
  answer.Parse(store.get("/api/quarantine?limit=1").body.c_str());
  const std::string id = answer["entries"][0]["id"].GetString();
  const HttpResponse entry = store.get("/api/quarantine/" + id.substr(0, 6));
  EXPECT_EQ(entry.body, R"({"id":")" + id +
                            R"(","seen":"2021-07-29T12:00:00Z","reason":"invalid_json",)"
                            R"("source":"broken0","offset":7,"size":2,"kind":"stretch",)"
                            R"("has_bytes":true,"detail":"was not known","excerpt":"{)"
                            "\xEF\xBF\xBD\"}");
  const HttpResponse bytes = store.get("/api/quarantine/" + id + "?bytes=true");
  EXPECT_EQ(bytes.status, 200);
  EXPECT_EQ(bytes.body, "{\xff");
  EXPECT_EQ(bytes.content_type, "application/octet-stream");
  EXPECT_EQ(header_of(bytes, "Content-Disposition"), "attachment; filename=\"" + id + "\"");
  EXPECT_EQ(header_of(bytes, "X-Content-Type-Options"), "nosniff");
}

TEST(QuarantineApi, RefusesWhatItCannotRead) {
  WritingServer server;
  list(server.directory(), 1);
  const struct {
    const char* method;
    const char* target;
    int status;
    const char* message;
  } kCases[] = {
      {"GET", "/api/quarantine?limit=0", 400, "expected a number from 1 to 1000, got '0'"},
      {"GET", "/api/quarantine?cursor=x", 400, "expected the cursor of a page"},
      {"GET", "/api/quarantine?cursor=1.-2", 400, "expected the cursor of a page"},
      {"GET", "/api/quarantine/0000", 404, "there is no quarantine entry '0000'"},
      {"GET", "/api/quarantine/xyz", 400, "expected the id of a quarantine entry"},
      {"GET", "/api/quarantine/0000?bytes=maybe", 400, "expected true or false, got 'maybe'"},
      {"POST", "/api/quarantine/drop", 400, "expected ids, separated by commas, or all=true"},
      {"POST", "/api/quarantine/drop?all=false", 400, "expected ids"},
      {"POST", "/api/quarantine/drop?all=true&ids=0000", 400, "expected ids"},
      {"POST", "/api/quarantine/replay?ids=0000", 404, "there is no quarantine entry '0000'"},
      {"POST", "/api/quarantine/replay?ids=0000,", 400, "got ''"},
      {"GET", "/api/quarantine/replay", 400, "expected the id of a quarantine entry"},
      {"POST", "/api/quarantine/0000", 405, "expected GET, HEAD"},
  };
  for (const auto& c : kCases) {
    const HttpResponse got = server.ask(c.method, c.target);
    EXPECT_EQ(got.status, c.status) << c.target << got.body;
    EXPECT_NE(got.body.find(c.message), std::string::npos) << c.target << got.body;
  }
  EXPECT_EQ(server.ask("POST", "/api/quarantine/drop?all=true").body, R"({"dropped":4})");
}

TEST(QuarantineApi, ReplaysStretchesAndMessages) {
  WritingServer server;
  list(server.directory(), 1);
  const HttpResponse got = server.ask("POST", "/api/quarantine/replay?all=true");
  EXPECT_EQ(got.status, 200) << got.body;
  EXPECT_TRUE(got.body.starts_with(
      R"({"entries":4,"replayed":2,"kept":2,"indexed":1,"duplicates":1,"stays":[{"id":)"))
      << got.body;
  EXPECT_NE(got.body.find(R"("why":"invalid_json: )"), std::string::npos) << got.body;
  EXPECT_NE(
      got.body.find(R"("why":"no objects are fetched here, got 's3://logs/AWSLogs/x.json.gz')"),
      std::string::npos)
      << got.body;
  EXPECT_EQ(sources_of(server.ask("GET", "/api/quarantine").body),
            (std::vector<std::string>{"broken0", "object"}));
  EXPECT_EQ(server.ask("GET", "/api/events/q1").body, kRecord);
}

TEST(QuarantineApi, ChangesAreForThoseWhoMayPost) {
  const std::string token = "0123456789abcdef";
  const struct {
    const char* what;
    std::string token;
    std::vector<std::pair<std::string, std::string>> headers;
    const char* peer;
    int status;
  } kCases[] = {
      {"this machine", "", {}, "127.0.0.1", 200},
      {"another machine", "", {}, "198.51.100.7", 403},
      {"behind a proxy", "", {{"x-forwarded-for", "198.51.100.7"}}, "127.0.0.1", 403},
      {"no token", token, {}, "127.0.0.1", 401},
      {"wrong token", token, {{"authorization", "Bearer nonsense"}}, "127.0.0.1", 401},
      {"token", token, {{"authorization", "Bearer " + token}}, "198.51.100.7", 200},
      {"other site", "", {{"origin", "https://example.com"}}, "127.0.0.1", 403},
      {"no site", "", {{"origin", "null"}}, "127.0.0.1", 403},
      {"other site, quietly", "", {{"sec-fetch-site", "cross-site"}}, "127.0.0.1", 403},
      {"own page", "", {{"origin", "http://localhost"}}, "127.0.0.1", 200},
      {"other site with the token",
       token,
       {{"authorization", "Bearer " + token}, {"origin", "https://example.com"}},
       "127.0.0.1",
       403},
  };
  for (const auto& c : kCases) {
    WritingServer server(c.token);
    list(server.directory(), 0);
    for (const char* target :
         {"/api/quarantine/replay?all=true", "/api/quarantine/drop?all=true"}) {
      EXPECT_EQ(server.ask("POST", target, c.headers, c.peer).status, c.status)
          << c.what << ' ' << target;
    }
    const bool changed = sources_of(server.ask("GET", "/api/quarantine").body).empty();
    EXPECT_EQ(changed, c.status == 200) << c.what;
  }
}

TEST(QuarantineApi, AServerThatOnlyReadsDropsButDoesNotReplay) {
  ServedStore store;
  list(store.directory(), 0);
  HttpRequest request;
  request.method = "POST";
  request.host = "localhost";
  request.peer = "::1";
  request.received = std::chrono::steady_clock::now();
  request.target = "/api/quarantine/replay?all=true";
  const HttpResponse replayed = answer_of(store.service(), request);
  EXPECT_EQ(replayed.status, 403);
  EXPECT_NE(replayed.body.find("this server only reads"), std::string::npos) << replayed.body;
  request.target = "/api/quarantine/drop?all=true";
  EXPECT_EQ(answer_of(store.service(), request).body, R"({"dropped":3})");
}

}  // namespace
}  // namespace trailsift::server
