#include "bench/template_records.h"

#include <cstdlib>
#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include "bench/generate_events.h"
#include "bench/random.h"
#include "schema/flatten.h"

namespace trailsift::bench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRecord = R"({"eventVersion":"1.08","userIdentity":{"type":"AssumedRole",
  "principalId":"AROAEXAMPLEEXAMPLE01:deploy","arn":"arn:aws:sts::123456789012:assumed-role/ci/deploy",
  "accountId":"123456789012","accessKeyId":"ASIAEXAMPLEEXAMPLE02"},
  "eventTime":"2021-07-29T23:53:26Z","eventSource":"ec2.amazonaws.com","eventName":"RunInstances",
  "awsRegion":"eu-north-1","sourceIPAddress":"192.0.2.44","userAgent":"aws-cli/2.2",
  "requestParameters":{"subnetId":"subnet-0123456789abcdef0","zone":"eu-north-1b","ttl":3600,
  "kmsKeyId":"arn:aws:kms:eu-north-1:210987654321:key/0f0f0f0f-1111-4222-8333-444444444444"},
  "responseElements":{"launched":"2021-07-29T23:53:30Z","never":"9999-12-31T23:59:59Z",
  "subnet":"subnet-0123456789abcdef0","group":"sg-89abcdef"},
  "requestID":"aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee","eventID":"99999999-8888-4777-8666-555555555555",
  "readOnly":false,"eventType":"AwsApiCall","recipientAccountId":"123456789012"})";

class TemplateRecordsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "trailsift-templates-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { fs::remove_all(directory_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(directory_ / name) << text;
  }

  // The event of the only template in a scene.
  static Event event_in(const TemplateRecords& templates, const Scene& scene) {
    std::string json;
    templates.append_event(0, scene, json);
    EXPECT_EQ(json.find('\n'), std::string::npos);
    auto event = flatten(json);
    EXPECT_TRUE(event) << json;
    return event ? *std::move(event) : Event{};
  }

  static std::string leaf(const Event& event, const std::string& path) {
    for (const Leaf& leaf : event.leaves) {
      if (leaf.path == path) return leaf.value;
    }
    return "";
  }

  fs::path directory_;
};

constexpr Scene kScene{.account = 2, .region = 1, .time_s = 1'718'000'000, .draw = 42};

TEST_F(TemplateRecordsTest, KeepsTheShapeAndReplacesWhatIsUnique) {
  write("one.json", std::string(R"({"Records":[)") + kRecord + "]}");
  const auto templates = TemplateRecords::read(directory_);
  ASSERT_TRUE(templates);
  ASSERT_EQ(templates->size(), 1U);
  const Event made = event_in(*templates, kScene);
  const auto original = flatten(kRecord);
  ASSERT_TRUE(original);
  ASSERT_EQ(made.leaves.size(), original->leaves.size());
  for (std::size_t i = 0; i < made.leaves.size(); ++i) {
    EXPECT_EQ(made.leaves[i].path, original->leaves[i].path);
  }
  const struct {
    const char *path, *want;
  } kCases[] = {
      {"eventTime", "2024-06-10T06:13:20Z"},
      {"responseElements.launched", "2024-06-10T06:13:24Z"},
      {"responseElements.never", "9999-12-31T23:59:59Z"},
      {"awsRegion", "eu-west-1"},
      {"requestParameters.zone", "eu-west-1b"},
      {"requestParameters.ttl", "3600"},
      {"recipientAccountId", "333344445555"},
      {"userIdentity.arn", "arn:aws:sts::333344445555:assumed-role/ci/deploy"},
      {"eventName", "RunInstances"},
      {"userAgent", "aws-cli/2.2"},
  };
  for (const auto& c : kCases) EXPECT_EQ(leaf(made, c.path), c.want) << c.path;
  for (const char* gone : {"123456789012", "210987654321", "EXAMPLE", "0123456789abcdef0",
                           "89abcdef\"", "192.0.2.44", "0f0f0f0f", "99999999-", "aaaaaaaa-"}) {
    EXPECT_EQ(made.json.find(gone), std::string::npos) << gone << " in " << made.json;
  }
}

TEST_F(TemplateRecordsTest, IdsOfResourcesAreSharedAndIdsOfEventsAreNot) {
  write("one.json", kRecord);
  const auto templates = TemplateRecords::read(directory_);
  ASSERT_TRUE(templates);
  std::set<std::string> ids, requests, subnets;
  for (std::uint64_t draw = 0; draw < 500; ++draw) {
    Scene scene = kScene;
    scene.draw = mix(7, draw);
    const Event made = event_in(*templates, scene);
    EXPECT_EQ(leaf(made, "requestParameters.subnetId"), leaf(made, "responseElements.subnet"));
    ids.insert(made.id);
    requests.insert(leaf(made, "requestID"));
    subnets.insert(leaf(made, "responseElements.subnet"));
  }
  EXPECT_EQ(ids.size(), 500U);
  EXPECT_EQ(requests.size(), 500U);
  EXPECT_GT(subnets.size(), 5U);
  EXPECT_LE(subnets.size(), 40U);
}

TEST_F(TemplateRecordsTest, PassesOverWhatIsNoTemplate) {
  const std::string record = kRecord;
  std::string without_uuid = record;
  without_uuid.replace(without_uuid.find("99999999-"), 9, "chosen---");
  write("a.json", std::string(R"({"Records":[)") + without_uuid + "," + record + "]}");
  write("b.json", record.substr(0, 300));
  write("c.json", R"({"Records":[{"eventID":"x"}, 7, null]})");
  write("d.txt", "no log at all");
  const auto templates = TemplateRecords::read(directory_);
  ASSERT_TRUE(templates);
  EXPECT_EQ(templates->size(), 1U);
}

TEST_F(TemplateRecordsTest, FailsWithoutAnyRecord) {
  write("d.txt", "no log at all");
  const auto templates = TemplateRecords::read(directory_);
  ASSERT_FALSE(templates);
  EXPECT_EQ(templates.error().message, "cannot find a record below '" + directory_.string() + "'");
}

TEST_F(TemplateRecordsTest, FillsAWholeWorkload) {
  write("one.json", kRecord);
  const auto templates = TemplateRecords::read(directory_);
  ASSERT_TRUE(templates);
  const Workload workload{.events = 300, .seed = 3, .days = 2, .duplicates = 0.1};
  const auto events = EventGenerator(workload, &*templates).events();
  EXPECT_EQ(events, EventGenerator(workload, &*templates).events());
  std::set<std::string> ids;
  for (const std::string& json : events) {
    const auto event = flatten(json);
    ASSERT_TRUE(event) << json;
    ids.insert(event->id);
  }
  EXPECT_EQ(ids.size(), 300U);
}

}  // namespace
}  // namespace trailsift::bench
