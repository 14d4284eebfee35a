// docs/queries.md says what there is: every field, operator, option and limit, and its examples
// work as they are printed.
#include <array>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "query/ast.h"
#include "query/kql_bind.h"
#include "query/parse.h"
#include "query/score_plan.h"
#include "query/syntax.h"
#include "schema/field.h"

namespace trailsift::query {
namespace {

const std::string& page() {
  static const std::string kPage = [] {
    std::ifstream file(TRAILSIFT_SOURCE_DIR "/docs/queries.md", std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }();
  return kPage;
}

bool says(std::string_view text) {
  return page().find(text) != std::string::npos;
}

/// The contents of the fenced blocks of one kind.
std::vector<std::string_view> blocks(std::string_view kind) {
  const std::string fence = "\n```" + std::string(kind) + "\n";
  std::vector<std::string_view> found;
  const std::string_view text = page();
  for (std::size_t at = text.find(fence); at != std::string_view::npos; at = text.find(fence, at)) {
    at += fence.size();
    found.push_back(text.substr(at, text.find("\n```", at) - at));
  }
  return found;
}

std::string code(std::string_view text) {
  return "`" + std::string(text) + "`";
}

std::string origin(const Field& field) {
  switch (field.origin) {
    case Origin::derived: return "derived";
    case Origin::delivery: return "the delivery";
    case Origin::joined: return "looked up by " + code(field.join.key);
    case Origin::subtree:
    case Origin::record: break;
  }
  return field.path.empty() ? "the whole record" : code(field.path);
}

std::string other_names(const Field& field) {
  std::string out;
  for (std::string_view rest = field.aliases; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    out += (out.empty() ? "" : ", ") + code(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out.empty() ? out : out + " ";
}

TEST(QueriesPage, HasARowForEveryField) {
  for (const Field& field : fields()) {
    const std::string row = "\n| " + code(field.name) + " | " + origin(field) + " | " +
                            std::string(name(field.type)) + " | " + other_names(field) + "| " +
                            std::string(field.help) + " |\n";
    EXPECT_TRUE(says(row)) << "docs/queries.md lacks the row" << row;
  }
}

TEST(QueriesPage, HasARowForEveryOperatorAndOption) {
  std::vector<std::string_view> names = {"matchall", "field", "boost", "distance"};
  for (const auto op : {Group::Op::all_of, Group::Op::any_of, Group::Op::none_of})
    names.push_back(name(op));
  for (const auto op :
       {Condition::Op::term, Condition::Op::phrase, Condition::Op::prefix, Condition::Op::wildcard,
        Condition::Op::near, Condition::Op::fuzzy, Condition::Op::range}) {
    names.push_back(name(op));
  }
  for (const auto row : names) EXPECT_TRUE(says("\n| " + code(row) + " | ")) << row;
}

TEST(QueriesPage, ExplainsEveryDerivedField) {
  for (const Field& field : fields()) {
    if (field.origin == Origin::record || field.origin == Origin::subtree) continue;
    EXPECT_TRUE(says("\n**" + code(field.name) + "**")) << field.name;
  }
}

TEST(QueriesPage, NamesEveryLimit) {
  for (const auto& [limit, value] :
       {std::pair("bytes in a query", kMaxQueryBytes),
        std::pair("operators inside each other", kMaxQueryDepth),
        std::pair("conditions in a query, each word of a string being one", kMaxQueryClauses),
        std::pair("pieces in one string", kMaxQueryClauses),
        std::pair("different conditions to score by", kMaxScoredConditions),
        std::pair("regular expressions in a query", kql::kMaxExpressions),
        std::pair("bytes in a regular expression", kMaxExpressionBytes),
        std::pair("steps of a compiled regular expression", kMaxExpressionSteps)}) {
    EXPECT_TRUE(says("\n| " + std::string(limit) + " | " + std::to_string(value) + " |\n"))
        << limit;
  }
}

TEST(QueriesPage, NamesEveryFreeFormRoot) {
  for (const auto root : free_form_roots()) EXPECT_TRUE(says(code(root))) << root;
}

/// A language and the kinds of block that show it.
struct Shown {
  std::string_view queries;
  std::string_view errors;
  std::string_view syntax;
};
constexpr std::array kShown = {Shown{"query", "error", "structured"},
                               Shown{"kql", "kql-error", "kql"}};

TEST(QueriesPage, ShowsQueriesThatWork) {
  for (const Shown& shown : kShown) {
    std::size_t queries = 0;
    for (std::string_view block : blocks(shown.queries)) {
      while (!block.empty()) {
        const std::size_t end = std::min(block.find('\n'), block.size());
        const std::string_view query = block.substr(0, end);
        const auto tree = find_syntax(shown.syntax)->parse(query, {});
        EXPECT_TRUE(tree) << render(tree.error(), query);
        block.remove_prefix(std::min(end + 1, block.size()));
        ++queries;
      }
    }
    EXPECT_GE(queries, 20U) << shown.syntax;
  }
}

TEST(QueriesPage, ShowsErrorsAsTheyAre) {
  for (const Shown& shown : kShown) {
    std::size_t errors = 0;
    for (const std::string_view block : blocks(shown.errors)) {
      ASSERT_TRUE(block.starts_with("> ")) << block;
      const std::string_view query = block.substr(2, block.find('\n') - 2);
      const auto tree = find_syntax(shown.syntax)->parse(query, {});
      ASSERT_FALSE(tree) << query;
      EXPECT_EQ(render(tree.error(), query), block.substr(block.find('\n') + 1));
      ++errors;
    }
    EXPECT_GE(errors, 5U) << shown.syntax;
  }
}

}  // namespace
}  // namespace trailsift::query
