#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace trailsift::indexer {

constexpr std::size_t kMaxQuotedBytes = 60;

/// `text` for a message, between single quotes: its first bytes as UTF-8, control characters as
/// '?', and an ellipsis where something was left out.
std::string quoted(std::string_view text, std::size_t max_bytes = kMaxQuotedBytes);

/// `text` as UTF-8 of at most `most` bytes (more than three): what is longer is cut, and ends in
/// "…".
std::string shortened(std::string_view text, std::size_t most);

}  // namespace trailsift::indexer
