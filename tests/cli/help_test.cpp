#include "cli/help.h"

#include <algorithm>
#include <set>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/cli/golden.h"
#include "tests/cli/staged_console.h"

namespace trailsift::cli {
namespace {

std::string file_name(const Command& command) {
  std::string name = "help_" + std::string(command.name) + ".txt";
  std::ranges::replace(name, ' ', '_');
  return name;
}

TEST(Help, OfTheProgramGolden) {
  const Outcome outcome = run_words({"--help"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.err, "");
  expect_golden("help.txt", outcome.out);
}

TEST(Help, OfEveryCommandGolden) {
  for (const Command* command : commands()) {
    std::vector<std::string> words;
    std::istringstream name{std::string(command->name)};
    for (std::string word; name >> word;) words.push_back(word);
    words.emplace_back("--help");
    const Outcome outcome = run_words(words);
    EXPECT_EQ(outcome.code, 0);
    expect_golden(file_name(*command), outcome.out);
  }
}

TEST(Help, FitsATerminal) {
  for (const Command* command : commands()) {
    std::istringstream text(help(*command));
    for (std::string line; std::getline(text, line);) {
      const bool example = line.starts_with("  trailsift") || line.starts_with("    --");
      EXPECT_LE(line.size(), example ? 100U : 80U) << line;
    }
  }
}

TEST(CommandTable, IsWellFormed) {
  std::set<std::string_view> names;
  for (const Command* command : commands()) {
    EXPECT_TRUE(names.insert(command->name).second) << command->name;
    EXPECT_FALSE(command->summary.empty()) << command->name;
    EXPECT_LT(command->summary.size(), 55U) << command->name;
    EXPECT_NE(command->run, nullptr) << command->name;
    std::set<std::string_view> options;
    for (const Option& option : command->options) {
      EXPECT_TRUE(options.insert(option.name).second) << option.name;
      EXPECT_FALSE(option.help.empty()) << option.name;
      EXPECT_FALSE(option.help.ends_with('.')) << option.name;
      EXPECT_NE(option.name, "--help") << command->name;
      const bool flag = option.name.starts_with("--") && option.value_name.empty();
      EXPECT_TRUE(!flag || option.arity == Arity::optional) << option.name;
      EXPECT_TRUE(!flag || option.default_value.empty()) << option.name;
    }
  }
}

TEST(Run, WithoutACommandIsAUsageMistake) {
  const Outcome outcome = run_words({});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, help());
}

TEST(Run, NamesUnknownCommands) {
  const struct {
    std::vector<std::string> words;
    std::string want;
  } kCases[] = {
      {{"serch"}, "trailsift: unknown command 'serch'\nTry 'trailsift --help'.\n"},
      {{"\x1b[2J"}, "trailsift: unknown command '\\x1b[2J'\nTry 'trailsift --help'.\n"},
      {{"quarantine"},
       "trailsift: expected one of: 'quarantine list', 'quarantine show', 'quarantine replay', "
       "'quarantine drop'\nTry 'trailsift --help'.\n"},
      {{"stats", "extra", "--data", "D"},
       "trailsift: unexpected argument 'extra'\nTry 'trailsift stats --help'.\n"},
      {{"check"}, "trailsift: expected --data DIR\nTry 'trailsift check --help'.\n"},
  };
  for (const auto& c : kCases) {
    const Outcome outcome = run_words(c.words);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err, c.want);
  }
}

TEST(Run, TakesHelpBehindDashesForData) {
  const Outcome outcome = run_words({"search", "--data", "/nonexistent/index", "--", "--help"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out, "");
}

}  // namespace
}  // namespace trailsift::cli
