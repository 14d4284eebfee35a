#pragma once

#include <string>
#include <string_view>

#include "schema/error.h"

namespace trailsift::server {

/// The target of a request, taken apart.
struct Target {
  std::string path;   ///< Decoded; slashes that followed each other are one.
  std::string query;  ///< Still encoded; empty when there is none.
};

/// Of `/path?query` or `http://host/path?query`.
Result<Target> parse_target(std::string_view target);

/// `%41` becomes `A` and, with `plus_is_space`, `+` a space. A `%` without two hexadecimal digits,
/// or bytes that are not UTF-8, are a bad_request.
Result<std::string> percent_decode(std::string_view text, bool plus_is_space);

}  // namespace trailsift::server
