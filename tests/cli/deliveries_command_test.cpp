#include "cli/deliveries_command.h"

#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "indexer/ledger.h"
#include "indexer/quarantine.h"
#include "tests/cli/golden.h"
#include "tests/cli/staged_console.h"
#include "tests/support/temp_directory.h"

namespace trailsift::cli {
namespace {

using namespace std::string_literals;
using indexer::DeliveryOutcome;
using indexer::DeliveryState;

DeliveryOutcome outcome(const std::string& source, const std::string& object, const char* received,
                        DeliveryState state, indexer::DeliveryCounts counts) {
  DeliveryOutcome made;
  made.source = source;
  made.object = object;
  made.etag = "e1";
  made.received = *parse_time(received);
  made.finished = made.received + std::chrono::seconds(2);
  made.state = state;
  made.counts = counts;
  return made;
}

/// A data directory with a ledger of five deliveries.
struct Place {
  test::TempDirectory directory;

  Place() {
    indexer::LedgerOptions options;
    options.now = [] { return *parse_time("2021-07-30T12:00:00Z"); };
    const auto ledger = indexer::Ledger::open(directory.path(), std::move(options));
    EXPECT_TRUE(ledger);
    std::vector<DeliveryOutcome> all = {
        outcome("directory", "AWSLogs/1.json.gz", "2021-07-29T10:00:00Z", DeliveryState::indexed,
                {1200, 1100, 90, 0, 10, 9000}),
        outcome("sqs:trail", "s3://logs/AWSLogs/2.json.gz", "2021-07-30T10:00:00Z",
                DeliveryState::failed, {0, 0, 0, 0, 0, 0}),
        outcome("directory", "digest.json", "2021-07-30T11:00:00Z", DeliveryState::skipped, {}),
        outcome("push", "m\0\x1b[31m\u202e'\"\n<b>"s, "2021-07-30T11:30:00Z",
                DeliveryState::quarantined, {1, 0, 0, 0, 1, 77}),
        outcome("sqs:trail", "s3://logs/AWSLogs/3.json.gz", "2021-07-30T11:59:00Z",
                DeliveryState::received, {}),
    };
    all[0].newest = *parse_time("2021-07-29T09:55:00Z");
    all[1].error = "cannot fetch: 403 AccessDenied";
    all[3].error = "invalid_json: \x1b]0;x\x07";
    all[4].finished.reset();
    EXPECT_TRUE((*ledger)->record(all));
    EXPECT_TRUE((*ledger)->record({&all[1], 1}));
  }

  std::string data() const { return directory.path().string(); }
  Outcome deliveries(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"deliveries", "--data", data()});
    return run_words(more);
  }
};

TEST(DeliveriesCommand, ShowsATableWithTotals) {
  const Place place;
  const Outcome outcome = place.deliveries();
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  expect_golden("deliveries.txt", outcome.out);
}

