// export, histogram and tail, over a data directory and over a server.
#include <algorithm>
#include <future>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cli/sent_events.h"
#include "tests/cli/staged_console.h"
#include "tests/server/running_server.h"
#include "tests/server/served_store.h"

namespace trailsift::cli {
namespace {

using server::RunningServer;
using server::ServedStore;

std::string record(const std::string& id, const std::string& name) {
  return R"({"eventID":")" + id + R"(","eventTime":"2021-07-29T13:00:00Z","eventName":")" + name +
         R"(","userAgent":"\u001b[2J"})";
}

class StreamCommands : public testing::Test {
 protected:
  static server::ServiceOptions quick() {
    server::ServiceOptions options;
    options.tail.interval = std::chrono::milliseconds(1);
    return options;
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(running_.port()); }
  std::vector<std::string> with_data(std::vector<std::string> words) const {
    words.insert(words.end(), {"--data", store_.directory().string()});
    return words;
  }
  std::vector<std::string> with_server(std::vector<std::string> words) const {
    words.insert(words.end(), {"--server", url()});
    return words;
  }
  Outcome both(const std::vector<std::string>& words) const {
    const Outcome near = run_words(with_data(words));
    const Outcome far = run_words(with_server(words));
    EXPECT_EQ(far.out, near.out) << words[1];
    EXPECT_EQ(far.err, near.err) << words[1];
    EXPECT_EQ(far.code, near.code) << words[1];
    return near;
  }

  ServedStore store_{server::sample_records(), quick()};
  RunningServer running_{store_.service()};
};

TEST_F(StreamCommands, ExportWritesWhatSearchFindsInAll) {
  std::vector<std::string> more;
  for (int i = 0; i < 700; ++i) {
    more.push_back(record("m" + std::to_string(1000 + i), i % 2 == 0 ? "Even" : "Odd"));
  }
  store_.commit(more);
  const std::vector<std::vector<std::string>> kCases = {
      {},
      {"Even"},
      {"--from", "2021-07-29", "--to", "2021-07-29T12:30"},
      {"--format", "csv"},
      {"Even", "--format", "csv", "--return", "event_id,log_file,requestParameters.key"},
      {"(and event_name:'Odd')", "--syntax", "structured", "--format", "csv", "--return",
       "event_id,integrity"},
      {"nothing-has-this", "--format", "csv"},
  };
  for (const auto& rest : kCases) {
    std::vector<std::string> words = {"export"};
    words.insert(words.end(), rest.begin(), rest.end());
    const Outcome exported = both(words);
    EXPECT_EQ(exported.code, 0) << exported.err;
    words[0] = "search";
    words.insert(words.end(), {"--size", "all"});
    if (std::ranges::count(rest, "--format") == 0) {
      words.insert(words.end(), {"--format", "ndjson"});
    }
    EXPECT_EQ(exported.out, run_words(with_data(words)).out);
  }
  EXPECT_EQ(std::ranges::count(both({"export", "Odd"}).out, '\n'), 350);
}

TEST_F(StreamCommands, MistakesAreToldBothWays) {
  const struct {
    std::vector<std::string> words;
    int code;
    std::string want;
  } kCases[] = {
      {{"export", "a and ("}, 1, "a and (\n  "},
      {{"export", "--format", "table"}, 2, "expected --format to be ndjson or csv, got 'table'"},
      {{"export", "--return", "actor"}, 2, "expected --format csv with --return"},
      {{"tail", "event_name:"}, 1, "expected a value"},
      {{"tail", "--size", "0"}, 2, "expected --size"},
      {{"histogram", "1x"}, 2, "expected WHAT to be 'auto' or an interval"},
      {{"histogram", "1h", "--split", "no_such"}, 2, "unknown field 'no_such' in --split"},
      {{"histogram", "actor", "--split", "actor"}, 2, "expected a field or --split, got both"},
      {{"histogram", "raw"}, 2, "expected --split to be a field that is a column, got 'raw'"},
      {{"histogram", "1s", "--from", "2021-07-01"}, 1, "10000"},
  };
  for (const auto& c : kCases) {
    const Outcome outcome = both(c.words);
    EXPECT_EQ(outcome.code, c.code) << outcome.err;
    EXPECT_EQ(outcome.out, "") << c.want;
    EXPECT_NE(outcome.err.find(c.want), std::string::npos) << outcome.err;
  }
}

