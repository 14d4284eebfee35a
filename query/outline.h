#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "query/parse.h"
#include "query/tree.h"
#include "schema/error.h"

namespace trailsift::query {

/// A query taken apart into its clauses, each with what it means and where it stands in the text.
struct Outline {
  enum class Kind : std::uint8_t { condition, all_of, any_of, none_of };
  Kind kind = Kind::condition;
  std::optional<Span> at;  ///< Absent where the language does not tell.
  Tree tree;               ///< What the clause asks for by itself.
  std::vector<Outline> children;
};

/// Of a text in each language, with positions. Errors are those of the parse functions.
Result<Outline> outline_structured(std::string_view text, const ParseOptions& options);
Result<Outline> outline_kql(std::string_view text, const ParseOptions& options);
Result<Outline> outline_simple(std::string_view text, const ParseOptions& options);
Result<Outline> outline_lucene(std::string_view text, const ParseOptions& options);
Result<Outline> outline_dismax(std::string_view text, const ParseOptions& options);

/// Of any tree, without positions.
Outline outline_of(const Tree& tree);

}  // namespace trailsift::query
