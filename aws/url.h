#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/error.h"

namespace trailsift::aws {

/// Every byte but A-Z a-z 0-9 - _ . ~ as %XX, once. This is what Signature Version 4 signs.
std::string percent_encode(std::string_view text);

/// The same, but '/' stays: for the keys of S3 objects.
std::string percent_encode_path(std::string_view text);

/// The inverse of both; '+' stays '+'. A '%' without two hexadecimal digits is an error.
Result<std::string> percent_decode(std::string_view text);

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// "a=1&b=": both sides encoded, sorted by encoded name, then value; always with '='.
std::string encode_parameters(const Parameters& parameters);

/// `origin` ("https://host[:port]", or with a path without '/' at its end), `path` (raw, begins
/// with '/'), and `parameters`, if any, after '?'.
std::string make_url(std::string_view origin, std::string_view path, const Parameters& parameters);

/// "https" or "http", host, port and path of an endpoint that a user configured.
struct Origin {
  std::string scheme;
  std::string host;
  std::string port;  ///< "": the scheme's.
  std::string path;  ///< "" or "/…" without '/' at its end.

  std::string text() const;
};

/// http[s]://HOST[:PORT][/PATH]; without user, query, fragment, and characters no host has.
Result<Origin> parse_origin(std::string_view text);

}  // namespace trailsift::aws
