#include "cli/index_command.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "cli/quarantine_command.h"
#include "store/store.h"
#include "tests/cli/staged_console.h"
#include "tests/support/temp_directory.h"

namespace trailsift::cli {
namespace {

std::string record(const std::string& id) {
  return R"({"eventID":")" + id + R"(","eventTime":"2024-05-01T10:00:00Z"})";
}

/// A folder for logs and one for the index.
struct Place {
  test::TempDirectory directory;

  std::string logs() const { return (directory.path() / "logs").string(); }
  std::string data() const { return (directory.path() / "index").string(); }

  void write(const std::string& name, const std::string& text) const {
    const auto path = directory.path() / "logs" / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }

  Outcome index(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"index", logs(), "--data", data()});
    return run_words(more);
  }
  Outcome quarantine(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"quarantine", "list", "--data", data()});
    return run_words(more);
  }
};

/// `text` with the figure before " s" or behind "seconds": taken out.
std::string without_seconds(std::string text) {
  const std::size_t json = text.find(R"("seconds":)");
  if (json != std::string::npos) return text.substr(0, json);
  const std::size_t in = text.find(" in ");
  return text.erase(in, text.find('\n') - in);
}

TEST(IndexCommand, AccountsInWords) {
  const Place place;
  place.write("a.json", R"({"Records":[)" + record("a") + "," + record("b") + "]}");
  place.write("b.json", record("a") + "\n{\"eventID\":?}\n");
  place.write("digest.json", R"({"digestStartTime":"2024-05-01T10:00:00Z"})");
  place.write("notes.txt", "hello");
  const Outcome outcome = place.index();
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(without_seconds(outcome.out),
            "read 4 events from 2 files (180 B)\n"
            "  indexed                 2\n"
            "  duplicates              1\n"
            "  filtered                0\n"
            "  rejected                1\n"
            "skipped 2 that are no CloudTrail logs: 1 digest, 1 not JSON\n");
  EXPECT_EQ(outcome.err,
            "1 rejected: 'trailsift quarantine list --data " + place.data() + "' tells why\n");
}

