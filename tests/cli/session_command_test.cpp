#include <gtest/gtest.h>

#include "cli/session_answer.h"
#include "tests/cli/golden.h"
#include "tests/cli/staged_console.h"
#include "tests/server/running_server.h"
#include "tests/server/served_store.h"

namespace trailsift::cli {
namespace {

std::string identity(const std::string& key, const std::string& principal) {
  return R"("userIdentity":{"type":"AssumedRole","accountId":"111122223333","principalId":")" +
         principal + R"(","arn":"arn:aws:sts::111122223333:assumed-role/Role/x","accessKeyId":")" +
         key + R"(","sessionContext":{"sessionIssuer":{"userName":"Role"},"attributes":{)" +
         R"("creationDate":"2024-06-01T08:00:00Z"}}})";
}

std::string assume(const std::string& who, const std::string& key, const std::string& principal) {
  return R"("eventSource":"sts.amazonaws.com","eventName":"AssumeRole",)" + who +
         R"(,"requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/Role"},)" +
         R"("responseElements":{"credentials":{"accessKeyId":")" + key +
         R"("},"assumedRoleUser":{"assumedRoleId":")" + principal + R"("}})";
}

std::string record(const std::string& id, const std::string& time, const std::string& members) {
  return R"({"eventID":")" + id + R"(","eventTime":"2024-06-01T)" + time + "Z\"," + members + "}";
}

constexpr const char* kDeep = R"(AROA2:\u001b[31mdeep)";

/// A chain of two sessions, with a name that a terminal would obey.
std::vector<std::string> records() {
  const std::string alice =
      R"("userIdentity":{"type":"IAMUser","principalId":"AIDA1","accountId":"111122223333",)"
      R"("userName":"alice","accessKeyId":"AKIA1"})";
  return {
      record("open1", "08:00:00", assume(alice, "ASIA1", "AROA1:work")),
      record("open2", "08:00:00", assume(identity("ASIA1", "AROA1:work"), "ASIA2", kDeep)),
      record(
          "use1", "08:00:04",
          identity("ASIA2", kDeep) +
              R"(,"eventSource":"s3.amazonaws.com","eventName":"PutObject","awsRegion":)"
              R"("us-east-1","sourceIPAddress":"198.51.100.7","recipientAccountId":"444455556666")"),
      record("use2", "08:00:09",
             identity("ASIA2", kDeep) +
                 R"(,"eventSource":"iam.amazonaws.com","eventName":"CreateUser","awsRegion":)"
                 R"("us-east-1","errorCode":"AccessDenied","recipientAccountId":"111122223333")"),
  };
}

class SessionCommand : public testing::Test {
 protected:
  static Outcome run_staged(std::vector<std::string> words, bool terminal) {
    StagedConsole staged;
    if (terminal) staged.become_terminal(100);
    words.insert(words.begin(), "session");
    const ExitCode code = run(words, staged.console);
    return {static_cast<int>(code), staged.out.str(), staged.err.str()};
  }

  /// What it prints of the data directory, and of a server over it, which must be the same.
  Outcome ask(const std::vector<std::string>& words, bool terminal = false) const {
    std::vector<std::string> near = words;
    near.insert(near.end(), {"--data", store_.directory().string()});
    std::vector<std::string> far = words;
    far.insert(far.end(), {"--server", "http://127.0.0.1:" + std::to_string(running_.port())});
    const Outcome outcome = run_staged(near, terminal);
    const Outcome answered = run_staged(far, terminal);
    EXPECT_EQ(answered.code, outcome.code) << words[0];
    EXPECT_EQ(answered.out, outcome.out) << words[0];
    EXPECT_EQ(answered.err, outcome.err) << words[0];
    return outcome;
  }

 private:
  server::ServedStore store_{records()};
  server::RunningServer running_{store_.service()};
};

