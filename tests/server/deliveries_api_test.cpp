#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "indexer/ledger.h"
#include "indexer/quarantine.h"
#include "tests/server/served_store.h"

namespace trailsift::server {
namespace {

using indexer::DeliveryOutcome;
using indexer::DeliveryState;

DeliveryOutcome outcome(const std::string& object, int minutes, DeliveryState state,
                        indexer::DeliveryCounts counts) {
  DeliveryOutcome made;
  made.source = "push";
  made.object = object;
  made.received = *parse_time("2021-07-29T12:00:00Z") + std::chrono::minutes(minutes);
  made.finished = made.received;
  made.state = state;
  made.counts = counts;
  return made;
}

void record(const ServedStore& store, const std::vector<DeliveryOutcome>& outcomes) {
  indexer::LedgerOptions options;
  options.now = [] { return *parse_time("2021-07-30T00:00:00Z"); };
  const auto ledger = indexer::Ledger::open(store.directory(), options);
  ASSERT_TRUE(ledger);
  ASSERT_TRUE((*ledger)->record(outcomes));
}

void record_three(const ServedStore& store) {
  record(store, {outcome("a", 0, DeliveryState::indexed, {9, 6, 2, 1, 0, 100}),
                 outcome("<b>\x1b", 1, DeliveryState::failed, {1, 0, 0, 0, 1, 5}),
                 outcome("c", 2, DeliveryState::skipped, {})});
}

TEST(DeliveriesApi, AnswersWithRowsAndTotals) {
  ServedStore store;
  EXPECT_EQ(store.get("/api/deliveries").body,
            R"({"total":0,"deliveries":[],"totals":{"attempts":0,"read":0,"indexed":0,)"
            R"("duplicates":0,"filtered":0,"rejected":0,"bytes":0}})");
  record_three(store);
  const HttpResponse got = store.get("/api/deliveries?limit=2&object=");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body,
            R"({"total":3,"deliveries":[)"
            R"({"received":"2021-07-29T12:02:00Z","finished":"2021-07-29T12:02:00Z",)"
            R"("source":"push","object":"c","state":"skipped","attempts":1,"read":0,"indexed":0,)"
            R"("duplicates":0,"filtered":0,"rejected":0,"bytes":0},)"
            R"({"received":"2021-07-29T12:01:00Z","finished":"2021-07-29T12:01:00Z",)"
            R"("source":"push","object":"<b>\u001B","state":"failed","attempts":1,"read":1,)"
            R"("indexed":0,"duplicates":0,"filtered":0,"rejected":1,"bytes":5}],)"
            R"("totals":{"attempts":3,"read":10,"indexed":6,"duplicates":2,"filtered":1,)"
            R"("rejected":1,"bytes":105},"cursor":"1627560060000.2"})");
  const HttpResponse rest = store.get("/api/deliveries?limit=2&cursor=1627560060000.2");
  EXPECT_NE(rest.body.find(R"("object":"a")"), std::string::npos) << rest.body;
  EXPECT_EQ(rest.body.find("cursor"), std::string::npos) << rest.body;
}

TEST(DeliveriesApi, TakesTheFilters) {
  ServedStore store;
  record_three(store);
  const struct {
    const char* query;
    std::uint64_t total;
  } kCases[] = {
      {"source=push", 3}, {"source=sqs", 0},         {"state=failed", 1},
      {"object=%3Cb", 1}, {"object=%00", 0},         {"from=2021-07-29T12:01:00Z", 2},
      {"to=-719m", 1},    {"from=-12h&to=-718m", 2}, {"state=indexed&object=c", 0},
  };
  for (const auto& c : kCases) {
    const HttpResponse got = store.get("/api/deliveries?" + std::string(c.query));
    ASSERT_EQ(got.status, 200) << got.body;
    rapidjson::Document json;
    json.Parse(got.body.data(), got.body.size());
    ASSERT_FALSE(json.HasParseError());
    EXPECT_EQ(json["total"].GetUint64(), c.total) << c.query;
  }
}

TEST(DeliveriesApi, NamesTheParameterThatIsWrong) {
  ServedStore store;
  record_three(store);
  const struct {
    const char* query;
    const char* error;
  } kCases[] = {
      {"state=lost",
       R"("message":"expected received, indexed, skipped, failed or quarantined, got 'lost'","parameter":"state")"},
      {"limit=0", R"("message":"expected a number from 1 to 1000, got '0'","parameter":"limit")"},
      {"limit=1001", R"("parameter":"limit")"},
      {"limit=-1", R"("parameter":"limit")"},
      {"from=soon", R"("parameter":"from")"},
      {"to=2021-99-01", R"("parameter":"to")"},
      {"cursor=1",
       R"("message":"expected the cursor of an earlier answer, got '1'","parameter":"cursor")"},
  };
  for (const auto& c : kCases) {
    const HttpResponse got = store.get("/api/deliveries?" + std::string(c.query));
    EXPECT_EQ(got.status, 400) << c.query;
    EXPECT_NE(got.body.find(c.error), std::string::npos) << got.body;
    EXPECT_NE(got.body.find(R"("code":"bad_request")"), std::string::npos) << got.body;
  }
}

TEST(DeliveriesApi, StatusAndMetricsHaveTheFigures) {
  ServedStore store;
  record_three(store);
  const auto quarantine = indexer::Quarantine::open(store.directory());
  ASSERT_TRUE(quarantine);
  ASSERT_TRUE((*quarantine)->add({Timestamp(), "a", 0, Reject::too_deep, "", ""}));
  ASSERT_TRUE((*quarantine)->flush());
  const std::string status = store.get("/api/status").body;
  EXPECT_NE(
      status.find(R"("deliveries":{"states":{"received":0,"indexed":1,"skipped":1,"failed":1,)"
                  R"("quarantined":0},"totals":{"attempts":3,"read":10,"indexed":6,)"
                  R"("duplicates":2,"filtered":1,"rejected":1,"bytes":105}},)"
                  R"("quarantine":{"entries":1}})"),
      std::string::npos)
      << status;
  const std::string metrics = store.get("/metrics").body;
  for (const char* const line :
       {"\ntrailsift_deliveries{state=\"failed\"} 1\n", "\ntrailsift_delivery_attempts_total 3\n",
        "\ntrailsift_delivered_records_total{outcome=\"indexed\"} 6\n",
        "\ntrailsift_delivered_records_total{outcome=\"duplicates\"} 2\n",
        "\ntrailsift_delivered_records_total{outcome=\"filtered\"} 1\n",
        "\ntrailsift_delivered_records_total{outcome=\"rejected\"} 1\n",
        "\ntrailsift_delivered_bytes_total 105\n", "\ntrailsift_quarantine_entries 1\n",
        "\n# TYPE trailsift_delivered_bytes_total counter\n",
        "\n# TYPE trailsift_deliveries gauge\n"}) {
    EXPECT_NE(metrics.find(line), std::string::npos) << line << metrics;
  }
}

TEST(DeliveriesApi, ADamagedLedgerHarmsNothingElse) {
  ServedStore store;
  std::ofstream(store.directory() / "deliveries.sqlite") << std::string(5000, 'x');
  std::ofstream(store.directory() / "quarantine.sqlite") << std::string(5000, 'x');
  const HttpResponse got = store.get("/api/deliveries");
  EXPECT_EQ(got.status, 500);
  EXPECT_NE(got.body.find(R"(deliveries.sqlite' is damaged: file is not a database)"),
            std::string::npos)
      << got.body;
  const std::string status = store.get("/api/status").body;
  EXPECT_NE(status.find(R"("deliveries":{"problem":")"), std::string::npos) << status;
  EXPECT_NE(status.find(R"("quarantine":{"problem":")"), std::string::npos) << status;
  const HttpResponse metrics = store.get("/metrics");
  EXPECT_EQ(metrics.status, 200);
  EXPECT_NE(metrics.body.find("\ntrailsift_events 6\n"), std::string::npos);
  EXPECT_EQ(metrics.body.find("trailsift_deliveries"), std::string::npos);
  EXPECT_EQ(store.get("/healthz").status, 200);
  EXPECT_EQ(store.get("/2013-01-01/search?fq=matchall").status, 200);
}

}  // namespace
}  // namespace trailsift::server
