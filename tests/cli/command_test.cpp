#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "cli/search_command.h"
#include "schema/field.h"
#include "schema/flatten.h"
#include "store/store.h"
#include "tests/cli/golden.h"
#include "tests/cli/staged_console.h"
#include "tests/support/batch_of.h"
#include "tests/support/temp_directory.h"

namespace trailsift::cli {
namespace {

constexpr int kEvents = 2500;

/// Event `number` happens `number` seconds after 2021-07-29T00:00:00Z. Every fifth one failed.
Event sample_event(int number) {
  const Timestamp time = *parse_time("2021-07-29T00:00:00Z") + std::chrono::seconds(number);
  std::string id = std::to_string(number);
  id.insert(0, 4 - id.size(), '0');
  std::string json = R"({"eventID":"e)" + id + R"(","eventTime":")" + format_time(time) +
                     R"(","eventName":")" + (number % 2 == 0 ? "GetObject" : "PutObject") +
                     R"(","eventSource":"s3.amazonaws.com","awsRegion":"us-east-1")" +
                     R"(,"sourceIPAddress":"198.51.100.7")" +
                     R"(,"userIdentity":{"type":"IAMUser","userName":"alice"})";
  if (number % 5 == 0) json += R"(,"errorCode":"AccessDenied")";
  json += R"(,"requestParameters":{"bucketName":"reports"}})";
  auto event = flatten(json);
  EXPECT_TRUE(event) << json;
  return event ? std::move(*event) : Event{};
}

/// One store with kEvents events in two segments, for all tests of this file.
class CommandTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = std::make_unique<test::TempDirectory>();
    store::WriterOptions options;
    options.durable = options.background_merges = false;
    const auto writer = store::Writer::open(data(), options);
    ASSERT_TRUE(writer) << writer.error().message;
    for (const int begin : {0, 1500}) {
      std::vector<Event> batch;
      for (int i = begin; i < (begin == 0 ? 1500 : kEvents); ++i) batch.push_back(sample_event(i));
      ASSERT_TRUE((*writer)->commit(test::batch_of(batch)));
    }
  }
  static void TearDownTestSuite() { directory_.reset(); }

  static std::string data() { return (directory_->path() / "index").string(); }

  static Outcome search(std::vector<std::string> words) {
    words.insert(words.begin(), {"search", "--syntax", "structured", "--data", data()});
    return run_words(words);
  }

 private:
  static std::unique_ptr<test::TempDirectory> directory_;
};

std::unique_ptr<test::TempDirectory> CommandTest::directory_;

