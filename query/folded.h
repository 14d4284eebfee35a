#pragma once

#include <string_view>

namespace trailsift::query {

/// Comparisons without regard to the case of ASCII letters, as people type what they look for.

/// Whether `part` stands somewhere in `text`.
bool contains_folded(std::string_view text, std::string_view part);

bool starts_with_folded(std::string_view text, std::string_view beginning);

}  // namespace trailsift::query
