#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace trailsift::store {

/// A closed range of ordinals.
struct OrdinalRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

/// The inner loops over bitmaps and over arrays of ordinals, compiled for one instruction set. All
/// variants give the same answers; they read and write no byte outside the arrays that they are
/// given and want no alignment. Bit i of word w stands for element 64 * w + i.
struct ScanKernels {
  /// For ordinals of one width.
  struct Ordinals {
    /// Writes a bitmap of the `count` ordinals: which of them lie in `range`, whose ends have the
    /// ordinals' width. The last word is filled up with zeros.
    void (*in_range)(const std::byte* ordinals, std::size_t count, OrdinalRange range,
                     std::uint64_t* words);
    /// The same with a bitmap of the ordinals that are accepted; it has accepted_words() words.
    void (*accepted)(const std::byte* ordinals, std::size_t count, const std::uint64_t* accepted,
                     std::uint64_t* words);
    /// Copies the ordinals whose bit is set to `out`, which has room for 64 * `words` of them, and
    /// returns how many. All 64 * `words` ordinals can be read.
    std::size_t (*pack)(const std::byte* ordinals, const std::uint64_t* bits, std::size_t words,
                        std::byte* out);
  };

  const char* name;  ///< Of the instruction set.
  /// Up to so many ordinals of a byte, in_range() for each one counts them faster than a table.
  std::uint32_t few_ordinals;

  /// Bitmaps of `words` words. The answer is the number of bits that are set in the end.
  std::uint64_t (*intersect)(std::uint64_t* a, const std::uint64_t* b, std::size_t words);
  std::uint64_t (*unite)(std::uint64_t* a, const std::uint64_t* b, std::size_t words);
  std::uint64_t (*subtract)(std::uint64_t* a, const std::uint64_t* b, std::size_t words);
  std::uint64_t (*count)(const std::uint64_t* a, std::size_t words);

  std::array<Ordinals, 3> by_width;  ///< 1, 2 and 4 bytes.
  const Ordinals& of_width(unsigned width) const { return by_width[width / 2]; }
};

/// Words of a bitmap of `ordinals` accepted ordinals: never fewer than all ordinals of a byte need.
constexpr std::size_t accepted_words(std::uint32_t ordinals) {
  return ordinals <= 256 ? 4 : (std::size_t{ordinals} + 63) / 64;
}

/// The fastest variant for this machine.
const ScanKernels& scan_kernels();

/// Every variant that this machine can run, the plain one first.
std::span<const ScanKernels* const> all_scan_kernels();

}  // namespace trailsift::store
