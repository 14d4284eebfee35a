#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trailsift::bench {

inline constexpr std::size_t kAccountCount = 5;
inline constexpr std::size_t kRegionCount = 5;

/// Where, when and under which number an event happens. All else follows from these four.
struct Scene {
  std::size_t account = 0;  ///< Below kAccountCount.
  std::size_t region = 0;   ///< Below kRegionCount.
  std::int64_t time_s = 0;  ///< Seconds since 1970, UTC.
  std::uint64_t draw = 0;   ///< The event's own random number.
};

/// Invented accounts and the AWS regions that they use, most used first.
std::string_view account_id(std::size_t account);
std::string_view region_name(std::size_t region);

/// Appends `digits` lower-case hexadecimal digits, or upper-case letters and digits as in key ids.
void append_hex(std::uint64_t draw, std::size_t digits, std::string& out);
void append_key_id(std::string_view prefix, std::uint64_t draw, std::string& out);

/// Appends a random UUID.
void append_uuid(std::uint64_t draw, std::string& out);

/// Appends "2024-05-01T10:00:00Z".
void append_time(std::int64_t time_s, std::string& out);

/// A kind of value that a template names as `$bucket`, `$instance`, … : its row in a table.
using Slot = std::size_t;

/// The slot of that name, or nullopt.
std::optional<Slot> find_slot(std::string_view name);

/// Appends the value that `slot` has in `scene`: always the same within one event, and taken from
/// a stock of resources that belong to the account.
void append_slot(Slot slot, const Scene& scene, std::string& out);

}  // namespace trailsift::bench
