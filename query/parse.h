#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "query/time_zone.h"
#include "query/tree.h"
#include "schema/error.h"
#include "schema/field.h"
#include "schema/time.h"

namespace trailsift::query {

constexpr std::size_t kMaxQueryBytes = std::size_t{256} * 1024;
constexpr std::size_t kMaxQueryDepth = 128;     ///< Operators inside each other.
constexpr std::size_t kMaxQueryClauses = 4096;  ///< Conditions in one query.

/// What a query text leaves open.
struct ParseOptions {
  /// Fields searched by a bare string. Empty: the text fields of the original domain
  /// (error_message, user_agent, user_identity_arn, raw), of which raw holds all the others.
  std::vector<FieldIndex> default_fields;
  /// Whether a bare string of several words asks for any of them instead of all.
  bool any_word = false;
  /// What `now` means in a language that has it. Unset: the system's clock.
  std::optional<Timestamp> now = {};
  /// Where days and hours are those of the person who asks, in a language that has such times.
  TimeZone zone = {};
};

/// CloudSearch structured syntax: text -> lexer -> parser -> bind -> simplify. Errors are bad_query
/// or too_large and carry the position of the mistake in `text`.
Result<Tree> parse_structured(std::string_view text, const ParseOptions& options = {});

/// The everyday language, likewise.
Result<Tree> parse_kql(std::string_view text, const ParseOptions& options = {});

}  // namespace trailsift::query
