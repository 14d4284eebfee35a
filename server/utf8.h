#pragma once

#include <string>
#include <string_view>

namespace trailsift::server {

bool is_utf8(std::string_view text);

/// `text` with each byte that belongs to no UTF-8 sequence replaced by U+FFFD.
std::string to_utf8(std::string_view text);

}  // namespace trailsift::server