TEST_F(StreamCommands, HistogramIsThatOfSearch) {
  EXPECT_EQ(both({"histogram", "1d"}).out,
            run_words(with_data({"search", "--size", "0", "--histogram", "1d"})).out);
  EXPECT_EQ(both({"histogram", "auto", "s3", "--json"}).out,
            run_words(with_data({"search", "s3", "--size", "0", "--histogram", "auto", "--format",
                                 "json"}))
                .out);
  EXPECT_EQ(both({"histogram", "1d", "--split", "event_source", "--values", "2"}).out,
            "begin                 events  s3.amazonaws.com  iam.amazonaws.com  others  without\n"
            "2021-07-27T00:00:00Z       1                 0                  0       1        0\n"
            "2021-07-28T00:00:00Z       1                 1                  0       0        0\n"
            "2021-07-29T00:00:00Z       4                 2                  1       1        0\n"
            "6 events\n");
  EXPECT_EQ(both({"histogram", "error_code"}).out,
            both({"histogram", "auto", "--split", "error_code"}).out);
  const Outcome json = both({"histogram", "1d", "--split", "error_code", "--json"});
  EXPECT_NE(json.out.find(R"("series":[{"value":"AccessDenied","counts":[0,0,1]}],)"
                          R"("others":[0,0,0],"missing":[1,1,3])"),
            std::string::npos)
      << json.out;
}

/// What tail prints; commits new events until it has enough.
Outcome tail_while_committing(ServedStore& store, const std::vector<std::string>& words,
                              bool terminal = false) {
  auto done = std::async(std::launch::async, [&] {
    StagedConsole staged;
    if (terminal) staged.become_terminal(100);
    const ExitCode code = run(words, staged.console);
    return Outcome{static_cast<int>(code), staged.out.str(), staged.err.str()};
  });
  for (int i = 0; done.wait_for(std::chrono::milliseconds(20)) != std::future_status::ready; ++i) {
    EXPECT_LT(i, 3000);
    if (i >= 3000) std::abort();
    const std::string number = std::to_string(1000 + i);
    store.commit({record("t" + number, "Wanted"), record("u" + number, "Other")});
  }
  return done.get();
}

