#include "bench/generate_events.h"

#include <cstdlib>
#include <map>
#include <regex>
#include <set>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "bench/deliver.h"

namespace trailsift::bench {
namespace {

rapidjson::Document parse(const std::string& json) {
  rapidjson::Document document;
  document.Parse(json.data(), json.size());
  EXPECT_FALSE(document.HasParseError()) << json;
  return document;
}

std::string text(const rapidjson::Value& event, const char* name) {
  return event.HasMember(name) && event[name].IsString() ? event[name].GetString() : "";
}

// How often each event id is delivered.
std::map<std::string, int> deliveries(const EventGenerator& generator) {
  std::map<std::string, int> times;
  for (const DeliveredFile& file : generator.files()) {
    std::string json;
    generator.append_file(file, json);
    const auto document = parse(json);
    for (const auto& event : document["Records"].GetArray()) ++times[text(event, "eventID")];
  }
  return times;
}

TEST(EventGenerator, EqualWorkloadsGiveEqualBytes) {
  const Workload workload{.events = 300, .seed = 7};
  EXPECT_EQ(EventGenerator(workload).events(), EventGenerator(workload).events());
  Workload other = workload;
  other.seed = 8;
  EXPECT_NE(EventGenerator(workload).events(), EventGenerator(other).events());
}

TEST(EventGenerator, EveryEventIsDifferentAndCompleteJson) {
  const auto events = EventGenerator({.events = 3000, .seed = 1, .days = 10}).events();
  ASSERT_EQ(events.size(), 3000U);
  std::set<std::string> ids;
  for (const std::string& json : events) {
    const auto event = parse(json);
    ASSERT_TRUE(event.IsObject()) << json;
    for (const char* name : {"eventName", "eventSource", "awsRegion", "sourceIPAddress",
                             "userAgent", "recipientAccountId", "eventCategory"}) {
      EXPECT_NE(text(event, name), "") << name << " in " << json;
    }
    EXPECT_TRUE(event["userIdentity"].IsObject()) << json;
    const std::size_t dollar = json.find('$');  // Only Lambda's log streams have one.
    if (dollar != std::string::npos) {
      EXPECT_EQ(json.substr(dollar, 8), "$LATEST]") << json;
    }
    ids.insert(text(event, "eventID"));
  }
  EXPECT_EQ(ids.size(), events.size());
}

TEST(EventGenerator, EventsLieInTheirDaysAndCloseToTheirDelivery) {
  const EventGenerator generator({.events = 2000, .seed = 3, .days = 2});
  for (const DeliveredFile& file : generator.files()) {
    std::string delivered;
    append_time(file.time_s, delivered);
    std::string earliest;
    append_time(file.time_s - 600, earliest);
    for (std::uint32_t n = 0; n < file.count; ++n) {
      std::string json;
      generator.append_event(file, n, json);
      const std::string time = text(parse(json), "eventTime");
      EXPECT_LE(time, delivered);
      EXPECT_GE(time, earliest);
      EXPECT_GE(time, "2024-06-28T23:50:00Z");
    }
  }
}

TEST(EventGenerator, DeliversTheAskedShareTwiceAndNeverInOneFile) {
  const struct {
    double share;
    int low, high;  // Of 4,000 events.
  } kCases[] = {{0.0, 0, 0}, {0.25, 900, 1100}, {1.0, 4000, 4000}};
  for (const auto& c : kCases) {
    const EventGenerator generator({.events = 4000, .seed = 5, .days = 5, .duplicates = c.share});
    int twice = 0;
    for (const auto& [id, times] : deliveries(generator)) {
      ASSERT_LE(times, 2) << id;
      if (times == 2) ++twice;
    }
    EXPECT_GE(twice, c.low) << c.share;
    EXPECT_LE(twice, c.high) << c.share;
    for (std::size_t i = 0; i < generator.files().size(); ++i) {
      const DeliveredFile& file = generator.files()[i];
      if (file.repeated > 0) {
        EXPECT_LT(file.repeats, i);
      }
    }
  }
}

TEST(EventGenerator, NamesFilesAsCloudTrailDoes) {
  const std::regex name(R"(AWSLogs/(\d{12})/CloudTrail/([a-z0-9-]+)/2024/0\d/\d\d/)"
                        R"(\1_CloudTrail_\2_2024\d{4}T\d{4}Z_[A-Z2-7]{16}\.json\.gz)");
  const EventGenerator generator({.events = 2000, .seed = 2, .duplicates = 0.3});
  std::set<std::string> names;
  for (const DeliveredFile& file : generator.files()) {
    EXPECT_TRUE(std::regex_match(generator.path(file), name)) << generator.path(file);
    names.insert(generator.path(file));
  }
  EXPECT_EQ(names.size(), generator.files().size());
}

TEST(EventGenerator, HasTheMixOfRealTrails) {
  std::map<std::string, int> names, identities;
  int errors = 0;
  for (const std::string& json : EventGenerator({.events = 5000, .seed = 4}).events()) {
    const auto event = parse(json);
    ++names[text(event, "eventName")];
    ++identities[text(event["userIdentity"], "type")];
    if (event.HasMember("errorCode")) ++errors;
  }
  EXPECT_GT(names["AssumeRole"], 500);
  EXPECT_GT(names.size(), 40U);
  for (const char* type : {"AWSService", "AssumedRole", "IAMUser", "Root", "WebIdentityUser"}) {
    EXPECT_GT(identities[type], 0) << type;
  }
  EXPECT_GT(errors, 50);
  EXPECT_LT(errors, 500);
}

TEST(Deliver, WritesEveryFileAndCountsWhatItWrote) {
  namespace fs = std::filesystem;
  std::string pattern = (fs::temp_directory_path() / "trailsift-deliver-XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  const EventGenerator generator({.events = 500, .seed = 9, .duplicates = 0.2});
  const auto done = deliver(generator, pattern);
  ASSERT_TRUE(done);
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(pattern))
    files += entry.is_regular_file();
  EXPECT_EQ(files, generator.files().size());
  EXPECT_EQ(done->files, files);
  std::uint64_t records = 0;
  for (const auto& file : generator.files()) records += file.count + file.repeated;
  EXPECT_EQ(done->records, records);

  const auto refused =
      deliver(generator, fs::path(pattern) / fs::path(generator.path(generator.files()[0])));
  EXPECT_FALSE(refused) << "a file is no directory";
  fs::remove_all(pattern);
}

}  // namespace
}  // namespace trailsift::bench