TEST_F(CommandTest, SearchShowsTheNewestHitsFacetsAndHistogram) {
  const Outcome outcome = search({"error_code:'AccessDenied'", "--size", "2", "--facet",
                                  "event_name", "--facet", "eventName", "--histogram", "10m"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  expect_golden("search_command.txt", outcome.out);
}

TEST_F(CommandTest, SearchAnswersEverythingWithoutAQuery) {
  const Outcome outcome = search({"--size", "0"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "2,500 events\n");
}

TEST_F(CommandTest, SearchTakesTimesSecondQueryAndOrder) {
  const struct {
    std::vector<std::string> words;
    std::string first_id;
    std::string found;
  } kCases[] = {
      {{"--from", "2021-07-29T00:40:00Z"}, "e2499", "100"},
      {{"--to", "2021-07-29T00:00:10Z"}, "e0009", "10"},
      {{"--from", "2021-07-29", "--to", "2021-07-29T00:00:10Z"}, "e0009", "10"},
      {{"--from", "now-2d", "--to", "now"}, "e2499", "2500"},
      {{"--from", "-24h"}, "", "0"},
      {{"event_name:'GetObject'", "--fq", "error_code:'AccessDenied'"}, "e2490", "250"},
      {{"matchall", "--sort", "event_time:asc"}, "e0000", "2500"},
      {{"matchall", "--sort", "event_name:desc", "--sort", "event_id:asc"}, "e0001", "2500"},
      {{"matchall", "--start", "3"}, "e2496", "2500"},
      {{"requestParameters.bucketName:'reports'"}, "e2499", "2500"},
  };
  for (auto c : kCases) {
    c.words.insert(c.words.end(), {"--size", "1", "--format", "json"});
    const Outcome outcome = search(c.words);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    rapidjson::Document answer;
    answer.Parse(outcome.out.c_str());
    ASSERT_FALSE(answer.HasParseError()) << outcome.out;
    EXPECT_EQ(std::to_string(answer["found"].GetUint64()), c.found) << c.words[0];
    const auto& hits = answer["hits"];
    EXPECT_EQ(hits.Empty() ? "" : hits[0]["id"].GetString(), c.first_id) << c.words[0];
  }
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST_F(CommandTest, SizeAllGoesThroughEveryPage) {
  const Outcome outcome = search({"--size", "all", "--format", "csv", "--return", "event_id"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto lines = lines_of(outcome.out);
  ASSERT_EQ(lines.size(), kEvents + 1U);
  for (int i = 0; i < kEvents; ++i) {
    std::string id = std::to_string(kEvents - 1 - i);
    id.insert(0, 4 - id.size(), '0');
    ASSERT_EQ(lines[static_cast<std::size_t>(i) + 1], "e" + id + "\r");
  }
}

TEST_F(CommandTest, PagesEndWhereTheSizeDoes) {
  const auto searcher = data_searcher(data(), {});
  ASSERT_TRUE(searcher) << searcher.error().message;
  for (const std::uint64_t limit : {10'001ULL, 999'999ULL}) {
    SearchOptions options;
    options.format = Format::ndjson;
    options.limit = limit;
    std::ostringstream out;
    ASSERT_TRUE(write_search(**searcher, std::move(options), out));
    EXPECT_EQ(lines_of(out.str()).size(), std::size_t{kEvents});
  }
}

TEST_F(CommandTest, JsonOfAllPagesIsOneObjectWithFacets) {
  const Outcome outcome = search(
      {"--size", "all", "--format", "json", "--facet", "event_name", "--return", "event_id"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  rapidjson::Document answer;
  answer.Parse(outcome.out.c_str());
  ASSERT_FALSE(answer.HasParseError());
  EXPECT_EQ(answer["hits"].Size(), kEvents);
  EXPECT_EQ(answer["facets"]["event_name"]["buckets"][0]["count"].GetInt(), kEvents / 2);
  EXPECT_FALSE(answer.HasMember("cursor"));
}

TEST_F(CommandTest, CursorPagesOnFromTheLastAnswer) {
  rapidjson::Document first, second;
  first.Parse(search({"--size", "3", "--cursor", "initial", "--format", "json"}).out.c_str());
  ASSERT_TRUE(first.HasMember("cursor"));
  const std::string cursor = first["cursor"].GetString();
  second.Parse(search({"--size", "3", "--cursor", cursor, "--format", "json"}).out.c_str());
  ASSERT_TRUE(second.HasMember("hits"));
  EXPECT_STREQ(second["hits"][0]["id"].GetString(), "e2496");
  const Outcome other = search({"event_name:'GetObject'", "--cursor", cursor});
  EXPECT_EQ(other.code, 1);
  EXPECT_NE(other.err.find("cursor"), std::string::npos) << other.err;
}

/// Of the sample events none says which account it is of; this store's do.
TEST(SearchCommand, KnowsTheNamesOfAccounts) {
  const test::TempDirectory directory;
  const std::string data = (directory.path() / "index").string();
  std::vector<Event> events;
  for (const std::string account : {"111122223333", "444455556666", "444455556666"}) {
    events.push_back(*flatten(R"({"eventID":"e)" + std::to_string(events.size()) +
                              R"(","eventTime":"2021-07-29T00:00:00Z","recipientAccountId":")" +
                              account + "\"}"));
  }
  {
    store::WriterOptions options;
    options.durable = false;
    const auto writer = store::Writer::open(data, options);
    ASSERT_TRUE(writer) << writer.error().message;
    ASSERT_TRUE((*writer)->commit(test::batch_of(events)));
  }
  const auto search = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"search", "--syntax", "structured", "--data", data});
    return run_words(words);
  };
  const std::vector<std::string> csv = {
      "account_name:{,}", "--format",        "csv", "--return", "event_id,account_name,integrity",
      "--sort",           "account_name:asc"};
  EXPECT_EQ(search(csv).out, "event_id,account_name,integrity\r\n");
  std::ofstream(data + "/account-names.csv") << "111122223333,Production\n444455556666,Audit\n";
  EXPECT_EQ(search(csv).out,
            "event_id,account_name,integrity\r\ne1,Audit,unverified\r\ne2,Audit,unverified\r\n"
            "e0,Production,unverified\r\n");
  const Outcome facets = search({"--size", "0", "--facet", "account_name"});
  EXPECT_NE(facets.out.find("Audit"), std::string::npos) << facets.out;
  EXPECT_EQ(facets.err, "");

  const std::string other = (directory.path() / "other.csv").string();
  std::ofstream(other) << "111122223333,Prod\nx,\x1b[2J\n";
  const Outcome named = search({"'prod'", "--size", "1", "--account-names", other});
  EXPECT_TRUE(named.out.ends_with("\n1 of 1 event\n")) << named.out;
  EXPECT_EQ(named.err,
            "trailsift: '" + other + "', line 2: expected an account id of 12 digits, got 'x'\n");
  const Outcome missing = search({"--account-names", other + "-not"});
  EXPECT_EQ(missing.code, 1);
  EXPECT_EQ(missing.err, "trailsift: there is no file '" + other + "-not'\n");
}

TEST_F(CommandTest, PointsAtTheMistakeInAQuery) {
  const Outcome outcome = search({"(and event_nam:'x' matchall)"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("'event_name'"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("\n  (and event_nam:'x' matchall)\n       ^^^^^^^^^\n"),
            std::string::npos)
      << outcome.err;
  const Outcome filter = search({"--fq", "event_name:"});
  EXPECT_EQ(filter.code, 1);
  EXPECT_NE(filter.err.find("\n  event_name:\n             ^"), std::string::npos) << filter.err;
}

TEST_F(CommandTest, MasksWhatAQueryHolds) {
  const Outcome outcome = search({"'\x1b[2J\u202E' x"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err.find('\x1b'), std::string::npos);
  EXPECT_EQ(outcome.err.find("\u202E"), std::string::npos);
  EXPECT_NE(outcome.err.find("\n  '?[2J?' x\n          ^"), std::string::npos) << outcome.err;
}

TEST_F(CommandTest, NamesWhatIsWrongWithTheOptions) {
  const struct {
    std::vector<std::string> words;
    std::string want;
  } kCases[] = {
      {{"--size", "many"}, "expected --size to be a number from 0 to 4294967295, got 'many'"},
      {{"--start", "10001"}, "expected --start to be a number from 0 to 10000, got '10001'"},
      {{"--start", "1", "--cursor", "initial"}, "expected --start or --cursor, got both"},
      {{"--start", "5", "--size", "all"},
       "expected at most 10000 hits in one page of --start or --cursor"},
      {{"--size", "all"}, "expected at most 10000 hits in a table; other formats have no limit"},
      {{"--format", "xml"}, "expected --format to be table, json, ndjson or csv, got 'xml'"},
      {{"--sort", "event_time"}, "expected --sort to be FIELD:asc or FIELD:desc, got 'event_time'"},
      {{"--sort", "event_tim:asc"},
       "unknown field 'event_tim' in --sort, did you mean 'event_time' or 'event_id'?"},
      {{"--facet", "nothing_like_it_at_all"}, "unknown field 'nothing_like_it_at_all' in --facet"},
      {{"--return", "event_id,,actor"}, "expected field names between the commas of --return"},
      {{"--facet-size", "0"}, "expected --facet-size to be a number from 1 to 10000, got '0'"},
      {{"--histogram", "1y"},
       "expected --histogram to be 'auto' or an interval such as 30s, 5m, 1h, 1d, 1w, got '1y'"},
      {{"--histogram", "0h"},
       "expected --histogram to be 'auto' or an interval such as 30s, 5m, 1h, 1d, 1w, got '0h'"},
      {{"--facet", "actor", "--format", "csv"},
       "expected --format table or json with --facet, --histogram or --cursor"},
  };
  for (const auto& c : kCases) {
    const Outcome outcome = search(c.words);
    EXPECT_EQ(outcome.code, 2) << c.want;
    EXPECT_EQ(outcome.out, "") << c.want;
    EXPECT_EQ(outcome.err, "trailsift: " + c.want + "\nTry 'trailsift search --help'.\n");
  }
  const Outcome time = search({"--from", "yesterday"});
  EXPECT_EQ(time.code, 2);
  EXPECT_TRUE(time.err.starts_with("trailsift: cannot read --from: ")) << time.err;
}

TEST_F(CommandTest, RefusesWhatIsNoColumn) {
  for (const auto& words :
       {std::vector<std::string>{"--facet", "raw"}, std::vector<std::string>{"--sort", "raw:asc"},
        std::vector<std::string>{"--sort", "resources_arn:asc"}}) {
    const Outcome outcome = search(words);
    EXPECT_EQ(outcome.code, 1) << words[0];
    EXPECT_EQ(outcome.out, "") << words[0];
    EXPECT_FALSE(outcome.err.empty()) << words[0];
  }
}

TEST_F(CommandTest, SearchSpeaksTheEverydayLanguageByItself) {
  const auto found = [](const std::vector<std::string>& query) {
    std::vector<std::string> words = {"search", "--data", data(), "--size", "0"};
    words.insert(words.end(), query.begin(), query.end());
    const Outcome outcome = run_words(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.out;
  };
  const auto structured = [](const std::string& query) {
    return search({query, "--size", "0"}).out;
  };
  EXPECT_EQ(found({}), structured("matchall"));
  EXPECT_EQ(found({"*"}), structured("matchall"));
  EXPECT_EQ(found({"error_code:accessdenied"}), structured("error_code:'AccessDenied'"));
  EXPECT_EQ(found({"not event.action:Get*"}), structured("(not (prefix field=event_name 'Get'))"));
  EXPECT_EQ(found({"*", "--fq", "errorCode:*"}), structured("error_code:{,}"));
  EXPECT_NE(found({"error_code:accessdenied"}), structured("matchall"));
}

TEST_F(CommandTest, SearchReadsDaysInTheZoneThatIsAskedFor) {
  const auto found = [](const std::string& zone, const std::string& query) {
    return run_words({"search", query, "--data", data(), "--size", "0", "--zone", zone}).out;
  };
  const auto structured = [](const std::string& query) {
    return search({query, "--size", "0"}).out;
  };
  const std::string day = std::string(format_time(sample_event(0).time)).substr(0, 10);
  EXPECT_EQ(found("UTC", "event_time >= " + day),
            structured("event_time:['" + day + "T00:00:00Z',}"));
  EXPECT_EQ(found("+02:00", "event_time < " + day + "T02:10"),
            structured("event_time:{,'" + day + "T00:10:00Z'}"));
  EXPECT_EQ(
      run_words({"search", "--data", data(), "--zone", "Mars/Base"})
          .err.find(
              "expected --zone to be a time zone such as Europe/Berlin or +02:00, got 'Mars/Base'"),
      std::string("trailsift: ").size());
  EXPECT_NE(run_words({"search", "--data", data(), "--syntax", "sql"})
                .err.find("expected --syntax to be one of kql, structured, "),
            std::string::npos);
}

TEST_F(CommandTest, TopCountsValues) {
  const auto top = [](std::vector<std::string> words) {
    words.insert(words.begin(), "top");
    words.insert(words.end(), {"--data", data()});
    return run_words(words);
  };
  EXPECT_EQ(top({"event_name", "error_code:AccessDenied or GetObject"}).out,
            "events                        event_name\n"
            " 1,250  ####################  GetObject\n"
            "   250  ####                  PutObject\n"
            "2 of 2 values, in 1,500 of 1,500 events\n");
  EXPECT_EQ(top({"error_code", "--to", "2021-07-29T00:00:10Z", "--json"}).out,
            R"({"field":"error_code","found":10,"distinct":1,"missing":8,"values":[)"
            R"({"value":"AccessDenied","count":2}]})"
            "\n");
  EXPECT_EQ(top({"event_time_of_nothing"}).code, static_cast<int>(ExitCode::usage));
  EXPECT_NE(top({"raw"}).err.find("cannot count facet 'raw'"), std::string::npos);
  EXPECT_NE(top({"event_name", "error_code:", "--rare"}).err.find("expected a value"),
            std::string::npos);
}

TEST_F(CommandTest, ExplainTellsWhatEachClauseDoes) {
  const auto explained = [](const std::string& query, const std::string& syntax) {
    return run_words({"explain", query, "--data", data(), "--syntax", syntax, "--to", "now"});
  };
  EXPECT_EQ(explained("eventName:GetObject and not errorCode:*", "kql").out,
            "alone  without  clause\n"
            "1,000    2,500  and\n"
            "1,250    2,000    eventName:GetObject\n"
            "2,000    1,250    not\n"
            "  500    1,250      errorCode:*\n"
            "1,000 hits, 1,000 at any time\n");
  EXPECT_EQ(explained("(and event_name:'GetObject' error_code:'none')", "structured").out,
            "alone  without  clause\n"
            "    0    2,500  and\n"
            "1,250        0    event_name:'GetObject'\n"
            "    0    1,250    error_code:'none'\n"
            "0 hits, 0 at any time\n");
  EXPECT_NE(explained("event_name:", "kql").err.find("expected a value"), std::string::npos);
}

TEST_F(CommandTest, ColorsOnlyOnATerminal) {
  const std::vector<std::string> words = {"search", "--data", data(), "--size", "5"};
  const auto out_of = [](StagedConsole& staged, std::vector<std::string> given) {
    EXPECT_EQ(run(given, staged.console), ExitCode::ok);
    return staged.out.str();
  };
  StagedConsole plain, terminal, refused, no_color;
  EXPECT_EQ(out_of(plain, words).find('\x1b'), std::string::npos);
  terminal.become_terminal(100);
  EXPECT_NE(out_of(terminal, words).find("\x1b[31m"), std::string::npos);
  refused.become_terminal(100);
  auto with_option = words;
  with_option.emplace_back("--no-color");
  EXPECT_EQ(out_of(refused, with_option).find('\x1b'), std::string::npos);
  no_color.become_terminal(100);
  no_color.console.color_wanted = false;
  EXPECT_EQ(out_of(no_color, words).find('\x1b'), std::string::npos);
}

TEST_F(CommandTest, ReportsAMissingDataDirectory) {
  for (const char* const command : {"search", "stats", "check"}) {
    const Outcome outcome = run_words({command, "--data", data() + "-not"});
    EXPECT_EQ(outcome.code, 1) << command;
    EXPECT_EQ(outcome.out, "") << command;
    EXPECT_TRUE(outcome.err.starts_with("trailsift: ")) << outcome.err;
    EXPECT_NE(outcome.err.find(data() + "-not"), std::string::npos) << outcome.err;
  }
}

TEST_F(CommandTest, StatsAddUp) {
  const Outcome outcome = run_words({"stats", "--data", data(), "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  rapidjson::Document stats;
  stats.Parse(outcome.out.c_str());
  ASSERT_FALSE(stats.HasParseError()) << outcome.out;
  EXPECT_EQ(stats["events"].GetInt(), kEvents);
  EXPECT_STREQ(stats["oldest"].GetString(), "2021-07-29T00:00:00Z");
  EXPECT_STREQ(stats["newest"].GetString(), "2021-07-29T00:41:39Z");
  std::uint64_t events = 0, bytes = 0;
  for (const auto& segment : stats["segments"].GetArray()) {
    events += segment["events"].GetUint64();
    bytes += segment["bytes"]["total"].GetUint64();
  }
  EXPECT_EQ(events, stats["events"].GetUint64());
  EXPECT_EQ(bytes, stats["bytes"]["total"].GetUint64());
  EXPECT_EQ(bytes, stats["bytes"]["terms"].GetUint64() + stats["bytes"]["columns"].GetUint64() +
                       stats["bytes"]["records"].GetUint64());
  EXPECT_GT(stats["bytes"]["terms"].GetUint64(), 0U);
}

TEST_F(CommandTest, StatsAreReadable) {
  const Outcome outcome = run_words({"stats", "--data", data()});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(
      outcome.out.starts_with("2,500 events in 2 segments\n"
                              "from 2021-07-29T00:00:00Z to 2021-07-29T00:41:39Z\n"))
      << outcome.out;
  for (const char* const part : {"terms", "columns", "records", "total"}) {
    EXPECT_NE(outcome.out.find(std::string("\n") + part), std::string::npos) << outcome.out;
  }
}

TEST_F(CommandTest, CheckFindsACleanStoreClean) {
  const Outcome outcome = run_words({"check", "--data", data()});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "clean: 2 segments, 2,500 events\n");
}

TEST(CheckCommand, PrintsWhatIsWrong) {
  const test::TempDirectory directory;
  const std::string data = (directory.path() / "index").string();
  {
    store::WriterOptions options;
    options.durable = false;
    const auto writer = store::Writer::open(data, options);
    ASSERT_TRUE(writer) << writer.error().message;
    ASSERT_TRUE((*writer)->commit(test::batch_of({sample_event(1), sample_event(2)})));
  }
  int damaged = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
    if (entry.path().filename() != "records") continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(entry.file_size() / 2));
    const int byte = file.peek();
    file.put(static_cast<char>(byte ^ 0x40));
    ++damaged;
  }
  ASSERT_EQ(damaged, 1);
  const Outcome outcome = run_words({"check", "--data", data});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_FALSE(outcome.out.empty());
  EXPECT_EQ(outcome.out.find("clean"), std::string::npos) << outcome.out;
}

TEST(FieldsCommand, ListsEveryField) {
  const Outcome text = run_words({"fields"});
  const Outcome json = run_words({"fields", "--json"});
  ASSERT_EQ(text.code, 0);
  ASSERT_EQ(json.code, 0);
  rapidjson::Document rows;
  rows.Parse(json.out.c_str());
  ASSERT_TRUE(rows.IsArray()) << json.out;
  ASSERT_EQ(rows.Size(), fields().size());
  for (rapidjson::SizeType i = 0; i < rows.Size(); ++i) {
    const Field& field = fields()[i];
    EXPECT_EQ(rows[i]["name"].GetString(), field.name);
    EXPECT_EQ(rows[i]["help"].GetString(), field.help);
    EXPECT_EQ(rows[i]["aliases"].Empty(), field.aliases.empty());
    EXPECT_NE(text.out.find("\n" + std::string(field.name) + " "), std::string::npos) << field.name;
  }
}

TEST(VersionCommand, IsAlsoAnOption) {
  EXPECT_EQ(run_words({"version"}).out, run_words({"--version"}).out);
  EXPECT_TRUE(run_words({"version"}).out.starts_with("trailsift "));
}

}  // namespace
}  // namespace trailsift::cli