TEST_F(StreamCommands, TailTellsOfWhatIsNew) {
  for (const auto& words : {with_data({"tail", "Wanted", "--size", "3"}),
                            with_server({"tail", "Wanted", "--size", "3"})}) {
    const Outcome outcome = tail_while_committing(store_, words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    EXPECT_EQ(std::ranges::count(outcome.out, '\n'), 3) << outcome.out;
    EXPECT_EQ(outcome.out.find("Other"), std::string::npos);
    EXPECT_TRUE(outcome.out.starts_with(R"({"eventID":"t)")) << outcome.out;
    const Outcome shown = tail_while_committing(store_, words, true);
    EXPECT_EQ(shown.out.find('\x1b'), std::string::npos) << shown.out;
  }
  const Outcome csv =
      tail_while_committing(store_, with_server({"tail", "Wanted", "--size", "1", "--format", "csv",
                                                 "--return", "event_name,log_file"}));
  EXPECT_EQ(csv.out, "event_name,log_file\r\nWanted,\r\n");
}

TEST_F(StreamCommands, TailEndsWhenItIsTold) {
  for (const auto& words : {with_data({"tail"}), with_server({"tail"})}) {
    std::stop_source stop;
    StagedConsole staged;
    staged.console.stop = stop.get_token();
    auto done = std::async(std::launch::async, [&] { return run(words, staged.console); });
    stop.request_stop();
    EXPECT_EQ(done.get(), ExitCode::interrupted) << staged.err.str();
    EXPECT_EQ(staged.out.str(), "");
  }
}

/// A server that ends each stream after what it is told to give, and notes who comes back.
class EndingStreams final : public server::HttpHandler {
 public:
  explicit EndingStreams(std::vector<std::string> texts) : texts_(std::move(texts)) {}

  void answer(server::HttpRequest request, server::Respond respond) override {
    last_ids.push_back(request.header("last-event-id"));
    const std::size_t turn = std::min(last_ids.size(), texts_.size()) - 1;
    respond({200, "text/event-stream", texts_[turn], {}});
  }
  server::HttpResponse refuse(int status, std::string_view, const server::HttpRequest*) override {
    return {status, "text/plain", "", {}};
  }

  std::vector<std::string> last_ids;

 private:
  const std::vector<std::string> texts_;
};

std::string hit(const std::string& id) {
  return "event: hit\ndata: {\"id\":\"" + id +
         "\",\"time\":\"2021-07-29T12:00:00Z\",\"fields\":{\"event_id\":\"" + id + "\"}}\n\n";
}

TEST(Tail, GoesOnWhereTheConnectionWasLost) {
  EndingStreams handler({"id: 5\nevent: ready\ndata: {}\n\n" + hit("a") +
                             "id: 6\nevent: batch\ndata: {}\n\n" + hit("b"),
                         hit("b") + hit("c") +
                             "event: skipped\ndata: {\"count\":7}\n\nevent: gap\ndata: {}\n\n" +
                             hit("d")});
  std::string out, err;
  {
    const RunningServer running(handler);
    const Outcome outcome =
        run_words({"tail", "--size", "4", "--format", "csv", "--return", "event_id", "--server",
                   "http://127.0.0.1:" + std::to_string(running.port())});
    EXPECT_EQ(outcome.code, 0);
    out = outcome.out;
    err = outcome.err;
  }
  EXPECT_EQ(out, "event_id\r\na\r\nb\r\nc\r\nd\r\n");
  EXPECT_EQ(err,
            "trailsift: the connection is lost: the server ended it\n"
            "trailsift: too many new events at a time: 7 older ones are left out\n"
            "trailsift: the server no longer knows what was new: search for what is missed\n");
  EXPECT_EQ(handler.last_ids, (std::vector<std::string>{"", "6"}));
}

TEST(Tail, ReportsWhatIsNoStream) {
  const struct {
    std::string text;
    std::string want;
  } kCases[] = {
      {"event: hit\ndata: {}\n\n", "cannot read the server's answer: expected a text for id"},
      {"event: hit\ndata: <\n\n", "cannot read the server's answer: expected a JSON object"},
      {"", "the server ended the answer at once"},
  };
  for (const auto& c : kCases) {
    EndingStreams handler({c.text});
    const RunningServer running(handler);
    const Outcome outcome =
        run_words({"tail", "--server", "http://127.0.0.1:" + std::to_string(running.port())});
    EXPECT_EQ(outcome.code, 1) << c.text;
    EXPECT_EQ(outcome.err, "trailsift: " + c.want + "\n");
  }
}

TEST(SentEvents, AreTheSameHoweverTheyAreCut) {
  const std::string text =
      ": comment\r\nid: 1\r\nevent: a\r\ndata: x\r\ndata:y\r\n\r\nevent: none\n\ndata: z\nid:2\n\n"
      "unknown: field\ndata\n\ndata: unfinished\n";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    SentEvents events;
    std::string seen;
    for (std::size_t at = 0; at < text.size(); at += size) {
      const auto more =
          events.add(std::string_view(text).substr(at, size), [&](const SentEvent& e) {
            seen += e.id + "|" + e.name + "|" + e.data + ";";
            return true;
          });
      ASSERT_TRUE(more && *more);
    }
    EXPECT_EQ(seen, "1|a|x\ny;2|message|z;2|message|;") << size;
  }
  SentEvents events;
  const auto ended = events.add("data: 1\n\ndata: 2\n\n", [](const SentEvent&) { return false; });
  EXPECT_TRUE(ended && !*ended);
  Lines lines;
  const std::string long_piece(Lines::kMaxLineBytes, 'x');
  EXPECT_TRUE(lines.add(long_piece, [](auto) { return true; }));
  EXPECT_FALSE(lines.add("x", [](auto) { return true; }));
}

}  // namespace
}  // namespace trailsift::cli
