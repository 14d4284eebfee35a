#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "query/tree.h"
#include "schema/error.h"

namespace trailsift::query {

constexpr std::size_t kMaxScoredConditions = 512;  ///< That scores may depend on in one query.
constexpr double kMaxBoost = 1e6;  ///< Of one part of a query; a greater one counts as this.

/// A query as what it adds to the score of an event that answers it.
struct ScorePlan {
  struct Condition {
    Tree tree;              ///< Words or a value.
    bool weighted = false;  ///< By how rare it is; otherwise it counts as 1.
    bool certain = false;   ///< Every hit meets it.
  };
  struct Node {
    enum class Op : std::uint8_t { always, never, condition, all_of, any_of, none_of, constant };
    Op op = Op::always;
    double boost = 1;
    double tie = 1;             ///< Of any_of.
    std::size_t condition = 0;  ///< Which.
    std::vector<Node> children = {};
  };

  std::vector<Condition> conditions;  ///< None twice.
  Node root;
};

/// Words and values that are asked for as such are weighted. What selects by a range, a pattern or
/// the beginning of a value counts as 1; everything, nothing and what is negated as 0. Parts that
/// cannot change a score are left out. too_large beyond the limit.
Result<ScorePlan> plan_score(const Tree& query);

}  // namespace trailsift::query
