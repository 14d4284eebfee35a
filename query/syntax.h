#pragma once

#include <span>
#include <string_view>

#include "query/outline.h"
#include "query/parse.h"
#include "query/tree.h"
#include "schema/error.h"

namespace trailsift::query {

/// A language in which events can be asked for.
struct Syntax {
  std::string_view name;  ///< As users write it: `structured`.
  std::string_view help;
  /// Text to tree. Errors are bad_query or too_large and point at the mistake in `text`.
  Result<Tree> (*parse)(std::string_view text, const ParseOptions& options);
  /// The clauses with their positions in `text`; nullptr where the parser does not tell them.
  Result<Outline> (*outline)(std::string_view text, const ParseOptions& options) = nullptr;
};

/// The language of a query where none is named.
constexpr std::string_view kDefaultSyntax = "kql";

/// Every language there is, in the order in which they are listed to users.
std::span<const Syntax> syntaxes();

/// The language of this name, or nullptr.
const Syntax* find_syntax(std::string_view name);

}  // namespace trailsift::query
