#include "query/tree.h"

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace trailsift::query {
namespace {

using std::chrono::milliseconds;

std::vector<Tree> list(Tree a, Tree b) {
  std::vector<Tree> trees;
  trees.push_back(std::move(a));
  trees.push_back(std::move(b));
  return trees;
}

/// One tree that holds every kind.
Tree every_kind() {
  const FieldIndex raw = field_index("raw");
  const Target name = field_index("event_name");
  std::vector<Tree> children;
  children.push_back(Tree{Everything{}});
  children.push_back(Tree{Nothing{}});
  children.push_back(Tree{Equals{name, "a\"\\b"}});
  children.push_back(Tree{StartsWith{LeafPath{"requestParameters.x"}, "Get"}});
  children.push_back(Tree{Between{LeafPath{"requestParameters.x:y"}, Between::Bound{"a", true},
                                  Between::Bound{"b", false}}});
  children.push_back(Tree{Between{name, std::nullopt, std::nullopt}});
  children.push_back(Tree{InTime{Timestamp(milliseconds(1)), std::nullopt}});
  children.push_back(Tree{InTime{std::nullopt, Timestamp(milliseconds(1000))}});
  children.push_back(Tree{Phrase{raw, {"a", "b"}}});
  children.push_back(Tree{Phrase{raw, {"a"}, true}});
  children.push_back(Tree{Near{raw, {"a", "b"}, 3}});
  children.push_back(Tree{Fuzzy{raw, FuzzyText("alice", 2)}, 0.5});
  children.push_back(Tree{Fuzzy{name, FuzzyText("GetObject", 1)}, 3, true});
  children.push_back(Tree{AnyOf{list(Tree{Everything{}}, Tree{Nothing{}})}});
  children.push_back(Tree{Not{std::make_unique<Tree>(Tree{Everything{}})}});
  return Tree{AllOf{std::move(children)}};
}

constexpr std::string_view kEveryKind =
    "(and everything nothing event_name=\"a\\\"\\\\b\" requestParameters.x=\"Get\"*"
    " \"requestParameters.x:y\":[\"a\",\"b\"} event_name:{,}"
    " event_time:[1970-01-01T00:00:00.001Z,} event_time:{,1970-01-01T00:00:01Z}"
    " raw:\"a b\" raw:\"a\"* raw:\"a b\"~3 raw:\"alice\"~~2^0.5"
    " event_name:\"GetObject\"~~1^=3 (or everything nothing) (not everything))";

TEST(Tree, TellsEveryKindInOneLine) {
  EXPECT_EQ(to_string(every_kind()), kEveryKind);
}

TEST(Tree, ClonesEveryKind) {
  Tree original = every_kind();
  const Tree copy = clone(original);
  original = Tree{Nothing{}};
  EXPECT_EQ(to_string(copy), kEveryKind);
}

}  // namespace
}  // namespace trailsift::query
