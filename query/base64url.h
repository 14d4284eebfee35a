#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trailsift::query {

/// RFC 4648 section 5, without padding.
std::string encode_base64url(std::string_view bytes);

/// nullopt when `text` is not what encode_base64url() gives for some bytes.
std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace trailsift::query
