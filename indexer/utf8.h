#pragma once

#include <string>
#include <string_view>

namespace trailsift::indexer {

/// `text` with U+FFFD in place of each byte that is not part of a UTF-8 character: file names and
/// damaged files can hold anything, JSON cannot.
std::string valid_utf8(std::string_view text);

}  // namespace trailsift::indexer
