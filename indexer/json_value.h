#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"

namespace trailsift::indexer {

struct JsonMember;

/// A value where it stands in a JSON text that read_json() has checked, so that nothing is copied
/// and every byte stays as it was written. Borrows the text. Looking inside reads the value again.
class JsonValue {
 public:
  /// `text` is one checked value without white space around it.
  explicit JsonValue(std::string_view text) : text_(text) {}

  std::string_view text() const { return text_; }
  bool is_object() const { return text_.front() == '{'; }
  bool is_array() const { return text_.front() == '['; }
  bool is_string() const { return text_.front() == '"'; }

  /// The string without its escapes; nullopt when it is none.
  std::optional<std::string> string() const;
  /// The number when it is a whole one that fits.
  std::optional<std::uint64_t> unsigned_integer() const;
  /// The members of an object in their order, kMaxMembers at most: no message has that many. None
  /// when it is no object.
  std::vector<JsonMember> members() const;

  static constexpr std::size_t kMaxMembers = 128;

 private:
  std::string_view text_;
};

struct JsonMember {
  std::string key;
  JsonValue value;
};

/// The value of the first member called `key`, or nullptr.
const JsonValue* find(const std::vector<JsonMember>& members, std::string_view key);
/// The same, when it is a string.
std::optional<std::string> find_string(const std::vector<JsonMember>& members,
                                       std::string_view key);

/// Hands out the elements of an array one after the other; none when it is no array.
class JsonElements {
 public:
  explicit JsonElements(JsonValue array) : rest_(array.is_array() ? array.text() : "") {}
  std::optional<JsonValue> next();

 private:
  std::string_view rest_;
};

/// The value that `text` begins with (white space may stand before it), whole and well-formed, at
/// most `max_depth` objects and arrays inside each other. Whether strings are UTF-8 is left to
/// those who use them. An Error is a bad_request, or a too_large for the depth; its position is the
/// byte at which the mistake was seen.
Result<JsonValue> read_json(std::string_view text, std::size_t max_depth);

}  // namespace trailsift::indexer