TEST_F(SessionCommand, ShowsChainAndTimeline) {
  const Outcome outcome = ask({"use1"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos);
  expect_golden("session.txt", outcome.out);
  for (const auto& words : {std::vector<std::string>{"use1"}, {"use1", "--json"}}) {
    const Outcome shown = ask(words, true);
    EXPECT_EQ(shown.out.find("\x1b[31mdeep"), std::string::npos) << shown.out;
  }
}

TEST_F(SessionCommand, ShowsItAsJson) {
  const Outcome outcome = ask({"ASIA2", "--json", "--size", "1"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  expect_golden("session.json", outcome.out);
  for (const auto& words : {std::vector<std::string>{"open2", "--json"},
                            {"ASIA1", "--json"},
                            {"AROA1:work", "--created", "2024-06-01T08:00:00Z"},
                            {"use1", "--size", "0"}}) {
    EXPECT_EQ(ask(words).code, 0) << words[0];
  }
}

TEST_F(SessionCommand, TellsWhatIsWrong) {
  const struct {
    std::vector<std::string> words;
    int code;
    const char* message;
  } kCases[] = {
      {{"none"}, 1, "trailsift: there is no event, access key or session with the id 'none'\n"},
      {{"use1", "--size", "x"}, 2, "expected --size to be a number from 0 to 10000, got 'x'"},
      {{"AROA1:work", "--created", "soon"}, 2, "got 'soon'"},
      {{"AKIA1"}, 1, "which is a user's own"},
  };
  for (const auto& c : kCases) {
    const Outcome outcome = ask(c.words);
    EXPECT_EQ(outcome.code, c.code) << outcome.err;
    EXPECT_NE(outcome.err.find(c.message), std::string::npos) << outcome.err;
    EXPECT_EQ(outcome.out, "");
  }
}

TEST(SessionAnswer, NothingOfItIsBelieved) {
  const std::string identity = R"({"session":true,"evidence":"session_id","opened_by":[{)";
  const std::string issued = R"("time":"2024-06-01T08:00:00Z","expires":"2024-06-01T09:00:00Z")";
  const auto chain = [](const std::string& links, const std::string& rest) {
    return "{\"chain\":[" + links + "]," + rest + "}";
  };
  const std::string counts = R"("end":"origin","total":2,"errors":0,"denied":0)";
  const std::string lists = R"("facets":[],"children":[],"child_count":0,"hits":[])";
  const struct {
    std::string answer;
    const char* want;
  } kCases[] = {
      {"[]", "expected a JSON object"},
      {"{}", "expected an array for chain"},
      {chain("7", counts), "expected an object for an identity"},
      {chain("", R"("end":"elsewhere")"), "expected a known end"},
      {chain(R"({"evidence":"a feeling"})", counts), "expected a known evidence"},
      {chain(identity + "}]}", counts), "expected an object for by"},
      {chain(identity + R"("by":{}}]})", counts), "expected a text for event_id"},
      {chain(R"({"created":"then"})", counts), "expected a time for created"},
      {chain("", R"("end":"loop","total":-1)"), "expected a number for total"},
      {chain("", counts + R"(,"first":"2024-06-01T08:00:00Z")"), "expected a text for last"},
      {chain("", counts + R"(,"gap_ms":"1")"), "expected a number for gap_ms"},
      {chain("", counts + R"(,"facets":[{"field":"no_such"}])"),
       "expected a known field for a facet"},
      {chain("", counts + R"(,"facets":[],"children":[{"event_id":"e","event_name":"n",)" + issued +
                     "}]"),
       "expected a number for child_count"},
      {chain("", counts + R"(,"others":[1],)" + lists), "expected texts for others"},
      {chain("", counts + "," + lists + R"(,"cursor":1)"), "expected a text for cursor"},
  };
  for (const auto& c : kCases) {
    const auto told = read_session_answer(c.answer);
    ASSERT_FALSE(told) << c.answer;
    EXPECT_EQ(told.error().message, std::string("cannot read the server's answer: ") + c.want)
        << c.answer;
  }
  EXPECT_TRUE(read_session_answer(chain("", counts + "," + lists)));
}

}  // namespace
}  // namespace trailsift::cli
