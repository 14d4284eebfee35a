// Posts all the way into the store, the ledger and the quarantine list.
#include <future>
#include <set>

#include <gtest/gtest.h>

#include "indexer/ledger.h"
#include "indexer/quarantine.h"
#include "server/json_out.h"
#include "tests/server/push_fixture.h"

namespace trailsift::server {
namespace {

std::string record(const std::string& id) {
  return R"({"eventVersion":"1.08","eventTime":"2021-07-29T12:00:00Z","eventSource":)"
         R"("s3.amazonaws.com","eventName":"GetObject","eventID":")" +
         id + "\"}";
}

std::string json_string(const std::string& text) {
  JsonOut out;
  out.string(text);
  return out.text();
}

/// A server whose posts are indexed.
class Stage {
 public:
  Stage() {
    indexer::IntakeOptions options;
    options.ingest.workers = 1;
    options.ingest.ledger = ledger_.get();
    intake_ = indexer::Intake::start(*writer_, *quarantine_, nullptr, options);
    sources_.emplace(*intake_);
    server_.emplace(&*sources_);
  }
  ~Stage() { intake_->stop(std::chrono::seconds(10)); }

  std::string ask(const std::string& head, const std::string& body) {
    return server_->ask(head, body);
  }
  PushServer& server() { return *server_; }

  std::uint64_t events() { return snapshot()->events(); }
  std::uint64_t generation() { return snapshot()->generation; }
  std::vector<std::string> quarantined() {
    std::vector<std::string> lines;
    const auto done = indexer::for_each_quarantined(temp_.path(), [&](const auto& entry) {
      const auto whole = indexer::read_quarantined(temp_.path(), entry.id);
      lines.push_back(entry.source + " " + std::string(name(entry.kind)) + " " + whole->bytes);
      return true;
    });
    EXPECT_TRUE(done);
    return lines;
  }

 private:
  std::shared_ptr<const store::Snapshot> snapshot() {
    return *(*store::Reader::open(temp_.path(), true))->snapshot();
  }

  test::TempDirectory temp_;
  std::unique_ptr<store::Writer> writer_ = std::move(*store::Writer::open(temp_.path(), {}));
  std::unique_ptr<indexer::Quarantine> quarantine_ =
      std::move(*indexer::Quarantine::open(temp_.path()));
  std::unique_ptr<indexer::Ledger> ledger_ = std::move(*indexer::Ledger::open(temp_.path(), {}));
  std::unique_ptr<indexer::Intake> intake_;
  std::optional<StagedSources> sources_;
  std::optional<PushServer> server_;
};

/// The numbers of an answer in JSON, after its name.
std::string counts_of(const std::string& answer) {
  const std::string body = content_of(answer);
  const std::size_t begin = body.find(",\"read\":");
  const std::size_t end = body.find(",\"bytes\":");
  return begin == std::string::npos ? body : body.substr(begin + 1, end - begin - 1);
}

std::string batch(const std::vector<std::string>& ids) {
  std::string all = "{\"Records\":[";
  for (const std::string& id : ids) all += (all.back() == '[' ? "" : ",") + record(id);
  return all + "]}";
}

TEST(PushIntake, IndexesWhatIsPosted) {
  Stage stage;
  const struct {
    const char *head, *status;
    std::string body;
    const char* want;
    std::uint64_t events;
  } kSteps[] = {
      {"/sns/", "200", batch({"a", "b"}), "", 2},
      {"/sns/", "200", batch({"a", "b"}), "", 2},
      {"/ingest", "200", batch({"b", "c"}),
       R"("read":2,"indexed":1,"duplicates":1,"filtered":0,"rejected":0)", 3},
      {"/ingest", "200", record("d") + "\n" + record("e") + "\n",
       R"("read":2,"indexed":2,"duplicates":0,"filtered":0,"rejected":0)", 5},
      {"/ingest", "200", record("f") + "\n{\"eventID\":\n" + record("g"),
       R"("read":3,"indexed":2,"duplicates":0,"filtered":0,"rejected":1)", 7},
      {"/awslogs", "200",
       R"({"messageType":"DATA_MESSAGE","logEvents":[{"id":"1","message":)" +
           json_string(record("h")) + "}]}",
       R"("read":1,"indexed":1,"duplicates":0,"filtered":0,"rejected":0)", 8},
      {"/awslogs", "200", R"({"messageType":"CONTROL_MESSAGE","logEvents":[]})",
       R"("read":0,"indexed":0,"duplicates":0,"filtered":0,"rejected":0)", 8},
      {"/firehose\r\nX-Amz-Firehose-Request-Id: r", "200",
       // The base64 of record("i") is made by the tests in Python; here a record as it is.
       record("i"), nullptr, 9},
      {"/sns/", "400", "what is this?", nullptr, 9},
      {"/sns/", "400", R"({"s3Bucket":"logs","s3ObjectKey":["AWSLogs/a"]})",
       R"({"error":{"code":"bad_request","message":"no objects are fetched here, got 's3://logs/AWSLogs/a'"}})",
       9},
      {"/ingest", "200", "what is this?",
       R"("read":0,"indexed":0,"duplicates":0,"filtered":0,"rejected":0)", 9},
      {"/awslogs", "400", "{}", nullptr, 9},
  };
  for (const auto& step : kSteps) {
    const std::string got = stage.ask(step.head, step.body);
    EXPECT_EQ(status_of(got), step.status) << step.head << step.body << got;
    if (step.want != nullptr) {
      EXPECT_EQ(counts_of(got), step.want) << step.head << step.body;
    }
    EXPECT_EQ(stage.events(), step.events) << "an answer comes when the events are there";
  }
}

TEST(PushIntake, QuarantinesWhatTheDaemonBringsAgainAndAgain) {
  Stage stage;
  for (int attempt = 1; attempt <= 5; ++attempt) {
    const std::string head =
        "/sns/\r\nX-Aws-Sqsd-Msgid: poison\r\nX-Aws-Sqsd-Receive-Count: " + std::to_string(attempt);
    EXPECT_EQ(status_of(stage.ask(head, "what is this?")), attempt < 5 ? "400" : "200");
    EXPECT_EQ(stage.quarantined().size(), attempt < 5 ? 0U : 1U);
  }
  EXPECT_EQ(stage.quarantined(), std::vector<std::string>{"sns:poison message what is this?"});
}

TEST(PushIntake, SharesCommits) {
  Stage stage;
  std::vector<std::unique_ptr<RawConnection>> posts;
  for (int i = 0; i < 200; ++i) {
    posts.push_back(std::make_unique<RawConnection>(stage.server().port()));
    posts.back()->send(PushServer::request("/sns/", record("e" + std::to_string(i))));
  }
  for (auto& post : posts) EXPECT_EQ(status_of(post->read_all()), "200");
  EXPECT_EQ(stage.events(), 200U);
  EXPECT_LT(stage.generation(), 100U);
}

}  // namespace
}  // namespace trailsift::server
