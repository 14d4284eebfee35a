#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"

namespace trailsift::server {

struct RelaxedMember;

/// A value of CloudSearch's relaxed JSON.
struct RelaxedJson {
  enum class Kind : std::uint8_t {
    word,    ///< Bare: a number, true, null, `or`, `50%`. Never empty.
    string,  ///< In quotes.
    array,
    object,
  };
  Kind kind = Kind::word;
  Span at;           ///< Where it stands in the text.
  std::string text;  ///< Of words and strings, unescaped.
  std::vector<RelaxedJson> items;
  std::vector<RelaxedMember> members;  ///< No key twice.

  bool is_scalar() const { return kind == Kind::word || kind == Kind::string; }
};

struct RelaxedMember {
  std::string key;
  RelaxedJson value;
};

constexpr std::size_t kMaxRelaxedJsonBytes = 64UL * 1024;
constexpr std::size_t kMaxRelaxedJsonDepth = 16;
constexpr std::size_t kMaxRelaxedJsonMembers = 1000;  ///< Of one object.

/// Parses the option objects of search requests. On top of JSON: keys may be bare
/// (`[A-Za-z0-9_.-]+`) or in single quotes, strings may be in single quotes, `\'` is an escape,
/// values may be bare words, and a comma may stand before a closing bracket.
/// Errors are bad_request or too_large and carry the position.
///
///   value   := object | array | string | word
///   object  := '{' [ key ':' value { ',' key ':' value } [','] ] '}'
///   array   := '[' [ value { ',' value } [','] ] ']'
Result<RelaxedJson> parse_relaxed_json(std::string_view text,
                                       std::size_t max_bytes = kMaxRelaxedJsonBytes,
                                       std::size_t max_depth = kMaxRelaxedJsonDepth);

}  // namespace trailsift::server
