#include "cli/settings.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cli/parse_arguments.h"
#include "cli/serve_command.h"
#include "cli/serve_options.h"
#include "cli/toml_file.h"
#include "tests/cli/golden.h"
#include "tests/cli/staged_console.h"
#include "tests/support/temp_directory.h"

namespace trailsift::cli {
namespace {

using Words = std::vector<std::string>;
constexpr char kToken[] = "0123456789abcdef";

/// Files of one test, the directory of whose names messages do not tell.
class SettingsTest : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = (directory_.path() / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  /// `text` is the file of --config; "" for none.
  Outcome check(const std::string& text, Words words = {}) const {
    words.insert(words.begin(), {"serve", "--check"});
    if (!text.empty()) words.insert(words.end(), {"--config", write("t.toml", text)});
    Outcome outcome = run_words(words);
    outcome.out = plain(outcome.out);
    outcome.err = plain(outcome.err);
    return outcome;
  }

  tl::expected<ServeRequest, std::vector<Mistake>> read(const std::string& text,
                                                        Words words = {}) const {
    words.insert(words.end(), {"--config", write("t.toml", text)});
    const auto arguments = parse_arguments(serve_command(), words);
    EXPECT_TRUE(arguments) << arguments.error().message;
    const StagedConsole staged;
    return read_serve_options(*arguments, staged.console);
  }

  /// Without the directory's name.
  std::string plain(std::string text) const {
    const std::string prefix = directory_.path().string() + "/";
    for (std::size_t at = 0; (at = text.find(prefix, at)) != std::string::npos;) {
      text.erase(at, prefix.size());
    }
    return text;
  }

  test::TempDirectory directory_;
};

const std::string kMistakesEnd = "Try 'trailsift serve --help'.\n";

TEST_F(SettingsTest, NamesPlaceAndReasonOfEachMistake) {
  const std::string serve = "[serve]\ndata = 'd'\n";
  const std::string tables = "[serve], [push], [[source]], [aws], [intake], [retention]";
  const struct {
    std::string text;
    std::string want;
  } kCases[] = {
      {"x = [", "t.toml:1:6: Error while parsing array: encountered end-of-file"},
      {"top = 1", "t.toml:1:1: expected one of " + tables + " before 'top'"},
      {"serve = 1", "t.toml:1:1: expected serve to be a table, got a number"},
      {serve + "[other]", "t.toml:3:1: expected one of " + tables + ", got 'other'"},
      {"[[serve]]\ndata = 'd'", "t.toml:1:1: expected [serve], once"},
      {serve + "[source]\nqueue = 'q'", "t.toml:3:1: expected [[source]]"},
      {serve + "[[source]]\nreceivers = 1", "t.toml:3:1: expected queue in [[source]]"},
      {serve + "listne = 'x'",
       "t.toml:3:1: expected one of data, listen, threads, query_timeout, allow_hosts, "
       "allow_remote, account_names in [serve], got 'listne'"},
      {serve + "[serve.more]",
       "t.toml:3:8: expected one of data, listen, threads, query_timeout, "
       "allow_hosts, allow_remote, account_names in [serve], got 'more'"},
      {serve + "threads = '4'",
       "t.toml:3:11: expected serve.threads to be a number from 0 to 1024, got a text"},
      {serve + "threads = -1",
       "t.toml:3:11: expected serve.threads to be a number from 0 to 1024, got -1"},
      {serve + "threads = 1.5",
       "t.toml:3:11: expected serve.threads to be a number from 0 to 1024, got a fraction"},
      {serve + "query_timeout = 0.5",
       "t.toml:3:17: expected serve.query_timeout to be a number of seconds from 1 to 86400, got "
       "0.5"},
      {serve + "query_timeout = nan",
       "t.toml:3:17: expected serve.query_timeout to be a number of seconds from 1 to 86400, got "
       "nan"},
      {serve + "query_timeout = 2021-07-29",
       "t.toml:3:17: expected serve.query_timeout to be a number of seconds from 1 to 86400, got a "
       "date or time"},
      {serve + "allow_remote = 1",
       "t.toml:3:16: expected serve.allow_remote to be true or false, got a number"},
      {serve + "account_names = ''",
       "t.toml:3:17: expected serve.account_names to be a text that is not empty, got a text"},
      {serve + "allow_hosts = 'x'",
       "t.toml:3:15: expected serve.allow_hosts to be a list of texts in quotes, got a text"},
      {serve + "allow_hosts = ['x', [['y']]]",
       "t.toml:3:21: expected serve.allow_hosts to be a list of texts in quotes, got a list"},
      {serve + "listen = 'here'",
       "t.toml:3:10: expected an address to listen on such as 127.0.0.1:8080 or [::1]:8080, got "
       "'here'"},
      {"[serve]", "expected --data DIR, or data in [serve] of a file"},
      {serve + "[push]\nroutes = ['ingest', 'smtp']",
       "t.toml:4:21: expected sns, firehose, awslogs, ingest, documents or bulk, got 'smtp'"},
      {serve + "[push]\ntopics = ['*']", "t.toml:4:11: expected the ARN of a topic, got '*'"},
      {serve + "[[source]]\nqueue = 'q'\ntype = 'kafka'",
       "t.toml:5:8: expected type to be \"sqs\", got 'kafka'"},
      {serve + "[[source]]\nqueue = 'q'\n[[source]]\nqueue = 'q'",
       "t.toml:6:9: expected each queue once, got 'q'"},
      {serve + "[aws]\nrole_arn = 'reader'",
       "t.toml:4:12: expected the ARN of a role, got 'reader'"},
      {serve + "[aws]\nexternal_id = 'x'", "t.toml:4:15: expected role_arn beside external_id"},
      {serve + "[intake]\nbuckets = ['a/b']",
       "t.toml:4:12: expected the name of a bucket, got 'a/b'"},
      {serve + "[intake]\naccounts = ['11112222333']",
       "t.toml:4:13: expected an account id of 12 digits, got '11112222333'"},
      {serve + "[intake]\nexclude = [\n  \"(and event_nam:'x')\"]",
       "t.toml:5:3: Syntax error in query: field (event_nam) does not exist. Did you mean "
       "'event_name' or 'insight_event_name'?\n  (and event_nam:'x')\n       ^^^^^^^^^"},
      {serve + "[push]\nroutes = ['sns']",
       "t.toml:4:10: expected --bucket NAME, or buckets in [intake], with the push route 'sns': "
       "whoever posts there names the objects that are fetched"},
      {serve + "[push]\nroutes = ['ingest', 'awslogs']\n[[source]]\nqueue = 'q'",
       "t.toml:4:10: expected --bucket NAME, or buckets in [intake], with the push route "
       "'awslogs': "
       "whoever posts there names the objects that are fetched"},
  };
  for (const auto& c : kCases) {
    const Outcome outcome = check(c.text);
    EXPECT_EQ(outcome.code, 2) << c.text;
    EXPECT_EQ(outcome.out, "") << c.text;
    EXPECT_EQ(outcome.err, "trailsift: " + c.want + "\n" + kMistakesEnd) << c.text;
  }
}

TEST_F(SettingsTest, TellsAllMistakesInTheOrderOfTheFile) {
  const Outcome outcome = check("[serve]\nthreads = 'x'\ndata = 1\n[zebra]\n[aws]\nno = 1\n");
  EXPECT_EQ(outcome.code, 2);
  std::vector<std::string> places;
  for (std::size_t at = 0; (at = outcome.err.find("t.toml:", at)) != std::string::npos; ++at) {
    places.push_back(outcome.err.substr(at, outcome.err.find(": ", at) - at));
  }
  EXPECT_EQ(places, (Words{"t.toml:2:11", "t.toml:3:8", "t.toml:4:1", "t.toml:6:1"}))
      << outcome.err;
}

TEST_F(SettingsTest, ShowsEverySettingWithItsPlace) {
  const Outcome outcome = check(
      "[serve]\ndata = 'from the file'\nlisten = '[::1]:0'\n"
      "[push]\nroutes = ['sns', 'ingest']\n"
      "[[source]]\nqueue = 'one'\nvisibility = 30\n[[source]]\nqueue = 'two'\n"
      "[aws]\nrole_arn = 'arn:aws:iam::111122223333:role/reader'\nexternal_id = 'very secret'\n"
      "[intake]\nbuckets = ['logs-a']\ncommit_within = 0.25\n",
      {"--data", "from \"here\x1b", "--exclude", "matchall", "--exclude", "event_name:'x'"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  expect_golden("serve_check.txt", outcome.out);
}

TEST_F(SettingsTest, WhatIsShownIsAFileThatSaysTheSame) {
  const Outcome first =
      check("", {"--data", "d\\ \"x\"\x01", "--query-timeout", "1.5", "--bucket", "logs", "--push",
                 "sns", "--topic", "arn:aws:sns:eu-west-1:111122223333:x", "--queue", "q"});
  ASSERT_EQ(first.code, 0) << first.err;
  const auto values = [](const std::string& text) {
    std::string lines;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      lines += text.substr(at, text.find("  # ", at) - at) + "\n";
    }
    return lines;
  };
  const Outcome second = check(first.out);
  ASSERT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(values(second.out), values(first.out));
}

TEST_F(SettingsTest, EverySettingArrives) {
  const std::string token = write("token", std::string(kToken) + "\n");
  const std::string names = write("names.csv", "111122223333,Production\n");
  const std::string file =
      "[serve]\ndata = 'd'\nlisten = '127.0.0.1:81'\nthreads = 3\n"
      "query_timeout = 4\nallow_hosts = ['h']\nallow_remote = true\naccount_names = '" +
      names + "'\n[push]\nroutes = ['sns', 'awslogs']\ntoken_file = '" + token +
      "'\ntopics = ['arn:aws:sns:eu-west-1:111122223333:x']\nsns_trusted_file = 'pem'\n"
      "max_body = 2048\n"
      "[[source]]\ntype = 'sqs'\nqueue = 'q1'\nreceivers = 5\nvisibility = 60\n"
      "[[source]]\nqueue = 'q2'\n"
      "[aws]\nregion = 'eu-west-1'\nendpoint_url = 'http://127.0.0.1:5000'\n"
      "role_arn = 'arn:aws:iam::111122223333:role/reader'\nexternal_id = 'x'\n"
      "[intake]\nbuckets = ['b12']\naccounts = ['111122223333']\ncommit_within = 0.2\n"
      "max_messages = 7\nquarantine_at_attempt = 0\nexclude_describe_events = true\n"
      "exclude = [\"event_name:'x'\"]\n"
      "[retention]\ndeliveries_days = 8\ndeliveries_rows = 9\n";
  const auto good = read(file, {"--data", directory_.path().string()});
  ASSERT_TRUE(good) << good.error().at(0).error.message;
  const server::ServeOptions& options = good->options;
  EXPECT_EQ(options.data, directory_.path());
  EXPECT_EQ(options.http.listen.port, 81);
  EXPECT_EQ(options.http.threads, 3U);
  EXPECT_EQ(options.service.query_timeout, std::chrono::seconds(4));
  EXPECT_EQ(options.service.allowed_hosts, Words{"h"});
  EXPECT_TRUE(options.allow_remote);
  EXPECT_EQ(options.joins.account_names, names);
  const server::SourcesOptions& sources = options.sources;
  EXPECT_EQ(sources.push.open, (std::array{true, false, true, false, false, false}));
  EXPECT_EQ(sources.push.token, kToken);
  EXPECT_EQ(sources.push.sns.topics, Words{"arn:aws:sns:eu-west-1:111122223333:x"});
  EXPECT_EQ(sources.push.sns.trusted_file, "pem");
  EXPECT_EQ(sources.push.max_body_bytes, 2048U);
  ASSERT_EQ(sources.queues.size(), 2U);
  EXPECT_EQ(sources.queues[0].queue, "q1");
  EXPECT_EQ(sources.queues[0].receivers, 5U);
  EXPECT_EQ(sources.queues[0].visibility, std::chrono::seconds(60));
  EXPECT_EQ(sources.queues[1].queue, "q2");
  EXPECT_EQ(sources.queues[1].receivers, indexer::SqsPollerOptions().receivers);
  EXPECT_EQ(sources.session.region, "eu-west-1");
  EXPECT_EQ(sources.session.endpoints.all, "http://127.0.0.1:5000");
  ASSERT_EQ(sources.session.roles.size(), 1U);
  EXPECT_EQ(sources.session.roles[0].role_arn, "arn:aws:iam::111122223333:role/reader");
  EXPECT_EQ(sources.session.roles[0].external_id, "x");
  EXPECT_EQ(sources.intake.buckets, Words{"b12"});
  EXPECT_EQ(sources.intake.accounts, Words{"111122223333"});
  EXPECT_EQ(sources.intake.commit_within, std::chrono::milliseconds(200));
  EXPECT_EQ(sources.intake.max_messages, 7U);
  EXPECT_EQ(sources.intake.quarantine_at_attempt, 0U);
  ASSERT_NE(sources.intake.ingest.exclude, nullptr);
  EXPECT_FALSE(sources.intake.ingest.exclude->questions.empty());
  EXPECT_EQ(sources.ledger.age, std::chrono::days(8));
  EXPECT_EQ(sources.ledger.rows, 9U);
}

TEST_F(SettingsTest, DefaultsAreThoseOfTheParts) {
  const auto request = read("[serve]\ndata = 'd'\n[[source]]\nqueue = 'q'\n");
  ASSERT_TRUE(request) << request.error().at(0).error.message;
  const server::ServeOptions& options = request->options;
  EXPECT_EQ(options.service.query_timeout, server::ServiceOptions().query_timeout);
  EXPECT_EQ(options.http.threads, server::HttpOptions().threads);
  EXPECT_EQ(options.sources.push.max_body_bytes, server::PushOptions().max_body_bytes);
  const indexer::SqsPollerOptions poller;
  EXPECT_EQ(options.sources.queues.at(0).receivers, poller.receivers);
  EXPECT_EQ(options.sources.queues.at(0).visibility, poller.visibility);
  const indexer::IntakeOptions intake;
  EXPECT_EQ(options.sources.intake.commit_within, intake.commit_within);
  EXPECT_EQ(options.sources.intake.max_messages, intake.max_messages);
  EXPECT_EQ(options.sources.intake.quarantine_at_attempt, intake.quarantine_at_attempt);
  const indexer::LedgerOptions ledger;
  EXPECT_EQ(options.sources.ledger.age, ledger.age);
  EXPECT_EQ(options.sources.ledger.rows, ledger.rows);
}

TEST_F(SettingsTest, DefaultsOfOptionsAreThoseOfSettings) {
  int seen = 0;
  for (const Setting& setting : settings()) {
    if (setting.option.empty()) continue;
    const auto row = std::ranges::find(serve_command().options, setting.option, &Option::name);
    ASSERT_NE(row, serve_command().options.end()) << setting.option;
    if (!row->default_value.empty()) {
      EXPECT_EQ(row->default_value, setting.default_value) << setting.option;
    }
    ++seen;
  }
  EXPECT_GT(seen, 15);
}

TEST_F(SettingsTest, AnOptionCountsBeforeTheFile) {
  const std::string file =
      "[serve]\ndata = 'd'\nthreads = 3\nallow_hosts = ['a', 'b']\n"
      "[[source]]\nqueue = 'q'\n[intake]\nbuckets = ['b12']\n";
  const auto request = read(file, {"--data", "other", "--allow-host", "c", "--queue", "x",
                                   "--queue", "y", "--query-timeout", "2.5"});
  ASSERT_TRUE(request) << request.error().at(0).error.message;
  EXPECT_EQ(request->options.data, "other");
  EXPECT_EQ(request->options.http.threads, 3U);
  EXPECT_EQ(request->options.service.allowed_hosts, Words{"c"});
  EXPECT_EQ(request->options.service.query_timeout, std::chrono::milliseconds(2500));
  ASSERT_EQ(request->options.sources.queues.size(), 2U);
  EXPECT_EQ(request->options.sources.queues[1].queue, "y");
  EXPECT_EQ(request->options.sources.intake.buckets, Words{"b12"});
}

TEST_F(SettingsTest, TheVariableNamesAFileUnlessAnOptionDoes) {
  const std::string file = write("v.toml", "[serve]\ndata = 'from the variable'\n");
  const std::string other = write("o.toml", "[serve]\ndata = 'from the option'\n");
  const struct {
    Words words;
    std::string want;
  } kCases[] = {{{"serve", "--check"}, "from the variable"},
                {{"serve", "--check", "--config", other}, "from the option"}};
  for (const auto& c : kCases) {
    StagedConsole staged;
    staged.console.variable = [&](const char* name) -> std::optional<std::string> {
      return std::string_view(name) == "TRAILSIFT_CONFIG" ? std::optional(file) : std::nullopt;
    };
    EXPECT_EQ(run(c.words, staged.console), ExitCode::ok) << staged.err.str();
    EXPECT_NE(staged.out.str().find("\ndata = \"" + c.want + "\""), std::string::npos);
  }
}

TEST_F(SettingsTest, PushOnANetworkNeedsAToken) {
  const std::string token = write("token", kToken);
  const std::string topic = "arn:aws:sns:eu-west-1:111122223333:x";
  const Words everywhere = {"--data", "d", "--listen", "0.0.0.0:0", "--bucket", "logs"};
  const struct {
    Words words;
    bool fine;
  } kCases[] = {
      {{}, true},
      {{"--push", "sns"}, false},
      {{"--push", "sns", "--topic", topic}, true},
      {{"--push", "sns", "--push-token-file", token}, true},
      {{"--push", "sns", "--push", "ingest", "--topic", topic}, false},
      {{"--push", "sns", "--push", "ingest", "--push-token-file", token}, true},
      {{"--push", "firehose"}, false},
      {{"--push", "firehose", "--listen=127.0.0.1:0"}, true},
      {{"--push", "firehose", "--listen=[::1]:0"}, true},
  };
  for (const auto& c : kCases) {
    Words words = everywhere;
    if (std::ranges::any_of(c.words, [](const auto& w) { return w.starts_with("--listen="); })) {
      words.erase(words.begin() + 2, words.begin() + 4);
    }
    words.insert(words.end(), c.words.begin(), c.words.end());
    const Outcome outcome = check("", words);
    EXPECT_EQ(outcome.code, c.fine ? 0 : 2) << outcome.err << c.words.size();
    if (c.fine) continue;
    EXPECT_NE(outcome.err.find("--push: expected --push-token-file FILE"), std::string::npos)
        << outcome.err;
  }
}

TEST_F(SettingsTest, ATokenIsOneLineAndNeverTold) {
  const std::string secret = "sesame-sesame-sesame";
  const struct {
    std::string text;
    bool fine;
  } kCases[] = {{secret, true},
                {secret + "\n", true},
                {secret + "\r\n", true},
                {"", false},
                {"short\n", false},
                {secret + " " + secret, false},
                {secret + "\n" + secret, false},
                {secret + "\x80", false},
                {std::string(1025, 'x'), false},
                {std::string(1024, 'x') + "\n", true}};
  for (const auto& c : kCases) {
    const std::string file = write("token", c.text);
    const Outcome outcome =
        check("", {"--data", "d", "--push", "ingest", "--push-token-file", file});
    EXPECT_EQ(outcome.code, c.fine ? 0 : 2) << c.text << outcome.err;
    EXPECT_EQ((outcome.out + outcome.err).find("sesame"), std::string::npos);
  }
}

TEST_F(SettingsTest, ProfilesAreOnlyLookedAtWhereAwsIsAsked) {
  // Of a session that is not opened nothing can be wrong.
  EXPECT_EQ(check("", {"--data", "d", "--region", "Nowhere!"}).code, 0);
  const Outcome outcome = check("", {"--data", "d", "--region", "Nowhere!", "--queue", "q"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("'Nowhere!'"), std::string::npos) << outcome.err;
}

TEST_F(SettingsTest, AFileThatIsTooLargeOrMissingIsRefused) {
  const Outcome large = check("#" + std::string(kMaxTomlBytes, 'x'));
  EXPECT_EQ(large.code, 2);
  EXPECT_NE(large.err.find("expected at most 1048576 bytes"), std::string::npos) << large.err;
  const Outcome missing = run_words({"serve", "--config", "/nonexistent/t.toml"});
  EXPECT_EQ(missing.code, 2);
  EXPECT_EQ(
      missing.err,
      "trailsift: cannot read '/nonexistent/t.toml': No such file or directory\n" + kMistakesEnd);
  const Outcome deep = check("[serve]\nx = " + std::string(100'000, '['));
  EXPECT_EQ(deep.code, 2);
  EXPECT_TRUE(deep.err.starts_with("trailsift: t.toml:2:")) << deep.err.substr(0, 200);
}

}  // namespace
}  // namespace trailsift::cli
