#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trailsift::indexer {

/// The bytes of standard base64 with its padding; nullopt for anything else, line ends included.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace trailsift::indexer
