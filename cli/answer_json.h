#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rapidjson/document.h>

#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::cli {

using Json = rapidjson::Value;

/// An `io` error: the server's answer is not of the form that is known.
tl::unexpected<Error> bad_answer(const std::string& wanted);

/// An object; texts in it are valid UTF-8. Of any depth, without recursion.
Result<rapidjson::Document> parse_answer(std::string_view json);

/// The text of a JSON string.
std::string text_of(const Json& text);

/// The members of an object, one by one. Nothing is believed: the first that is not as expected is
/// kept as the error, a bad_answer() that names it, and the values of bad ones are empty. Borrows.
class Members {
 public:
  /// `what`, such as "a hit", is what should be an object.
  Members(const Json& object, const char* what);

  /// nullptr: there is none.
  const Json* find(const char* name) const;

  std::uint64_t number(const char* name);
  std::string text(const char* name);
  Timestamp time(const char* name);
  const Json& array(const char* name);
  const Json& object(const char* name);

  /// Of members that may be missing.
  bool flag(const char* name) const;
  std::string text_or_none(const char* name) { return find(name) ? text(name) : std::string(); }
  std::optional<std::uint64_t> number_if(const char* name);
  std::optional<Timestamp> time_if(const char* name);

  /// An array whose values `read` reads, a Result each.
  template <class Read>
  auto rows(const char* name, const Read& read) {
    std::vector<typename decltype(read(Json()))::value_type> rows;
    for (const Json& value : array(name).GetArray()) {
      if (error_) break;
      auto row = read(value);
      if (row) rows.push_back(std::move(*row));
      if (!row) refuse(tl::unexpected(row.error()));
    }
    return rows;
  }

  /// Keeps an error that was found elsewhere, unless there is one.
  void refuse(tl::unexpected<Error> error);
  void check(const Result<void>& done);

  /// Whether all was well, and `value` if it was.
  Result<void> result() const;
  template <class Value>
  Result<Value> result(Value value) const {
    if (error_) return tl::unexpected(*error_);
    return value;
  }

 private:
  const Json* expect(const char* name, bool (Json::*is)() const, const char* wanted);

  const Json& object_;
  std::optional<Error> error_;
};

}  // namespace trailsift::cli