TEST(DeliveriesCommand, WritesOneObjectForPrograms) {
  const Place place;
  const Outcome outcome = place.deliveries({"--json"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  expect_golden("deliveries.json", outcome.out);
  rapidjson::Document json;
  json.Parse(outcome.out.data(), outcome.out.size());
  ASSERT_FALSE(json.HasParseError());
  const auto& object = json["deliveries"][1]["object"];
  EXPECT_EQ(std::string(object.GetString(), object.GetStringLength()),
            "m\0\x1b[31m\u202e'\"\n<b>"s);
}

TEST(DeliveriesCommand, ShowsWhatIsAskedFor) {
  const Place place;
  const struct {
    std::vector<std::string> words;
    const char* total;
    const char* first;  ///< Its object.
  } kCases[] = {
      {{"--state", "failed"}, "1", "s3://logs/AWSLogs/2.json.gz"},
      {{"--source", "directory"}, "2", "digest.json"},
      {{"--object", "AWSLogs"}, "3", "s3://logs/AWSLogs/3.json.gz"},
      {{"--from", "-1h"}, "3", "s3://logs/AWSLogs/3.json.gz"},
      {{"--from", "-1h", "--to", "-20m"}, "2", "m"},
      {{"--to", "2021-07-30"}, "1", "AWSLogs/1.json.gz"},
      {{"--limit", "1"}, "5", "s3://logs/AWSLogs/3.json.gz"},
  };
  for (auto c : kCases) {
    c.words.emplace_back("--json");
    const Outcome outcome = place.deliveries(c.words);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    rapidjson::Document json;
    json.Parse(outcome.out.data(), outcome.out.size());
    ASSERT_FALSE(json.HasParseError()) << outcome.out;
    EXPECT_EQ(std::to_string(json["total"].GetUint64()), c.total) << c.words[0];
    EXPECT_STREQ(json["deliveries"][0]["object"].GetString(), c.first);
  }
  const Outcome first = place.deliveries({"--limit", "1"});
  EXPECT_EQ(first.err, "the newest 1 of 5 are shown; --limit shows more\n");
  EXPECT_EQ(place.deliveries({"--object", "nothing like it"}).out, "no deliveries\n");
}

TEST(DeliveriesCommand, NamesWhatIsWrong) {
  const Place place;
  const struct {
    std::vector<std::string> words;
    std::string want;
  } kCases[] = {
      {{"--state", "lost"},
       "expected --state to be received, indexed, skipped, failed or quarantined, got 'lost'"},
      {{"--limit", "0"}, "expected --limit to be a number from 1 to 100000, got '0'"},
  };
  for (const auto& c : kCases) {
    const Outcome outcome = place.deliveries(c.words);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.err, "trailsift: " + c.want + "\nTry 'trailsift deliveries --help'.\n");
  }
  const Outcome missing = run_words({"deliveries", "--data", place.data() + "-not"});
  EXPECT_EQ(missing.code, 1);
  EXPECT_EQ(missing.err, "trailsift: cannot open data directory '" + place.data() +
                             "-not': no such directory\n");
}

/// A folder for logs and one for the index.
struct Index {
  test::TempDirectory directory;

  std::string logs() const { return (directory.path() / "logs").string(); }
  std::string data() const { return (directory.path() / "index").string(); }
  void write(const std::string& name, const std::string& text) const {
    const auto path = directory.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  Outcome run(std::vector<std::string> words) const {
    words.insert(words.end(), {"--data", data()});
    return run_words(words);
  }
  std::vector<indexer::ListedEntry> listed() const {
    std::vector<indexer::ListedEntry> found;
    EXPECT_TRUE(indexer::for_each_quarantined(data(), [&](const indexer::ListedEntry& entry) {
      found.push_back(entry);
      return true;
    }));
    return found;
  }
};

std::string record(const std::string& id) {
  return R"({"eventID":")" + id + R"(","eventTime":"2024-05-01T10:00:00Z"})";
}

TEST(IndexCommand, RecordsItsFilesAndGoesOnWithoutALedger) {
  const Index index;
  index.write("logs/a.json", record("a") + record("b"));
  index.write("logs/b.json", record("b"));
  ASSERT_EQ(index.run({"index", index.logs(), "--threads", "1"}).code, 0);
  ASSERT_EQ(index.run({"index", index.logs()}).code, 0);
  const Outcome shown = index.run({"deliveries", "--json"});
  EXPECT_NE(shown.out.find(R"("totals":{"attempts":4,"read":6,"indexed":2,"duplicates":4,)"),
            std::string::npos)
      << shown.out;
  EXPECT_EQ(index.run({"check"}).out, "clean: 1 segments, 2 events\n");

  index.write("index/deliveries.sqlite", std::string(5000, 'x'));
  index.write("logs/c.json", record("c"));
  const Outcome without = index.run({"index", index.logs(), "--json"});
  const std::string damaged =
      "'" + index.data() + "/deliveries.sqlite' is damaged: file is not a database\n";
  EXPECT_EQ(without.code, 0);
  EXPECT_EQ(without.err, "deliveries are not recorded: " + damaged);
  EXPECT_NE(without.out.find(R"("indexed":1,)"), std::string::npos);
  EXPECT_EQ(index.run({"check"}).out, damaged);
  EXPECT_EQ(index.run({"deliveries"}).err, "trailsift: " + damaged);
  EXPECT_EQ(index.run({"search", "*", "--size", "0"}).out, "3 events\n");
}

TEST(QuarantineCommand, ShowsAndWritesBytes) {
  const Index index;
  const std::string bad = "{\"eventID\":\"\x1b[2J\x7f\",\n?}";
  index.write("logs/bad.json", record("a") + "\n" + bad + "\n");
  index.run({"index", index.logs()});
  ASSERT_EQ(index.listed().size(), 1U);
  const std::string id = index.listed()[0].id;
  const Outcome shown = index.run({"quarantine", "show", id.substr(0, 4)});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_NE(shown.out.find("id      " + id + "\n"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("\nsource  " + index.logs() +
                           "/bad.json\noffset  51\nkind    stretch\n"
                           "size    22\nbytes   all of them follow\n\n"
                           "{\"eventID\":\"\\x1b[2J\\x7f\",\n?}\n"),
            std::string::npos)
      << shown.out;
  EXPECT_EQ(index.run({"quarantine", "show", id, "--raw"}).out, bad);
  const Outcome list = index.run({"quarantine", "list"});
  EXPECT_NE(list.out.find(id), std::string::npos);
  EXPECT_EQ(index.run({"quarantine", "show", "0000"}).err,
            "trailsift: there is no quarantine entry '0000'\n");
}

TEST(QuarantineCommand, ReplaysAndDrops) {
  const Index index;
  index.write("logs/a.json", record("a") + "{\"eventID\":?}");
  index.run({"index", index.logs()});
  {
    // As a version before this one might have left it.
    const auto quarantine = indexer::Quarantine::open(index.data());
    ASSERT_TRUE(quarantine);
    const std::string bytes = record("b") + record("a");
    ASSERT_TRUE((*quarantine)
                    ->add({Timestamp(), "old.json", 0, Reject::too_deep, "", bytes,
                           indexer::QuarantinedAs::stretch, bytes, bytes.size()}));
  }
  const auto all = index.listed();
  ASSERT_EQ(all.size(), 2U);
  for (const auto& words : {std::vector<std::string>{"quarantine", "replay"},
                            {"quarantine", "drop"},
                            {"quarantine", "drop", all[0].id, "--all"}}) {
    const Outcome outcome = index.run(words);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.err, "trailsift: expected the ids of entries, or --all\nTry 'trailsift " +
                               words[0] + " " + words[1] + " --help'.\n");
  }
  const Outcome replayed = index.run({"quarantine", "replay", "--all"});
  EXPECT_EQ(replayed.code, 1);
  EXPECT_EQ(replayed.out,
            "replayed 1 of 2 entries: 1 events indexed, 1 duplicates; 1 entries stay\n");
  EXPECT_TRUE(replayed.err.starts_with(all[0].id + " stays: invalid_json: ")) << replayed.err;
  EXPECT_EQ(index.run({"search", "*", "--size", "0"}).out, "2 events\n");
  EXPECT_EQ(index.run({"quarantine", "drop", all[0].id.substr(0, 6)}).out, "dropped 1 entries\n");
  EXPECT_EQ(index.run({"quarantine", "list"}).out, "nothing was rejected\n");
  EXPECT_EQ(index.run({"quarantine", "replay", "--all"}).code, 0);
  EXPECT_EQ(index.run({"check"}).code, 0);
}

TEST(QuarantineCommand, AListOfThePreviousFormatHasNoBytesToReplay) {
  const Index index;
  index.write("logs/a.json", record("a"));
  index.run({"index", index.logs()});
  index.write("index/quarantine.ndjson",
              R"({"seen":"2024-05-01T10:00:00Z","source":"x.json","offset":7,)"
              R"("reason":"invalid_json","detail":"?","excerpt":"{\"eventID\""})"
              "\n");
  const std::string id = index.listed().at(0).id;
  const Outcome shown = index.run({"quarantine", "show", id});
  EXPECT_NE(shown.out.find("bytes   not kept; the first 10 follow\n\n{\"eventID\"\n"),
            std::string::npos)
      << shown.out;
  EXPECT_EQ(index.run({"quarantine", "show", id, "--raw"}).err,
            "trailsift: the bytes of '" + id + "' were not kept, only the first ones\n");
  const Outcome replayed = index.run({"quarantine", "replay", id});
  EXPECT_EQ(replayed.code, 1);
  EXPECT_EQ(replayed.err, id + " stays: its bytes were not kept: index where it came from again\n");
  EXPECT_EQ(index.run({"quarantine", "drop", id}).out, "dropped 1 entries\n");
}

}  // namespace
}  // namespace trailsift::cli
