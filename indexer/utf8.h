#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace trailsift::indexer {

/// `text` with U+FFFD in place of each byte that is not part of a UTF-8 character: file names and
/// damaged files can hold anything, JSON cannot.
std::string valid_utf8(std::string_view text);

/// The same of at most `most` bytes (more than three): what is longer is cut, and ends in "…".
std::string shortened_utf8(std::string_view text, std::size_t most);

}  // namespace trailsift::indexer
