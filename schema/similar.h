#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace trailsift {

/// How many letters have to be changed, added or left out to make one of the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The name that `written` may have been meant to be; nullopt when none is near.
std::optional<std::string_view> most_similar(std::string_view written,
                                             std::span<const std::string_view> names);

}  // namespace trailsift
