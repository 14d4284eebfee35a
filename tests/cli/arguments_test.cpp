#include <array>

#include <gtest/gtest.h>

#include "cli/parse_arguments.h"

namespace trailsift::cli {
namespace {

constexpr std::array kOptions = {
    Option{"PATH", "", "", Arity::repeated, "paths"},
    kDataOption,
    Option{"--facet", "FIELD", "", Arity::repeated, "facets"},
    Option{"--size", "N", "10", Arity::optional, "size"},
    Option{"--json", "", "", Arity::optional, "json"},
};

const Command kCommand{.name = "try",
                       .summary = "",
                       .description = "",
                       .options = kOptions,
                       .examples = "",
                       .run = nullptr};

using Words = std::vector<std::string>;

std::string message_of(const Words& words) {
  const auto parsed = parse_arguments(kCommand, words);
  return parsed ? "no error" : parsed.error().message;
}

TEST(ParseArguments, TakesValuesOneByOne) {
  const auto parsed = parse_arguments(
      kCommand, Words{"--facet", "a", "one", "--data=D", "--facet=b", "two", "--json", "three"});
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->values("PATH"), (Words{"one", "two", "three"}));
  EXPECT_EQ(parsed->values("--facet"), (Words{"a", "b"}));
  EXPECT_EQ(parsed->value("--data"), "D");
  EXPECT_TRUE(parsed->has("--json"));
}

TEST(ParseArguments, GivesDefaults) {
  const auto parsed = parse_arguments(kCommand, Words{"--data", "D"});
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->value("--size"), "10");
  EXPECT_EQ(parsed->number("--size", 0, 100), 10U);
  EXPECT_EQ(parsed->given("--size"), std::nullopt);
  EXPECT_FALSE(parsed->has("--json"));
  EXPECT_TRUE(parsed->values("PATH").empty());
}

TEST(ParseArguments, LeavesValuesAsTheyAre) {
  // Each would be split, dropped or read as an option by a careless parser.
  const Words kValues = {"[a,b]",      "event_time:['x','y']", "a,b", "-7d", "{}",
                         "with space", "\"quoted\"",           "@x",  "=",   "%%"};
  for (const std::string& value : kValues) {
    const auto option = parse_arguments(kCommand, Words{"--data", value});
    ASSERT_TRUE(option) << value << ": " << option.error().message;
    EXPECT_EQ(option->value("--data"), value);
  }
  for (const std::string& value : kValues) {
    const auto positional = parse_arguments(kCommand, Words{"--data", "D", "--", value});
    ASSERT_TRUE(positional) << value << ": " << positional.error().message;
    EXPECT_EQ(positional->values("PATH"), Words{value});
  }
}

TEST(ParseArguments, TakesEmptyValues) {
  const auto parsed = parse_arguments(kCommand, Words{"", "--data", ""});
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_TRUE(parsed->has("--data"));
  EXPECT_EQ(parsed->value("--data"), "");
  EXPECT_EQ(parsed->values("PATH"), Words{""});
}

TEST(ParseArguments, NamesTheMistake) {
  const struct {
    Words words;
    std::string want;
  } kCases[] = {
      {{}, "expected --data DIR"},
      {{"path"}, "expected --data DIR"},
      {{"--data"}, "expected a value after --data"},
      {{"--data", "D", "--size"}, "expected a value after --size"},
      {{"--data", "D", "--data", "E"}, "expected --data only once"},
      {{"--data", "D", "--bogus"}, "unknown option '--bogus'"},
      {{"--data", "D", "--bogus=1"}, "unknown option '--bogus=1'"},
      {{"--data", "D", "--face", "x"}, "unknown option '--face', did you mean '--facet'?"},
      {{"--data", "D", "-x"}, "unknown option '-x'"},
      {{"--data", "D", "--json=perhaps"}, "expected no value after --json"},
  };
  for (const auto& c : kCases) EXPECT_EQ(message_of(c.words), c.want);
}

TEST(ParseArguments, RefusesMoreWordsThanPositions) {
  static constexpr std::array kOne = {Option{"QUERY", "", "", Arity::optional, "query"}};
  Command command = kCommand;
  command.options = kOne;
  const auto parsed = parse_arguments(command, Words{"one", "two"});
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().message, "unexpected argument 'two'");
}

TEST(Arguments, NumbersNameTheirRange) {
  const struct {
    std::string text, want;
  } kCases[] = {
      {"5", ""},
      {"0", "expected --size to be a number from 1 to 50, got '0'"},
      {"51", "expected --size to be a number from 1 to 50, got '51'"},
      {"-1", "expected --size to be a number from 1 to 50, got '-1'"},
      {"5x", "expected --size to be a number from 1 to 50, got '5x'"},
      {"", "expected --size to be a number from 1 to 50, got ''"},
      {"99999999999999999999",
       "expected --size to be a number from 1 to 50, got "
       "'99999999999999999999'"},
  };
  for (const auto& c : kCases) {
    const auto parsed = parse_arguments(kCommand, Words{"--data", "D", "--size", c.text});
    ASSERT_TRUE(parsed) << parsed.error().message;
    const auto number = parsed->number("--size", 1, 50);
    EXPECT_EQ(number ? "" : number.error().message, c.want);
  }
}

}  // namespace
}  // namespace trailsift::cli
