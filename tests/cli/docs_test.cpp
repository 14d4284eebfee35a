#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cli/command.h"
#include "cli/settings.h"
#include "cli/version_command.h"
#include "query/parse.h"

namespace trailsift::cli {
namespace {

const std::filesystem::path kRoot = TRAILSIFT_SOURCE_DIR;

std::string text_of(const std::string& file) {
  std::ifstream stream(kRoot / file, std::ios::binary);
  EXPECT_TRUE(stream) << file;
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The pages that a user reads.
std::vector<std::string> pages() {
  std::vector<std::string> pages = {"README.md", "CONTRIBUTING.md"};
  for (const auto& entry : std::filesystem::directory_iterator(kRoot / "docs")) {
    if (entry.path().extension() == ".md")
      pages.push_back("docs/" + entry.path().filename().string());
  }
  return pages;
}

std::vector<std::smatch> all_matches(const std::string& text, const std::regex& pattern) {
  return {std::sregex_iterator(text.begin(), text.end(), pattern), {}};
}

/// The command whose name `line` begins with.
const Command* find_command(const std::string& line) {
  for (const Command* command : commands()) {
    const std::string name(command->name);
    if (line == name || line.starts_with(name + " ")) return command;
  }
  return nullptr;
}

TEST(Docs, OperationsNamesEveryCommandAndOption) {
  const std::string page = text_of("docs/operations.md");
  for (const Command* command : commands()) {
    EXPECT_NE(page.find("`trailsift " + std::string(command->name)), std::string::npos)
        << command->name;
    for (const Option& option : command->options) {
      if (!option.name.starts_with("--")) continue;
      std::string shown = "`" + std::string(option.name);
      if (!option.value_name.empty()) shown += " " + std::string(option.value_name.substr(0, 3));
      EXPECT_NE(page.find(shown), std::string::npos) << command->name << " " << shown;
    }
  }
}

TEST(Docs, OperationsNamesEverySetting) {
  const std::string page = text_of("docs/operations.md");
  std::string_view table;
  std::size_t at = 0;
  for (const Setting& row : settings()) {
    if (row.table != table) {
      table = row.table;
      at = page.find(
          "`" + std::string(table == "source" ? "[[source]]" : "[" + std::string(table) + "]") +
          "`\n");
      ASSERT_NE(at, std::string::npos) << table;
    }
    const auto code = [](std::string_view text) {
      return text.empty() ? std::string() : "`" + std::string(text) + "` ";
    };
    const std::string line = "\n| " + code(row.key) + "| " + std::string(type_name(row.type)) +
                             " | " + code(row.default_value) + "| " + code(row.option) + "| " +
                             std::string(row.help) + " |\n";
    at = page.find(line, at);
    ASSERT_NE(at, std::string::npos) << "expected in this order:" << line;
  }
}

TEST(Docs, ShowOnlyCommandsAndOptionsThatExist) {
  // A command line begins in a block of shell or between backquotes, and ends there or at a pipe.
  const std::regex line(R"((?:^|`|\n|\| |-u trailsift )(?:build/)?trailsift ([a-z][^`\n|]*))");
  const std::regex option(R"((?:^|[ (`])(--[a-z-]+))");
  int seen = 0;
  for (const std::string& page : pages()) {
    std::string text = text_of(page);
    text = std::regex_replace(text, std::regex("\\\\\n *"), "");  // Continued lines are one.
    for (const auto& match : all_matches(text, line)) {
      const Command* const command = find_command(match[1]);
      ASSERT_NE(command, nullptr) << page << ": " << match[0];
      ++seen;
      const std::string rest = match[1];
      for (const auto& used : all_matches(rest, option)) {
        const bool known = used[1] == "--help" ||
                           std::ranges::find(command->options, used[1].str(), &Option::name) !=
                               command->options.end();
        EXPECT_TRUE(known) << page << ": " << used[1] << " in " << match[0];
      }
    }
  }
  EXPECT_GT(seen, 15);
}

TEST(Docs, ReadmeHoldsTheQueriesOfTheArticleAndTheyParse) {
  const std::string page = text_of("README.md");
  for (const std::string query : {"event_source:'sqs.amazonaws.com'", "matchall",
                                  "event_time:['2014-09-01T00:00:00Z','2014-09-02T00:00:00Z']",
                                  "(and event_source:'sqs.amazonaws.com' "
                                  "event_time:['2014-09-01T00:00:00Z','2014-09-02T00:00:00Z'])"}) {
    EXPECT_NE(page.find("\n" + query + "\n"), std::string::npos) << query;
    EXPECT_TRUE(query::parse_structured(query)) << query;
  }
}

TEST(Docs, ExamplesOfTheHelpParse) {
  const std::regex query(R"re(trailsift search "([^"]+)"( --syntax structured)?)re");
  int seen = 0;
  for (const Command* command : commands()) {
    const std::string examples(command->examples);
    for (const auto& match : all_matches(examples, query)) {
      const auto parse = match[2].matched ? query::parse_structured : query::parse_kql;
      const auto tree = parse(match[1].str(), {});
      EXPECT_TRUE(tree) << match[1] << ": " << tree.error().message;
      ++seen;
    }
  }
  EXPECT_GE(seen, 4);
}

TEST(Docs, LinksResolve) {
  const std::regex link(R"(\]\(([^)#:]+)(#[^)]*)?\))");
  int seen = 0;
  for (const std::string& page : pages()) {
    const std::string text = text_of(page);
    for (const auto& match : all_matches(text, link)) {
      const auto target = (kRoot / page).parent_path() / match[1].str();
      EXPECT_TRUE(std::filesystem::exists(target)) << page << ": " << match[1];
      ++seen;
    }
  }
  EXPECT_GT(seen, 10);
}

TEST(Docs, ArchitectureNamesFilesThatExist) {
  const std::string page = text_of("docs/architecture.md");
  const std::regex file(
      R"(`((?:schema|store|indexer|query|server|cli|web|bench|tests|deploy)/[A-Za-z0-9_./-]*)`)");
  int seen = 0;
  for (const auto& match : all_matches(page, file)) {
    EXPECT_TRUE(std::filesystem::exists(kRoot / match[1].str())) << match[1];
    ++seen;
  }
  EXPECT_GT(seen, 15);
}

TEST(Version, IsTheProjects) {
  const std::string page = text_of("CMakeLists.txt");
  EXPECT_NE(page.find("project(trailsift VERSION " + std::string(kVersion) + " "),
            std::string::npos);
}

}  // namespace
}  // namespace trailsift::cli
