// The commands that ask a server: what they print is what they print of the data directory.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cli/searcher.h"
#include "tests/cli/staged_console.h"
#include "tests/server/running_server.h"
#include "tests/server/served_store.h"

namespace trailsift::cli {
namespace {

using server::RunningServer;
using server::ServedStore;

/// Names are those of attackers: whatever they hold, terminals must not obey it.
std::vector<std::string> records() {
  std::vector<std::string> records = server::sample_records();
  records.emplace_back(
      R"({"eventTime":"2021-07-29T09:00:00Z","eventSource":"s3.amazonaws.com","eventName":"PutObject","awsRegion":"us-east-1","userAgent":"\u001b[2Jclear","readOnly":false,)"
      R"("userIdentity":{"type":"IAMUser","userName":"\u202eevil"},"recipientAccountId":"111122223333","requestParameters":{"key":"=1+1","list":["a","b"]},"eventID":"e0"})");
  return records;
}

class ServerTest : public testing::Test {
 protected:
  std::string url() const { return "http://127.0.0.1:" + std::to_string(running_.port()); }

  static Outcome run_staged(std::vector<std::string> words, const std::string& option,
                            const std::string& value, bool terminal) {
    words.insert(words.end(), {option, value});
    StagedConsole staged;
    staged.console.now = [] { return *parse_time("2021-07-30T00:00:00Z"); };  // The server's.
    if (terminal) staged.become_terminal(100);
    const ExitCode code = run(words, staged.console);
    return {static_cast<int>(code), staged.out.str(), staged.err.str()};
  }

  /// What both ways print, which must be the same.
  Outcome both(const std::vector<std::string>& words, bool terminal = false) {
    const Outcome near = run_staged(words, "--data", store_.directory().string(), terminal);
    const Outcome far = run_staged(words, "--server", url(), terminal);
    std::string line;
    for (const std::string& word : words) line += word + ' ';
    EXPECT_EQ(far.code, near.code) << line;
    EXPECT_EQ(far.out, near.out) << line;
    EXPECT_EQ(far.err, near.err) << line;
    return far;
  }

  ServedStore store_{records()};
  RunningServer running_{store_.service()};
};

TEST_F(ServerTest, PrintsWhatTheDataDirectoryHas) {
  const std::vector<std::vector<std::string>> kCases = {
      {"search"},
      {"search", "--format", "json"},
      {"search", "--format", "ndjson", "--size", "all"},
      {"search", "--format", "csv"},
      {"search", "--format", "csv", "--return",
       "event_id,log_file,account_name,integrity,requestParameters.list,request_parameters,raw"},
      {"search", "--return", "event_id,resources_arn,user_agent,bytes_out,read_only"},
      {"search", "eventName:(GetObject or PutObject) and not awsRegion:eu-*", "--size", "2"},
      {"search", "--fq", "event_source:s3*", "--facet", "event_name", "--facet", "awsRegion"},
      {"search", "--facet", "actor", "--facet-size", "1", "--size", "0"},
      {"search", "--histogram", "auto"},
      {"search", "--histogram", "6h", "--format", "json", "--size", "0"},
      {"search", "--sort", "event_name:asc", "--sort", "event_id:desc", "--size", "3"},
      {"search", "--start", "2", "--size", "3"},
      {"search", "--start", "100", "--size", "3"},
      {"search", "(and event_name:'GetObject' aws_region:'us-east-1')", "--syntax", "structured"},
      {"search", "event_time >= 2021-07-29", "--zone", "+09:00"},
      {"search", "event_time >= now-2d/d", "--zone", "Europe/Berlin"},
      {"search", "--from", "now-2d/d", "--to", "2021-07-29T11:00", "--zone", "-05:00"},
      {"search", "--from", "2021-07-29", "--to", "2021-07-30", "--size", "all", "--format", "json"},
      {"search", "nothing-has-this"},
      {"search", "requestParameters.list:a", "--format", "json"},
      {"top", "event_name"},
      {"top", "event_name", "awsRegion:us-east-1", "--json", "--from", "2021-07-28"},
      {"top", "source_ip_address", "--rare", "--size", "2"},
      {"top", "actor", "--json"},
      {"explain", "eventName:GetObject and not errorCode:*"},
      {"explain", "(and event_name:'GetObject' error_code:'none')", "--syntax", "structured",
       "--from", "2021-07-29"},
      {"explain", "user denied", "--syntax", "simple"},
      {"stats"},
      {"stats", "--json"},
  };
  for (const auto& words : kCases) {
    const Outcome outcome = both(words);
    EXPECT_EQ(outcome.code, 0) << words[0] << ' ' << outcome.err;
    EXPECT_FALSE(outcome.out.empty()) << words[0];
    const Outcome shown = both(words, true);
    for (const char* bad : {"\x1b[2J", "\xe2\x80\xae"}) {
      EXPECT_EQ(shown.out.find(bad), std::string::npos) << words[0] << ' ' << shown.out;
    }
  }
  EXPECT_EQ(run_words({"fields", "--server", url()}).out, run_words({"fields"}).out);
  EXPECT_EQ(run_words({"fields", "--json", "--server", url()}).out,
            run_words({"fields", "--json"}).out);
}

TEST_F(ServerTest, TellsMistakesAsTheDataDirectoryDoes) {
  const std::vector<std::vector<std::string>> kCases = {
      {"search", "event_name:"},
      {"search", "event_nam:x"},
      {"search", "(and event_nam:'x' matchall)", "--syntax", "structured"},
      {"search", "*", "--fq", "bytes_out > x"},
      {"top", "event_name", "a and (b"},
      {"explain", "event_name:"},
      {"search", "--facet", "no_such"},
      {"search", "--from", "soon"},
      {"search", "--from", "2021-07-30", "--to", "2021-07-29"},
  };
  for (const auto& words : kCases) EXPECT_NE(both(words).code, 0) << words[1];
  const Outcome shown = both({"search", "*", "--fq", "a and ("});
  EXPECT_NE(shown.err.find("\n  a and (\n  "), std::string::npos) << shown.err;
  EXPECT_NE(shown.err.find('^'), std::string::npos) << shown.err;
}

TEST_F(ServerTest, PagesThroughMoreThanOneAnswer) {
  std::vector<std::string> more;
  for (int i = 0; i < 620; ++i) {
    const std::string number = std::to_string(1000 + i);
    more.push_back(R"({"eventTime":"2021-07-20T00:00:00Z","eventName":"More","eventID":"m)" +
                   number + "\"}");
  }
  store_.commit(more);
  const Outcome all =
      both({"search", "More", "--size", "all", "--format", "csv", "--return", "event_id"});
  EXPECT_EQ(std::ranges::count(all.out, '\n'), 621);
  both({"search", "--size", "600", "--start", "7", "--format", "csv", "--return", "event_id"});

  std::string cursor = "initial";
  std::size_t seen = 0;
  for (int page = 0; page < 3; ++page) {
    const auto words =
        std::vector<std::string>{"search",   "More", "--size",   "300",      "--cursor", cursor,
                                 "--format", "json", "--return", "event_id", "--server", url()};
    const Outcome outcome = run_words(words);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    for (std::size_t at = 0; (at = outcome.out.find("\"id\"", at)) != std::string::npos; ++at)
      ++seen;
    const std::size_t at = outcome.out.find("\"cursor\":\"");
    EXPECT_EQ(at == std::string::npos, page == 2) << page;
    if (at != std::string::npos)
      cursor = outcome.out.substr(at + 10, outcome.out.rfind('"') - at - 10);
  }
  EXPECT_EQ(seen, 620U);
}

TEST_F(ServerTest, AsksTheServerThatAVariableNames) {
  StagedConsole staged;
  staged.console.variable = [&](const char* name) {
    return std::string(name) == "TRAILSIFT_SERVER" ? std::optional(url()) : std::nullopt;
  };
  const std::vector<std::string> words = {"search", "--size", "0"};
  EXPECT_EQ(run(words, staged.console), ExitCode::ok);
  EXPECT_EQ(staged.out.str(), "7 events\n");

  const struct {
    std::vector<std::string> words;
    std::string want;
  } kWrong[] = {
      {{"search"}, "expected --data DIR or --server URL"},
      {{"search", "--data", "x", "--server", url()}, "expected --data or --server, got both"},
      {{"search", "--server", "somewhere"},
       "expected http[s]://HOST[:PORT][/PATH], got 'somewhere'"},
      {{"search", "--server", url(), "--account-names", "x"},
       "expected --account-names with --data: a server has names of its own"},
  };
  for (const auto& c : kWrong) {
    const Outcome outcome = run_words(c.words);
    EXPECT_EQ(outcome.code, 2) << c.want;
    EXPECT_EQ(outcome.err, "trailsift: " + c.want + "\nTry 'trailsift search --help'.\n");
  }
}

/// Answers every request alike.
class OneAnswer final : public server::HttpHandler {
 public:
  explicit OneAnswer(server::HttpResponse response) : response_(std::move(response)) {}
  void answer(server::HttpRequest, server::Respond respond) override { respond(response_); }
  server::HttpResponse refuse(int status, std::string_view message,
                              const server::HttpRequest*) override {
    return {status, "text/plain", std::string(message), {}};
  }

