#include "schema/similar.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

namespace trailsift {

// Names are short, so the quadratic way is fine.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::optional<std::string_view> most_similar(std::string_view written,
                                             std::span<const std::string_view> names) {
  constexpr std::size_t kLongestName = 100;
  if (written.size() > kLongestName) return std::nullopt;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  std::optional<std::string_view> nearest;
  for (const std::string_view name : names) {
    const std::size_t distance = edit_distance(written, name);
    if (distance >= least || distance > std::max<std::size_t>(2, written.size() / 4) ||
        distance >= name.size()) {
      continue;
    }
    least = distance;
    nearest = name;
  }
  return nearest;
}

}  // namespace trailsift
