#include "schema/error.h"

#include <algorithm>
#include <utility>

#include "schema/utf8.h"

namespace trailsift {
std::string_view name(ErrorCode code) {
  switch (code) {
    case ErrorCode::bad_query: return "bad_query";
    case ErrorCode::bad_request: return "bad_request";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::too_large: return "too_large";
    case ErrorCode::denied: return "denied";
    case ErrorCode::unavailable: return "unavailable";
    case ErrorCode::cancelled: return "cancelled";
    case ErrorCode::corrupt: return "corrupt";
    case ErrorCode::io: return "io";
    case ErrorCode::internal: return "internal";
  }
  return "internal";
}

tl::unexpected<Error> fail(ErrorCode code, std::string message, std::optional<Span> at) {
  return tl::unexpected(Error{code, std::move(message), at});
}

std::string render(const Error& error, std::string_view source) {
  if (!error.at) return error.message;
  const std::size_t begin = std::min(error.at->begin, source.size());
  const std::size_t before = begin == 0 ? std::string_view::npos : source.rfind('\n', begin - 1);
  const std::size_t line_begin = before == std::string_view::npos ? 0 : before + 1;
  const std::size_t line_end = std::min(source.find('\n', begin), source.size());
  const std::size_t end = std::clamp(error.at->end, begin, line_end);

  std::string out = error.message;
  out += "\n  ";
  out += without_controls(source.substr(line_begin, line_end - line_begin));
  out += "\n  ";
  out.append(count_characters(source.substr(line_begin, begin - line_begin)), ' ');
  out.append(std::max<std::size_t>(1, count_characters(source.substr(begin, end - begin))), '^');
  return out;
}

}  // namespace trailsift
