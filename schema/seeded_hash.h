#pragma once

#include <cstdint>
#include <string_view>

namespace trailsift {

/// A hash for tables in memory of bytes that somebody else chose: its seed is drawn anew by each
/// process, so that nobody can prepare collisions. Never written to disk.
std::uint64_t seeded_hash(std::string_view bytes, std::uint64_t tag);

}  // namespace trailsift
