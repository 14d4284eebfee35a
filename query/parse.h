#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
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

/// The operators of the simple syntax. One that is disabled has its characters read as text.
enum class SimpleOperator : std::uint8_t {
  conjunction,
  disjunction,
  negation,
  escape,
  fuzzy,
  near,
  phrase,
  precedence,
  prefix,
  whitespace,
};
using SimpleOperators = std::bitset<static_cast<std::size_t>(SimpleOperator::whitespace) + 1>;

/// What a query text leaves open.
struct ParseOptions {
  /// Fields searched by a bare string. Empty: the text fields of the original domain
  /// (error_message, user_agent, user_identity_arn, raw), of which raw holds all the others.
  std::vector<FieldIndex> default_fields;
  /// Whether a bare string of several words asks for any of them instead of all.
  bool any_word = false;
  /// Of dismax: how many of a hundred optional words must be there, rounded down. Unset: what
  /// any_word says, which is one or all.
  std::optional<std::uint32_t> word_percentage = {};
  /// Of dismax: how many other words may stand among those of a phrase.
  std::uint32_t phrase_slop = 0;
  /// Of dismax, for the score: text fields that count by their weights where all the words stand
  /// near to each other, with up to so many others among them.
  struct WeightedField {
    FieldIndex field;
    double weight = 1;  ///< Above 0.
  };
  std::vector<WeightedField> phrase_fields = {};
  std::uint32_t phrase_fields_slop = 0;
  SimpleOperators disabled = {};  ///< Of simple, by SimpleOperator.
  /// Keeps what changes no answer but says how much a hit counts: boosts, words that need not be
  /// there, all of the default fields. Only for SearchRequest::scored, as the tree stays large.
  bool scored = false;
  /// How much each of default_fields counts, above 0. Empty: all the same.
  std::vector<double> weights = {};
  /// Of a text without a field: the share of its score in the fields other than the best.
  double tie = 0;
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

/// The other languages of CloudSearch, which end in the same syntax tree. docs/queries.md tells
/// their rules. Errors are as above; simple and dismax have no syntax errors.
Result<Tree> parse_simple(std::string_view text, const ParseOptions& options = {});
Result<Tree> parse_lucene(std::string_view text, const ParseOptions& options = {});
Result<Tree> parse_dismax(std::string_view text, const ParseOptions& options = {});

}  // namespace trailsift::query
