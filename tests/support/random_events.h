#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "schema/event.h"

namespace trailsift::test {

/// Makes random CloudTrail records of every shape the flattener knows, with values from small
/// pools, so that different records share them: ties in time, missing and null members, several
/// resources, values too long for a term, NULs, letters outside ASCII, odd keys. No id comes twice.
/// The same seed gives the same records.
class RandomEvents {
 public:
  explicit RandomEvents(std::uint64_t seed) : random_(seed) {}

  /// Times of the records that follow lie in [begin, begin + seconds), begin in seconds since 1970.
  void set_times(std::int64_t begin, std::int64_t seconds);

  std::string record();
  Event event();
  std::vector<Event> events(std::size_t count);

  std::size_t below(std::size_t count) { return static_cast<std::size_t>(random_() % count); }
  bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }

 private:
  std::string_view choose(std::initializer_list<std::string_view> values);
  std::string time_text();
  std::string identity();
  std::string parameters();
  std::string resources();
  std::string long_text();

  std::mt19937_64 random_;
  std::int64_t begin_s_ = 1627516800;  // 2021-07-29T00:00:00Z
  std::int64_t seconds_ = 600;
  std::uint64_t count_ = 0;
};

}  // namespace trailsift::test
