// /api/integrity, /api/about and /api/policy over small stores.

#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/server/served_store.h"

namespace trailsift::server {
namespace {

void write_table(const ServedStore& store, const std::string& rows) {
  std::ofstream(store.directory() / "integrity.csv", std::ios::binary) << "log_file,integrity\r\n"
                                                                       << rows;
}

TEST(IntegrityApi, SaysThatNothingWasVerified) {
  ServedStore store;
  EXPECT_EQ(store.get("/api/integrity").body,
            R"({"files":{"verified":0,"unverified":0,"missing":0,"tampered":0},"list":[]})");
}

TEST(IntegrityApi, CountsAllFilesAndListsThemByPages) {
  ServedStore store;
  write_table(store,
              "logs/a,verified\r\nlogs/b,missing\r\n\"logs/\"\"c\",tampered\r\nlogs/d,missing\r\n");
  const std::string files =
      R"("files":{"verified":1,"unverified":0,"missing":2,"tampered":1},"list":[)";
  const auto behind_time = [&](const std::string& target) {
    const std::string body = store.get(target).body;
    EXPECT_TRUE(body.starts_with(R"({"verified_at":"20)")) << body;
    const std::size_t at = body.find(files);
    return at == std::string::npos ? body : body.substr(at + files.size());
  };
  EXPECT_EQ(behind_time("/api/integrity"), R"({"log_file":"logs/\"c","integrity":"tampered"},)"
                                           R"({"log_file":"logs/a","integrity":"verified"},)"
                                           R"({"log_file":"logs/b","integrity":"missing"},)"
                                           R"({"log_file":"logs/d","integrity":"missing"}]})");
  EXPECT_EQ(behind_time("/api/integrity?state=missing&limit=1"),
            R"({"log_file":"logs/b","integrity":"missing"}],"cursor":"logs/b"})");
  EXPECT_EQ(behind_time("/api/integrity?state=missing&limit=1&cursor=logs/b"),
            R"({"log_file":"logs/d","integrity":"missing"}]})");
  EXPECT_EQ(behind_time("/api/integrity?state=unverified"), "]}");
}

TEST(IntegrityApi, RefusesWhatItDoesNotKnow) {
  ServedStore store;
  const AskedCase kCases[] = {
      {"/api/integrity?state=lost", "expected one of verified, unverified, missing, tampered"},
      {"/api/integrity?limit=0", "expected a number from 1 to 1000"},
      {"/api/integrity?page=1", "page"},
  };
  for (const auto& c : kCases) {
    const HttpResponse response = store.get(c.asked);
    EXPECT_EQ(response.status, 400) << c.asked;
    EXPECT_NE(response.body.find(c.want), std::string::npos) << response.body;
  }
  write_table(store, "logs/a\r\n");
  const HttpResponse damaged = store.get("/api/integrity");
  EXPECT_EQ(damaged.status, 500);
  EXPECT_NE(damaged.body.find("expected a log file and its integrity in line 2"), std::string::npos)
      << damaged.body;
}

TEST(AboutApi, TellsTheProgramAndItsLimits) {
  ServiceOptions options;
  options.version = "4.5.6";
  options.query_timeout = std::chrono::seconds(7);
  ServedStore store(sample_records(), std::move(options));
  const std::string body = store.get("/api/about").body;
  for (const char* part :
       {R"({"version":"4.5.6","compiler":"GCC )", R"("vector_instructions":")", R"("cores":)",
        R"("bulk_writer":true,"takes_events":false,"limits":[)",
        R"({"name":"query_time","value":7000,"unit":"ms","help":"how long a query may take"})",
        R"({"name":"hits","value":10000,"help":)"}) {
    EXPECT_NE(body.find(part), std::string::npos) << part << "\n" << body;
  }
}

TEST(PolicyApi, TellsWhatTheCallsNeeded) {
  ServedStore store;
  const HttpResponse response = store.post_json(
      "/api/policy", R"json({"q": "event_source:(s3.amazonaws.com or iam.amazonaws.com)",
                             "from": "2021-07-29"})json");
  const std::string want =
      R"({"policy":{"Version":"2012-10-17","Statement":[)"
      R"({"Effect":"Allow","Action":["s3:GetObject"],)"
      R"("Resource":["arn:aws:s3:::logs","arn:aws:s3:::logs/a"]},)"
      R"({"Effect":"Allow","Action":["s3:PutObject"],"Resource":["*"]}]},)"
      R"("denied":[{"event_source":"iam.amazonaws.com","event_name":"CreateUser",)"
      R"("action":"iam:CreateUser","events":1}],"left_out":[],"calls":3,"other_events":0,)";
  EXPECT_EQ(response.body.substr(0, want.size()), want);
  EXPECT_EQ(store.get("/api/policy?q=event_name:(").status, 400);
}

}  // namespace
}  // namespace trailsift::server
