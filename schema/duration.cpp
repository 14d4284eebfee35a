#include "schema/duration.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace trailsift {

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  using namespace std::chrono_literals;
  using std::chrono::milliseconds;
  constexpr std::array kUnits = {std::pair<std::string_view, milliseconds>("ms", 1ms),
                                 std::pair<std::string_view, milliseconds>("s", 1s),
                                 std::pair<std::string_view, milliseconds>("m", 1min),
                                 std::pair<std::string_view, milliseconds>("h", 1h),
                                 std::pair<std::string_view, milliseconds>("d", 24h),
                                 std::pair<std::string_view, milliseconds>("w", 168h)};
  constexpr milliseconds kLongest = 100 * 366 * 24h;
  std::int64_t amount = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, amount);
  if (error != std::errc()) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(last - end));
  for (const auto& [name, length] : kUnits) {
    if (unit != name) continue;
    if (amount < 1 || amount > kLongest / length) return std::nullopt;
    return amount * length;
  }
  return std::nullopt;
}

}  // namespace trailsift
