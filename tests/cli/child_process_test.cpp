#include "cli/child_process.h"

#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "cli/aws_cli.h"

namespace trailsift::cli {
namespace {

using Words = std::vector<std::string>;
using Variables = std::vector<std::pair<std::string, std::string>>;

TEST(ChildProcess, GivesBackCodeAndBothStreams) {
  const struct {
    Words words;
    int code;
    std::string out, err;
  } kCases[] = {
      {{"true"}, 0, "", ""},
      {{"false"}, 1, "", ""},
      {{"printf", "%s|", "a b", "$HOME", "'", "", "*"}, 0, "a b|$HOME|'||*|", ""},
      {{"sh", "-c", "echo out; echo err >&2; exit 7"}, 7, "out\n", "err\n"},
      {{"sh", "-c", "kill -9 $$"}, 137, "", ""},
      {{"cat"}, 0, "", ""},  // There is nothing on its standard input.
      {{"sh", "-c", "printf %s \"$TRAILSIFT_TEST\""}, 0, "set", ""},
  };
  const Variables variables{{"TRAILSIFT_TEST", "set"}};
  for (const auto& c : kCases) {
    const auto done = run_child(c.words, variables, {});
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(done->code, c.code) << c.words.back();
    EXPECT_EQ(done->out, c.out) << c.words.back();
    EXPECT_EQ(done->err, c.err) << c.words.back();
  }
}

TEST(ChildProcess, ReadsBothStreamsWhateverTheirOrder) {
  const Words words{"sh", "-c", "head -c 1000000 /dev/zero >&2; head -c 2000000 /dev/zero"};
  const auto done = run_child(words, {}, {});
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->out.size(), 2'000'000U);
  EXPECT_EQ(done->err.size(), 1'000'000U);
}

TEST(ChildProcess, RefusesEndlessOutput) {
  const auto done = run_child(Words{"cat", "/dev/zero"}, {}, {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::too_large);
}

TEST(ChildProcess, NamesAProgramThatIsNotThere) {
  const auto done = run_child(Words{"no-such-program-of-trailsift"}, {}, {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::not_found);
  EXPECT_EQ(done.error().message,
            "cannot run 'no-such-program-of-trailsift': no such program in PATH");
}

TEST(ChildProcess, EndsTheProgramWhenAskedTo) {
  std::stop_source stop;
  stop.request_stop();
  const auto begin = std::chrono::steady_clock::now();
  const auto done = run_child(Words{"sleep", "100"}, {}, stop.get_token());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::cancelled);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(50));
}

TEST(ShellQuoted, IsReadBackByAShell) {
  const Words all = {
      "plain-1.2/x:y=z,@%+", "",           "a b", "it's", "$(x)", "`x`", "\"", "\\", "*",
      "{\"a\":\"b\"}",       "line\nline", "~",   "#",    "!x",   "-"};
  std::string script = "printf '%s|'";
  std::string wanted;
  for (const std::string& word : all) {
    script += ' ' + shell_quoted(word);
    wanted += word + '|';
  }
  const auto done = run_child(Words{"sh", "-c", script}, {}, {});
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->out, wanted);
  EXPECT_EQ(shell_quoted("plain"), "plain");
}

}  // namespace
}  // namespace trailsift::cli
