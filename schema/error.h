#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace trailsift {

/// A half-open range of bytes in a text the user wrote.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;

  friend bool operator==(const Span&, const Span&) = default;
};

/// What the caller can do about it; the server maps each code to one HTTP status.
enum class ErrorCode : std::uint8_t {
  bad_query,    ///< The query text is wrong; `at` says where.
  bad_request,  ///< A parameter or option other than the query text is wrong.
  not_found,    ///< The thing named does not exist.
  too_large,    ///< A limit, named in the message, was passed.
  denied,       ///< Credentials or a permission are missing; the message says which.
  unavailable,  ///< Try again later: locked, busy, or being replaced.
  cancelled,    ///< The caller asked to stop.
  corrupt,      ///< Bytes on disk are not what was written.
  io,           ///< The operating system refused.
  internal,     ///< A bug.
};

/// The code's stable name in JSON and logs, such as "bad_query".
std::string_view name(ErrorCode code);

/// One failure, told to a person: what was expected, what came, and where.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;     ///< Lower case, no full stop; user input in '...'.
  std::optional<Span> at;  ///< Set when the mistake is in user text.
};

/// tl::expected that the compiler will not let a caller drop.
template <class T>
struct [[nodiscard]] Result : tl::expected<T, Error> {
  using tl::expected<T, Error>::expected;
};

/// The short way to fail: `return fail(ErrorCode::io, "cannot open ...")`.
tl::unexpected<Error> fail(ErrorCode code, std::string message, std::optional<Span> at = {});

/// The message, and below it the line of `source` that holds the mistake with carets under it.
/// Control characters of `source` are shown as '?', so the result is safe for a terminal.
std::string render(const Error& error, std::string_view source);

}  // namespace trailsift
