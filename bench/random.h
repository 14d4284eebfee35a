#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace trailsift::bench {

/// A well-mixed 64-bit hash of two numbers (splitmix64): the source of every "random" choice, so
/// that any event can be made again from its number alone.
constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t x = a + 0x9e3779b97f4a7c15 * (b + 1);
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// `draw` as a number in [0, 1).
constexpr double unit(std::uint64_t draw) {
  return static_cast<double>(draw >> 11) * 0x1p-53;
}

/// `draw` as an index below `count`, evenly.
constexpr std::size_t below(std::uint64_t draw, std::size_t count) {
  return static_cast<std::size_t>(unit(draw) * static_cast<double>(count));
}

/// `draw` as an index below `count`; low indexes are much more frequent, as in everything people
/// name and use.
constexpr std::size_t skewed(std::uint64_t draw, std::size_t count) {
  const double u = unit(draw);
  return static_cast<std::size_t>(u * u * u * static_cast<double>(count));
}

/// An even or a skewed choice from `values`.
template <class T, std::size_t N>
constexpr const T& choose(std::uint64_t draw, const T (&values)[N]) {
  return values[below(draw, N)];
}
template <class T, std::size_t N>
constexpr const T& choose_skewed(std::uint64_t draw, const T (&values)[N]) {
  return values[skewed(draw, N)];
}

}  // namespace trailsift::bench
