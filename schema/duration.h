#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace trailsift {

/// A length of time as people write it: a whole number above 0 and one of the units ms, s, m, h, d
/// and w, such as `500ms` or `1h`. nullopt for anything else, and beyond 100 years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace trailsift
