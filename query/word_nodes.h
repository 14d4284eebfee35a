#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "query/ast.h"
#include "schema/error.h"

namespace trailsift::query {

/// A part of a query with its depth, which is limited (kMaxQueryDepth): 0 for a condition.
struct Clause {
  Node node;
  std::size_t depth = 0;
};

/// The error of a query that is deeper than the limit.
Error too_deep(Span at);
Result<void> check_depth(const Clause& clause);

/// A group with this child alone, so far; too_large when it is too deep.
Result<Clause> grouped(Group::Op op, Clause child);

/// A value of a language that does not tell numbers and text apart.
Scalar loose(std::string text, Span at);

constexpr std::uint32_t kMostSlop = 1'000'000;

/// The words one right after the other, or with `slop` others among them: more than kMostSlop are
/// so many.
Condition phrase_condition(std::string words, std::uint32_t slop, Span at);

/// The condition as a clause. `conditions` counts them; too_large beyond the limit.
Result<Clause> word_clause(Condition condition, Span at, std::size_t& conditions);

/// A word, and those that differ from it by so many edits, of which kMaxEdits count; 0: the word.
Condition fuzzy_condition(std::string word, std::uint32_t edits, Span at);

}  // namespace trailsift::query
