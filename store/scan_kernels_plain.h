#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "store/scan_kernels.h"

namespace trailsift::store::plain {

/// The loops in plain C++. Always inlined, so that each variant compiles them with its
/// instructions.
struct And {
  [[gnu::always_inline]] inline std::uint64_t operator()(std::uint64_t a, std::uint64_t b) const {
    return a & b;
  }
};
struct Or {
  [[gnu::always_inline]] inline std::uint64_t operator()(std::uint64_t a, std::uint64_t b) const {
    return a | b;
  }
};
struct AndNot {
  [[gnu::always_inline]] inline std::uint64_t operator()(std::uint64_t a, std::uint64_t b) const {
    return a & ~b;
  }
};

template <class Operation>
[[gnu::always_inline]] inline std::uint64_t combine(std::uint64_t* a, const std::uint64_t* b,
                                                    std::size_t words) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < words; ++i) {
    a[i] = Operation()(a[i], b[i]);
    count += static_cast<unsigned>(std::popcount(a[i]));
  }
  return count;
}

[[gnu::always_inline]] inline std::uint64_t count(const std::uint64_t* a, std::size_t words) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < words; ++i) count += static_cast<unsigned>(std::popcount(a[i]));
  return count;
}

template <class T>
[[gnu::always_inline]] inline T load(const std::byte* array, std::size_t index) {
  T value;
  std::memcpy(&value, array + index * sizeof(T), sizeof(T));
  return value;
}

/// Writes the bits that `test` gives for each ordinal.
template <class T, class Test>
[[gnu::always_inline]] inline void test_each(const std::byte* ordinals, std::size_t count,
                                             std::uint64_t* words, const Test& test) {
  for (std::size_t begin = 0; begin < count; begin += 64) {
    const std::size_t end = std::min<std::size_t>(count - begin, 64);
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < end; ++i) {
      word |= std::uint64_t{test(load<T>(ordinals, begin + i))} << i;
    }
    *words++ = word;
  }
}

template <class T>
[[gnu::always_inline]] inline void in_range(const std::byte* ordinals, std::size_t count,
                                            OrdinalRange range, std::uint64_t* words) {
  const auto first = static_cast<T>(range.first);
  const auto width = static_cast<T>(range.last - range.first);
  test_each<T>(ordinals, count, words,
               [=](T ordinal) { return static_cast<T>(ordinal - first) <= width; });
}

template <class T>
[[gnu::always_inline]] inline void accepted(const std::byte* ordinals, std::size_t count,
                                            const std::uint64_t* accepted, std::uint64_t* words) {
  test_each<T>(ordinals, count, words,
               [=](T ordinal) { return (accepted[ordinal / 64] >> (ordinal % 64) & 1U) != 0; });
}

template <class T>
[[gnu::always_inline]] inline std::size_t pack(const std::byte* ordinals, const std::uint64_t* bits,
                                               std::size_t words, std::byte* out) {
  std::byte* const begin = out;
  for (std::size_t w = 0; w < words; ++w) {
    const std::byte* const from = ordinals + w * 64 * sizeof(T);
    for (std::uint64_t word = bits[w]; word != 0; word &= word - 1) {
      std::memcpy(out, from + static_cast<unsigned>(std::countr_zero(word)) * sizeof(T), sizeof(T));
      out += sizeof(T);
    }
  }
  return static_cast<std::size_t>(out - begin) / sizeof(T);
}

}  // namespace trailsift::store::plain
