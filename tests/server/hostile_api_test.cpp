// Requests that would cost far more than they should.

#include <chrono>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "schema/flatten.h"
#include "server/documents_batch.h"
#include "server/elastic_bulk.h"
#include "server/hit_columns.h"
#include "server/push_message.h"
#include "server/search_answer.h"
#include "tests/server/served_store.h"

namespace trailsift::server {
namespace {

TEST(HostileApi, BucketsWithoutHitsAreNotGoneThrough) {
  ServedStore store;
  const auto ask = [&](const std::string& least) {
    return store.post_json("/elastic/_search",
                           R"({"size":0,"aggs":{"t":{"date_histogram":{"field":"event_time",)"
                           R"("fixed_interval":"1m","min_doc_count":)" +
                               least + R"(,"extended_bounds":{"min":0,"max":253402300799999}}}}})");
  };
  const auto began = std::chrono::steady_clock::now();
  const HttpResponse few = ask("1");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
  EXPECT_EQ(few.status, 200) << few.body;
  rapidjson::Document body;
  body.Parse(few.body.c_str());
  EXPECT_EQ(body["aggregations"]["t"]["buckets"].Size(), 6U) << few.body;
  const HttpResponse many = ask("0");
  EXPECT_NE(many.body.find("expected at most 10000 buckets in one answer"), std::string::npos)
      << many.body;
}

TEST(HostileApi, NumbersBeyondAnyAreNotZero) {
  ServedStore store;
  const AskedCase kCases[] = {
      {R"({"size":99999999999})", "size"},
      {R"({"aggs":{"a":{"terms":{"field":"event_name","size":99999999999999999999}}}})", "size"},
      {R"({"query":{"bool":{"should":{"match_all":{}},"minimum_should_match":99999999999999999999}}})",
       "minimum_should_match"},
      {R"({"sort":"_score","search_after":["1e999"]})", "search_after"},
      {R"({"query":{"match_all":{"boost":1e999}}})", "boost"},
      {R"({"query":{"match_all":{"boost":-1}}})", "boost"},
      {R"({"query":{"multi_match":{"query":"a","fields":["user_agent^1e999"]}}})", "fields"},
  };
  for (const auto& c : kCases) {
    const HttpResponse got = store.post_json("/elastic/_search", c.asked);
    EXPECT_EQ(got.status, 400) << c.asked << got.body;
    EXPECT_NE(got.body.find("for '" + std::string(c.want) + "'"), std::string::npos) << got.body;
  }
}

TEST(HostileApi, PartsOfDocumentsAreNotDeeperThanRecords) {
  const auto ask = [](std::size_t depth) {
    const std::string deep = std::string(depth, '[') + "\"x\"" + std::string(depth, ']');
    return document_record(
        {"e1", false, {{"event_time", {"2021-07-29T12:00:00Z"}}, {"request_parameters", {deep}}}});
  };
  const auto good = ask(100);
  ASSERT_TRUE(good) << good.error().message;
  EXPECT_NE(good->find("\"requestParameters\":[[[["), std::string::npos) << *good;
  const auto deep = ask(400'000);
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().code, ErrorCode::bad_request);
  EXPECT_EQ(deep.error().message,
            "expected at most 128 objects and arrays inside each other in field "
            "'request_parameters', got more (document_id 'e1')");
  EXPECT_TRUE(ask(127));
  EXPECT_FALSE(ask(128)) << "with the record itself it is too deep";
}

TEST(HostileApi, ANameInTheUrlIsNotRepeatedForEachItem) {
  HttpRequest request;
  request.method = "POST";
  request.content_type = "application/x-ndjson";
  for (const std::size_t size : {255U, 256U, 60'000U}) {
    request.target = "/elastic/" + std::string(size, 'i') + "/_bulk";
    request.body = "{}\n";
    const auto read = read_push(PushRoute::bulk, request, "", "r1");
    EXPECT_EQ(read.has_value(), size == 255) << size;
    if (read) {
      EXPECT_EQ(read->caller.bulk->items.front().index.size(), size);
    } else {
      EXPECT_EQ(read.error().error.code, ErrorCode::bad_request);
    }
  }
}

TEST(HostileApi, ALongNameIsNotRepeatedForEachMember) {
  std::string source = "{\"" + std::string(1'000'000, 'n') + "\":{\"a\":null";
  for (int i = 0; i < 80'000; ++i) source += ",\"a\":null";
  const auto began = std::chrono::steady_clock::now();
  const auto call = parse_bulk("{\"index\":{}}\n" + source + "}}\n", "");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
  ASSERT_TRUE(call);
  ASSERT_TRUE(call->items.front().error);
  EXPECT_NE(call->items.front().error->message.find("there is no such field"), std::string::npos);
}

TEST(HostileApi, AColumnIsToldUnderOneName) {
  ServedStore store;
  const struct {
    const char* columns;
    int status;
  } kCases[] = {
      {"raw,event_name,raw", 200},
      {"raw,Raw", 400},
      {"eventName,event_name", 400},
      {"event_name,error_code,aws.cloudtrail.error_code,x", 400},
  };
  for (const auto& c : kCases) {
    for (const char* path : {"/api/search", "/api/export", "/api/tail", "/api/sessions/none"}) {
      const HttpResponse got = store.get(std::string(path) + "?columns=" + c.columns);
      const bool refused = got.body.find(R"("parameter":"columns")") != std::string::npos;
      EXPECT_EQ(refused, c.status == 400) << path << c.columns << got.body;
    }
  }
}

TEST(HostileApi, HitsEndWhereAnAnswerIsTooLarge) {
  const std::string record =
      R"({"eventID":"e1","eventTime":"2021-07-29T12:00:00Z","requestParameters":{"x":")" +
      std::string(15 << 20, 'x') + "\"}}";
  const std::vector<HitColumn> columns = {
      {"raw", query::Target(field_index("raw"))},
      {"request_parameters", query::Target(field_index("request_parameters"))},
      {"requestParameters.x", query::Target(query::LeafPath{"requestParameters.x"})}};
  const std::vector<Event> hits(7, flatten(record).value());
  JsonOut out;
  out.begin_object();
  const auto written = write_hits(out, hits, columns);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::too_large);
  EXPECT_LT(out.size(), kMaxAnswerBytes + 4 * record.size());
}

TEST(HostileApi, MistakesNameTheirMember) {
  ServedStore store;
  const AskedCase kCases[] = {
      {"/api/stats?by=event_time", "by"},
      {"/api/stats?distinct=event_time", "distinct"},
      {"/api/stats?by=actor&distinct=event_time", "distinct"},
      {"/api/stats?by=actor,actor", "by"},
      {"/api/suggest?text=%C3%A9&cursor=1", "cursor"},
  };
  for (const auto& c : kCases) {
    const HttpResponse got = store.get(c.asked);
    EXPECT_EQ(got.status, 400) << c.asked << got.body;
    EXPECT_NE(got.body.find(R"("parameter":")" + std::string(c.want) + '"'), std::string::npos)
        << c.asked << got.body;
  }
  EXPECT_EQ(store.get("/api/suggest?text=%C3%A9&cursor=2").status, 200);
}

}  // namespace
}  // namespace trailsift::server
