#pragma once

#include <string>
#include <string_view>

namespace trailsift::query {

/// `text` between two `quote`s, where each `quote` and `\` inside has a `\` before it.
std::string escaped(std::string_view text, char quote);

/// What the user wrote, for an error message: in '...', cut when long, control characters as '?'.
std::string in_quotes(std::string_view text);

/// The same without the quotes.
std::string shortened(std::string_view text);

}  // namespace trailsift::query