TEST(IndexCommand, JsonIsExactlyOneObject) {
  const Place place;
  place.write("a.json", record("a") + record("b"));
  place.write("b/c.json", record("b"));
  const Outcome outcome = place.index({"--json"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(
      without_seconds(outcome.out),
      R"({"files":2,"skipped":0,"already_indexed":0,"read":3,"indexed":2,"duplicates":1,"filtered":0,)"
      R"("rejected":0,"bytes":150,)");
  rapidjson::Document json;
  json.Parse(outcome.out.data(), outcome.out.size());
  ASSERT_FALSE(json.HasParseError()) << outcome.out;
  ASSERT_TRUE(json["seconds"].IsDouble());
  EXPECT_EQ(outcome.err, "");
}

TEST(IndexCommand, ASecondRunFindsOnlyDuplicates) {
  const Place place;
  place.write("a.json", record("a") + record("b"));
  place.index();
  EXPECT_NE(place.index({"--json"}).out.find(R"("indexed":0,"duplicates":2)"), std::string::npos);
  const auto reader = store::Reader::open(place.data());
  ASSERT_TRUE(reader);
  EXPECT_EQ((*(*reader)->snapshot())->events(), 2U);
}

TEST(IndexCommand, TheReferenceWriterIndexesTheSame) {
  const Place place;
  place.write("a.json", record("a") + record("b"));
  const Outcome outcome = place.index({"--reference-writer", "--json"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_NE(outcome.out.find(R"("indexed":2)"), std::string::npos) << outcome.out;
  const Outcome again = place.index({"--json"});
  EXPECT_NE(again.out.find(R"("duplicates":2)"), std::string::npos) << again.out;
}

TEST(IndexCommand, LeavesOutWhatQueriesName) {
  const auto event = [](const std::string& id, const std::string& name,
                        const std::string& account = "111122223333") {
    return R"({"eventID":")" + id + R"(","eventTime":"2024-05-01T10:00:00Z","eventName":")" + name +
           R"(","recipientAccountId":")" + account + R"(","requestParameters":{"bucketName":"b-)" +
           id + "\"}}";
  };
  const std::string events = event("1", "DescribeInstances") + event("2", "ListBuckets") +
                             event("3", "GetObject") + event("4", "describe") +
                             event("5", "GetObject", "444455556666");
  const std::string list = "--exclude-describe-events";
  const struct {
    std::vector<std::string> options;
    std::string counts;
  } kCases[] = {
      {{}, R"("indexed":5,"duplicates":0,"filtered":0,)"},
      {{list}, R"("indexed":4,"duplicates":0,"filtered":1,)"},
      {{"--exclude", "event_name:'ListBuckets'"}, R"("indexed":4,"duplicates":0,"filtered":1,)"},
      {{"--exclude", "event_name:'ListBuckets'", "--exclude", "'b-3'", list},
       R"("indexed":2,"duplicates":0,"filtered":3,)"},
      {{"--exclude", "(not (prefix field=log_file '/'))"},
       R"("indexed":5,"duplicates":0,"filtered":0,)"},
      {{"--exclude", "account_name:'Test'"}, R"("indexed":4,"duplicates":0,"filtered":1,)"},
      {{"--exclude", "(and 'test' event_name:'GetObject')"},
       R"("indexed":4,"duplicates":0,"filtered":1,)"},
      {{"--exclude", "matchall"}, R"("indexed":0,"duplicates":0,"filtered":5,)"},
      {{"--exclude", "'---'"}, R"("indexed":5,"duplicates":0,"filtered":0,)"},
  };
  for (const auto& c : kCases) {
    const Place place;
    place.write("a.json", events);
    place.write("../names.csv", "accountId,accountName\n444455556666,Test\n");
    auto options = c.options;
    options.insert(options.end(), {"--json", "--account-names", place.logs() + "/../names.csv"});
    const Outcome outcome = place.index(options);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_NE(outcome.out.find(R"("read":5,)" + c.counts), std::string::npos) << outcome.out;
  }
}

TEST(IndexCommand, AMistakeInAnExcludeQueryIsShownBeforeAnythingIsDone) {
  const Place place;
  place.write("a.json", record("a"));
  const Outcome outcome = place.index({"--exclude", "matchall", "--exclude", "event_nam:'x'"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            "trailsift: Syntax error in query: field (event_nam) does not exist. Did you mean "
            "'event_name' or 'insight_event_name'?\n  event_nam:'x'\n  ^^^^^^^^^\nTry 'trailsift "
            "index --help'.\n");
  EXPECT_FALSE(std::filesystem::exists(place.data()));
  const Outcome names = place.index({"--exclude", "matchall", "--account-names", "none.csv"});
  EXPECT_EQ(names.code, 1);
  EXPECT_EQ(names.err, "trailsift: there is no file 'none.csv'\n");
}

TEST(IndexCommand, AMissingPathIsAnErrorBeforeAnythingIsDone) {
  const Place place;
  place.write("a.json", record("a"));
  const Outcome outcome = place.index({place.logs() + "/b.json"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            "trailsift: cannot read '" + place.logs() + "/b.json': no such file or directory\n");
  EXPECT_FALSE(std::filesystem::exists(place.data()));
}

TEST(IndexCommand, FailsWhenAnotherWriterHoldsTheIndex) {
  const Place place;
  place.write("a.json", record("a"));
  const auto writer = store::Writer::open(place.data());
  ASSERT_TRUE(writer);
  const Outcome outcome = place.index({"--json"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err, "");
}

TEST(IndexCommand, FailsWhenNothingCouldBeRead) {
  const Place place;
  // A file that opens and whose first read fails, for root too.
  const Outcome outcome = run_words({"index", "/proc/self/mem", "--data", place.data(), "--json"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(
      without_seconds(outcome.out),
      R"({"files":0,"skipped":0,"already_indexed":0,"read":1,"indexed":0,"duplicates":0,"filtered":0,)"
      R"("rejected":1,"bytes":0,)");
}

TEST(IndexCommand, AStopIsToldToTheShell) {
  const Place place;
  place.write("a.json", record("a"));
  StagedConsole staged;
  std::stop_source stop;
  stop.request_stop();
  staged.console.stop = stop.get_token();
  const std::vector<std::string> words = {"index", place.logs(), "--data", place.data()};
  EXPECT_EQ(run(words, staged.console), ExitCode::interrupted);
  EXPECT_NE(staged.err.str().find("run the same command again to go on"), std::string::npos);
  EXPECT_NE(staged.out.str().find("read 0 events"), std::string::npos);
}

TEST(IndexCommand, MistakesInTheCommandLineAreUsageErrors) {
  const Place place;
  EXPECT_EQ(run_words({"index", "--data", place.data()}).code, 2);
  EXPECT_EQ(run_words({"index", "x"}).code, 2);
  EXPECT_EQ(place.index({"--threads", "many"}).code, 2);
}

TEST(QuarantineListCommand, ShowsATableWithoutControlCharacters) {
  const Place place;
  place.write("\x1b[31mred.json", "{\"eventID\":\"a\x1b]0;x\x07\xff\",?}");
  place.write("no_id.json", R"({"eventName":"x"})");
  place.index();
  const Outcome outcome = place.quarantine();
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out.find_first_of("\x1b\x07\xff"), std::string::npos) << outcome.out;
  EXPECT_EQ(std::ranges::count(outcome.out, '\n'), 3);
  EXPECT_NE(outcome.out.find("\\x1b[31mred.json"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("missing_event_id"), std::string::npos);
  EXPECT_NE(outcome.out.find("expected an eventID, got none"), std::string::npos);
}

TEST(QuarantineListCommand, JsonHasOneObjectALineWithTheExcerpt) {
  const Place place;
  place.write("a.json", "{\"eventID\":\"\x1b\x7f\",?}");
  place.index();
  const Outcome outcome = place.quarantine({"--json"});
  ASSERT_EQ(std::ranges::count(outcome.out, '\n'), 1) << outcome.out;
  EXPECT_EQ(outcome.out.find_first_of("\x1b\x7f"), std::string::npos);
  rapidjson::Document json;
  json.Parse(outcome.out.data(), outcome.out.size());
  ASSERT_FALSE(json.HasParseError()) << outcome.out;
  EXPECT_STREQ(json["reason"].GetString(), "invalid_json");
  EXPECT_EQ(json["source"].GetString(), place.logs() + "/a.json");
  EXPECT_EQ(json["offset"].GetUint64(), 0U);
  EXPECT_STREQ(json["excerpt"].GetString(), "{\"eventID\":\"\x1b\x7f\",?}");
}

TEST(QuarantineListCommand, SaysWhenThereIsNothing) {
  const Place place;
  place.write("a.json", record("a"));
  place.index();
  EXPECT_EQ(place.quarantine().out, "nothing was rejected\n");
  EXPECT_EQ(place.quarantine({"--json"}).out, "");
  const Outcome missing = run_words({"quarantine", "list", "--data", place.data() + "/no"});
  EXPECT_EQ(missing.code, 1);
  EXPECT_NE(missing.err.find("no such directory"), std::string::npos);
}

}  // namespace
}  // namespace trailsift::cli
