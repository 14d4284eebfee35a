// Saved searches and short links.

#include <fstream>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "tests/server/served_store.h"

namespace trailsift::server {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

HttpResponse send(ServedStore& store, std::string method, std::string target, std::string body,
                  Headers headers = {}, std::string content_type = "application/json") {
  HttpRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  request.host = "localhost:8080";
  request.body = std::move(body);
  request.content_type = std::move(content_type);
  request.headers = std::move(headers);
  request.received = std::chrono::steady_clock::now();
  return answer_of(store.service(), std::move(request));
}

std::string member(const HttpResponse& response, const char* name) {
  rapidjson::Document body;
  body.Parse(response.body.c_str());
  if (body.HasParseError() || !body.IsObject() || !body.HasMember(name)) return response.body;
  return body[name].GetString();
}

TEST(SavedApi, SavesListsAndDeletes) {
  ServedStore store;
  EXPECT_EQ(store.get("/api/saved").body, R"({"searches":[]})");
  const auto put =
      send(store, "PUT", "/api/saved/denied%20calls", R"({"state":"q=a&from=now-7d"})");
  EXPECT_EQ(put.status, 200) << put.body;
  const std::string tag = header_of(put, "ETag");
  EXPECT_EQ(member(put, "etag"), tag);
  send(store, "PUT", "/api/saved/a", R"({"state":"<img src=x>"})");
  const std::string list = store.get("/api/saved").body;
  EXPECT_TRUE(list.starts_with(
      R"({"searches":[{"name":"a","state":"<img src=x>","created":"2021-07-30T00:00:00Z",)"
      R"("updated":"2021-07-30T00:00:00Z","etag":)"))
      << list;
  EXPECT_NE(list.find(R"({"name":"denied calls","state":"q=a&from=now-7d",)"), std::string::npos);
  EXPECT_EQ(member(store.get("/api/saved/denied%20calls"), "state"), "q=a&from=now-7d");
  EXPECT_EQ(send(store, "DELETE", "/api/saved/a", "").body, R"({"deleted":"a"})");
  EXPECT_EQ(send(store, "DELETE", "/api/saved/a", "").status, 404);
  EXPECT_EQ(store.get("/api/saved/a").status, 404);
}

TEST(SavedApi, NoticesWhatOthersChanged) {
  ServedStore store;
  const std::string state = R"({"state":"1"})";
  const Headers is_new = {{"if-none-match", "*"}};
  const auto first = send(store, "PUT", "/api/saved/a", state, is_new);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(send(store, "PUT", "/api/saved/a", state, is_new).status, 412);
  const Headers seen = {{"if-match", header_of(first, "ETag")}};
  EXPECT_EQ(send(store, "PUT", "/api/saved/a", R"({"state":"2"})", seen).status, 200);
  const auto late = send(store, "PUT", "/api/saved/a", R"({"state":"3"})", seen);
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(
      late.body,
      R"({"error":{"code":"bad_request","message":"'a' was changed by somebody else meanwhile: read it again"}})");
  EXPECT_EQ(send(store, "DELETE", "/api/saved/a", "", seen).status, 412);
  EXPECT_EQ(member(store.get("/api/saved/a"), "state"), "2");
  EXPECT_EQ(send(store, "PUT", "/api/saved/a", R"({"state":"4"})").status, 200);
}

TEST(SavedApi, RefusesOddNamesAndStates) {
  ServedStore store;
  const struct {
    std::string target, body;
    int status;
  } kCases[] = {
      {"/api/saved/a%2Fb", R"({"state":"1"})", 400},
      {"/api/saved/%0a", R"({"state":"1"})", 400},
      {"/api/saved/%20a", R"({"state":"1"})", 400},
      {"/api/saved/.", R"({"state":"1"})", 400},
      {"/api/saved/..", R"({"state":"1"})", 400},
      {"/api/saved/%ff", R"({"state":"1"})", 400},
      {"/api/saved/" + std::string(201, 'a'), R"({"state":"1"})", 400},
      {"/api/saved/" + std::string(200, 'a'), R"({"state":"1"})", 200},
      {"/api/saved/a", "", 400},
      {"/api/saved/a", "{}", 400},
      {"/api/saved/a", R"({"state":""})", 400},
      {"/api/saved/a", R"({"state":["a"]})", 400},
      {"/api/saved/a", R"({"state":"1","other":"2"})", 400},
      {"/api/saved/a", "{\"state\":\"" + std::string(32'769, 'a') + "\"}", 400},
      {"/api/saved/a", "{\"state\":\"" + std::string(32'768, 'a') + "\"}", 200},
  };
  for (const auto& c : kCases) {
    const auto got = send(store, "PUT", c.target, c.body);
    EXPECT_EQ(got.status == 413 ? 400 : got.status, c.status) << c.target.substr(0, 40) << got.body;
  }
}

TEST(SavedApi, TakesNothingFromOtherSites) {
  ServedStore store;
  const std::string state = R"({"state":"1"})";
  const struct {
    const char* what;
    Headers headers;
    const char* content_type;
    int status;
  } kCases[] = {
      {"the page",
       {{"origin", "http://localhost:8080"}, {"sec-fetch-site", "same-origin"}},
       "application/json; charset=utf-8",
       200},
      {"a program", {}, "application/json", 200},
      {"an old browser", {{"origin", "http://localhost:8080"}}, "Application/JSON", 200},
      {"a form", {}, "application/x-www-form-urlencoded", 415},
      {"a simple request", {}, "text/plain", 415},
      {"two types in one", {}, "text/plain; application/json", 415},
      {"no type", {}, "", 415},
      {"another site", {{"origin", "https://evil.example"}}, "application/json", 403},
      {"another port", {{"origin", "http://localhost:9090"}}, "application/json", 403},
      {"a sandbox", {{"origin", "null"}}, "application/json", 403},
      {"another site's request", {{"sec-fetch-site", "cross-site"}}, "application/json", 403},
      {"a neighbour's", {{"sec-fetch-site", "same-site"}}, "application/json", 403},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(send(store, "PUT", "/api/saved/a", state, c.headers, c.content_type).status, c.status)
        << c.what;
    EXPECT_EQ(send(store, "POST", "/api/links", state, c.headers, c.content_type).status, c.status)
        << c.what;
    const int gone = send(store, "DELETE", "/api/saved/a", "", c.headers).status;
    EXPECT_EQ(gone == 403, c.status == 403) << c.what;
  }
}

TEST(SavedApi, TellsOfDamage) {
  ServedStore store;
  send(store, "PUT", "/api/saved/a", R"({"state":"1"})");
  std::ofstream(store.directory() / "page-searches.json") << "no JSON";
  const HttpResponse got = store.get("/api/saved");
  EXPECT_EQ(got.status, 500);
  EXPECT_NE(got.body.find("page-searches.json' is corrupt: it is too short; put back a copy"),
            std::string::npos)
      << got.body;
  EXPECT_EQ(send(store, "PUT", "/api/saved/a", R"({"state":"1"})").status, 500);
  EXPECT_EQ(store.get("/healthz").status, 200);
}

TEST(LinksApi, GivesOneLinkForOneState) {
  ServedStore store;
  const auto made = send(store, "POST", "/api/links", R"({"state":"q=a"})");
  EXPECT_EQ(made.status, 200) << made.body;
  // base32 of the first bytes of the SHA-256 of "q=a".
  EXPECT_EQ(member(made, "id"), "5xyc3idg4u");
  EXPECT_EQ(send(store, "POST", "/api/links", R"({"state":"q=a"})").body, made.body);
  const std::string other = member(send(store, "POST", "/api/links", R"({"state":"q=b"})"), "id");
  EXPECT_NE(other, member(made, "id"));
  EXPECT_EQ(store.get("/api/links/" + member(made, "id")).body, made.body);
  EXPECT_EQ(member(store.get("/api/links/" + other), "state"), "q=b");
  EXPECT_EQ(store.get("/api/links/none").status, 404);
}

TEST(LinksApi, KeepsTwoStatesOfOneBeginningApart) {
  ServedStore store;
  const std::string id = member(send(store, "POST", "/api/links", R"({"state":"q=a"})"), "id");
  // As if another state had the same first characters.
  KeyedDocuments links(store.directory() / "page-links.json", {});
  ASSERT_TRUE(links.put(id, "q=other", *parse_time("2021-07-30T00:00:00Z")));
  const auto made = send(store, "POST", "/api/links", R"({"state":"q=a"})");
  EXPECT_EQ(member(made, "id").size(), 11U);
  EXPECT_TRUE(member(made, "id").starts_with(id));
  EXPECT_EQ(member(store.get("/api/links/" + id), "state"), "q=other");
  EXPECT_EQ(member(store.get("/api/links/" + member(made, "id")), "state"), "q=a");
}

}  // namespace
}  // namespace trailsift::server
