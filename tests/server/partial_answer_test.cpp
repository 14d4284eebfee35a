// Answers of what was searched when the time was over.

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/server/served_store.h"

namespace trailsift::server {
namespace {

/// The newest event is of a segment of its own; the others are many.
struct NewestAndMany : ServedStore {
  NewestAndMany()
      : ServedStore(
            {R"({"eventTime":"2022-01-01T00:00:00Z","eventID":"newest","eventName":"Newest"})"}) {
    std::vector<std::string> old;
    for (int i = 0; i < 3000; ++i) {
      const std::string number = std::to_string(i);
      old.push_back(R"({"eventTime":"2021-01-01T00:00:00Z","eventName":"PutObject)" + number +
                    R"(","userAgent":")" + std::string(200, 'a') + number + R"(","eventID":"e)" +
                    number + "\"}");
    }
    commit(old);
  }
};

/// Finds the newest event at once, and takes long over the others.
std::string long_query() {
  std::string query = "event_id:newest";
  for (int i = 0; i < 300; ++i) query += " OR user_agent:*a*" + std::to_string(i) + "*z*";
  return query;
}

/// The first answer that has `sign`. How long a part takes differs between machines, and within
/// one, so it is asked for with longer and longer timeouts, and again from the shortest.
std::string answer_with(const std::string& sign,
                        const std::function<HttpResponse(const std::string& timeout)>& ask) {
  HttpResponse response;
  for (int attempt = 0, ms = 1; attempt < 200; ++attempt, ms *= 2) {
    response = ask(std::to_string(ms) + "ms");
    if (response.body.find(sign) != std::string::npos) return response.body;
    if (response.status == 200) {
      ms = 1;
    } else if (response.body.find("the query took longer than") == std::string::npos) {
      break;
    }
  }
  ADD_FAILURE() << "none with " << sign << ", the last: " << response.body.substr(0, 1000);
  return {};
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(PartialAnswer, OfTheOwnApiSaysHowMuchWasSearched) {
  NewestAndMany store;
  const std::string body = answer_with("\"partial\"", [&](const std::string& timeout) {
    return store.post_json("/api/search", R"({"q":")" + long_query() +
                                              R"(","partial":true,"columns":[],"timeout":")" +
                                              timeout + "\"}");
  });
  EXPECT_TRUE(body.starts_with(
      R"({"total":1,"partial":{"searched_events":1,"events":3001},"hits":[{"id":"newest",)"))
      << body;
}

TEST(PartialAnswer, HasNoFacetsThatAreCountedApart) {
  NewestAndMany store;
  answer_with("facets without the filters on their own field", [&](const std::string& timeout) {
    return store.post_json("/api/search",
                           R"({"q":")" + long_query() + R"(","partial":true,"size":0,"timeout":")" +
                               timeout +
                               R"(","filters":[{"field":"event_name","exclude":["Oldest"]}],)"
                               R"("facets":[{"field":"event_name","own_filter":false}]})");
  });
}

TEST(PartialAnswer, ThatDoesNotComeNamesTheTimeThatWasAskedFor) {
  NewestAndMany store;
  const HttpResponse response = store.post_json(
      "/api/search", R"({"q":")" + long_query() +
                         R"(","size":0,"timeout":"2ms","filters":[{"field":"event_name",)"
                         R"("include":["Newest"]}],"facets":[{"field":"event_name",)"
                         R"("own_filter":false}]})");
  EXPECT_TRUE(has(response.body, "the query took longer than 2 ms")) << response.body;
}

HttpResponse ask_elastic(ServedStore& store, const std::string& timeout, const std::string& more,
                         const std::string& parameters = {}) {
  return store.post_json("/elastic/_search" + parameters, R"({"query":{"query_string":{"query":")" +
                                                              long_query() + R"("}},"timeout":")" +
                                                              timeout + "\"" + more + "}");
}

TEST(PartialAnswer, OfElasticsearchTimedOut) {
  NewestAndMany store;
  const std::string part = answer_with("\"timed_out\":true", [&](const std::string& timeout) {
    return ask_elastic(store, timeout, R"(,"aggs":{"names":{"terms":{"field":"event_name"}}})");
  });
  EXPECT_TRUE(has(part, R"("total":{"value":1,"relation":"gte"})")) << part;
  EXPECT_TRUE(has(part, R"("buckets":[{"key":"Newest","doc_count":1}])")) << part;

  const HttpResponse whole = store.post_json("/elastic/_search", R"({"timeout":"1h"})");
  EXPECT_TRUE(has(whole.body, R"("timed_out":false)")) << whole.body;
  EXPECT_TRUE(has(whole.body, R"("total":{"value":3001,"relation":"eq"})")) << whole.body;
}

TEST(PartialAnswer, OfElasticsearchHasNoAggregationsInsideOthers) {
  NewestAndMany store;
  answer_with("expected all to be searched before the 'timeout'", [&](const std::string& timeout) {
    return ask_elastic(store, timeout,
                       R"(,"aggs":{"names":{"terms":{"field":"event_name"},)"
                       R"("aggs":{"regions":{"terms":{"field":"aws_region"}}}}})");
  });
}

TEST(PartialAnswer, OfElasticsearchCanBeForbidden) {
  NewestAndMany store;
  const std::string forbidden = "?allow_partial_search_results=false";
  for (const char* timeout : {"1ms", "8ms", "64ms", "10m"}) {
    const HttpResponse response = ask_elastic(store, timeout, "", forbidden);
    EXPECT_FALSE(has(response.body, R"("timed_out":true)")) << response.body;
    EXPECT_TRUE(response.status == 200 || has(response.body, "the query took longer than"))
        << response.body;
  }
  for (const std::string value : {"true", "false"}) {
    const std::string parameters = "?allow_partial_search_results=" + value;
    EXPECT_EQ(store.post_json("/elastic/_search" + parameters, "{}").status, 200);
    EXPECT_EQ(store.get("/elastic/_search" + parameters).status, 200);
  }
  EXPECT_EQ(store.get("/elastic/_search?allow_partial_search_results=maybe").status, 400);
  const auto header = [&](const std::string& line) {
    return store.post_json("/elastic/_msearch", line + "\n{\"size\":0}\n").body;
  };
  EXPECT_TRUE(
      has(header(R"({"allow_partial_search_results":false})"), "'allow_partial_search_results'"));
  EXPECT_TRUE(has(header(R"({"allow_partial_search_results":true})"), R"("status":200)"));
  EXPECT_TRUE(has(header("{}"), R"("status":200)"));
}

TEST(PartialAnswer, OfElasticsearchTakesDurations) {
  NewestAndMany store;
  for (const char* timeout : {"soon", "0s", "5"}) {
    const HttpResponse response = ask_elastic(store, timeout, "");
    EXPECT_EQ(response.status, 400);
    EXPECT_TRUE(has(response.body, "expected a duration such as 500ms or 30s for 'timeout'"))
        << response.body;
  }
}

TEST(ElasticFigures, AreNeverSumsOfTimes) {
  ServedStore store;
  for (const std::string kind : {"sum", "avg", "stats", "min"}) {
    const HttpResponse response =
        store.post_json("/elastic/_search",
                        R"({"size":0,"aggs":{"a":{")" + kind + R"(":{"field":"@timestamp"}}}})");
    EXPECT_EQ(response.status, kind == "min" ? 200 : 400) << kind << response.body;
  }
}

}  // namespace
}  // namespace trailsift::server