 private:
  const server::HttpResponse response_;
};

/// A body that is cut in the middle.
class CutStream final : public server::BodyStream {
 public:
  void next(Give give) override {
    if (std::exchange(begun_, true)) return give(std::nullopt);
    give(Chunk{R"({"total":1,"hits":[)", false});
  }

 private:
  bool begun_ = false;
};

TEST(ServerErrors, WhatIsNoAnswerIsToldAsSuch) {
  const auto hit = [](const std::string& fields) {
    return R"({"total":1,"hits":[{"id":"e","time":"2021-07-29T12:00:00Z","fields":)" + fields +
           "}]}";
  };
  const struct {
    int status;
    std::string body;
    std::string want;
  } kCases[] = {
      {200, "<html>", "cannot read the server's answer: expected a JSON object"},
      {200, "[]", "cannot read the server's answer: expected a JSON object"},
      {200, "{}", "cannot read the server's answer: expected a number for total"},
      {200, R"({"total":-1})", "cannot read the server's answer: expected a number for total"},
      {200, R"({"total":1,"hits":7})",
       "cannot read the server's answer: expected an array for hits"},
      {200, R"({"total":1,"hits":[[]]})",
       "cannot read the server's answer: expected an object for a hit"},
      {200, hit(R"({"bytes_out":"1,2"})"),
       "cannot read the server's answer: expected a value of bytes_out"},
      {200, hit(R"({"raw":"{]"})"), "cannot read the server's answer: expected a record for raw"},
      {200, hit(R"({"actor":[1]})"), "cannot read the server's answer: expected texts for actor"},
      {502, "bad gateway", "URL answered with the status 502"},
      {500, R"({"error":{"code":"corrupt","message":"\u001b[2J is corrupt"}})", "?[2J is corrupt"},
      {400,
       R"({"error":{"code":"bad_query","message":"no","parameter":"q","at":{"begin":900,"end":3}}})",
       "no\n  abc\n     ^"},
      {403, R"({"error":"no"})", "URL answered with the status 403"},
  };
  for (const auto& c : kCases) {
    OneAnswer handler({c.status, "application/json", c.body, {}});
    const RunningServer running(handler);
    const std::string url = "http://127.0.0.1:" + std::to_string(running.port());
    const Outcome outcome = run_words({"search", "abc", "--server", url});
    std::string want = c.want;
    if (want.starts_with("URL")) want.replace(0, 3, url);
    EXPECT_EQ(outcome.code, 1) << c.body;
    EXPECT_EQ(outcome.out, "") << c.body;
    EXPECT_EQ(outcome.err, "trailsift: " + want + "\n") << c.body;
  }
}

TEST(ServerErrors, ACutBodyAndAServerThatIsNotThere) {
  std::string url;
  {
    server::HttpResponse cut;
    cut.stream = std::make_shared<CutStream>();
    OneAnswer handler(cut);
    const RunningServer running(handler);
    url = "http://127.0.0.1:" + std::to_string(running.port());
    const Outcome outcome = run_words({"search", "--server", url});
    EXPECT_EQ(outcome.code, 1);
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(outcome.err.starts_with("trailsift: cannot reach 127.0.0.1: ")) << outcome.err;
  }
  for (const auto& words : {std::vector<std::string>{"search"},
                            {"top", "actor"},
                            {"explain", "x"},
                            {"session", "x"},
                            {"stats"},
                            {"fields"}}) {
    auto asked = words;
    asked.insert(asked.end(), {"--server", url});
    const Outcome outcome = run_words(asked);
    EXPECT_EQ(outcome.code, 1) << words[0];
    EXPECT_EQ(outcome.out, "") << words[0];
    EXPECT_TRUE(outcome.err.starts_with("trailsift: cannot reach 127.0.0.1: ")) << outcome.err;
  }
}

}  // namespace
}  // namespace trailsift::cli
