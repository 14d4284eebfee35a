#include "store/scan_kernels.h"

#include <bit>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/random_seed.h"

namespace trailsift::store {
namespace {

/// Exactly as many as are allowed to be read, so that the address sanitizer sees what is beyond.
template <class T>
std::vector<T> random_ordinals(std::mt19937_64& random, std::size_t count, std::uint32_t most) {
  std::vector<T> ordinals(count);
  for (T& ordinal : ordinals) ordinal = static_cast<T>(random() % (std::uint64_t{most} + 1));
  return ordinals;
}

template <class T>
const std::byte* bytes(const std::vector<T>& ordinals) {
  return reinterpret_cast<const std::byte*>(ordinals.data());
}

bool bit(const std::vector<std::uint64_t>& words, std::size_t index) {
  return (words[index / 64] >> (index % 64) & 1U) != 0;
}

std::size_t words_for(std::size_t count) {
  return (count + 63) / 64;
}

std::vector<std::uint64_t> random_words(std::mt19937_64& random, std::size_t count) {
  std::vector<std::uint64_t> words(count);
  const std::uint64_t density = random() % 3;
  for (auto& word : words) word = density == 0 ? random() & random() & random() : random();
  if (density == 2) words.assign(count, ~std::uint64_t{0});
  return words;
}

template <class T>
void expect_in_range(const ScanKernels& kernels, std::mt19937_64& random, std::size_t count,
                     std::uint32_t most) {
  const auto ordinals = random_ordinals<T>(random, count, most);
  OrdinalRange range{static_cast<T>(random() % (std::uint64_t{most} + 1)), 0};
  range.last = range.first + static_cast<std::uint32_t>(random() % (most - range.first + 1ULL));
  std::vector<std::uint64_t> words(words_for(count), ~std::uint64_t{0});
  kernels.of_width(sizeof(T)).in_range(bytes(ordinals), count, range, words.data());
  for (std::size_t i = 0; i < words.size() * 64; ++i) {
    const bool expected = i < count && range.first <= ordinals[i] && ordinals[i] <= range.last;
    ASSERT_EQ(bit(words, i), expected) << i << " of " << count;
  }
}

template <class T>
void expect_accepted(const ScanKernels& kernels, std::mt19937_64& random, std::size_t count,
                     std::uint32_t most) {
  const auto ordinals = random_ordinals<T>(random, count, most);
  const auto accepted = random_words(random, accepted_words(most + 1));
  std::vector<std::uint64_t> words(words_for(count), ~std::uint64_t{0});
  kernels.of_width(sizeof(T)).accepted(bytes(ordinals), count, accepted.data(), words.data());
  for (std::size_t i = 0; i < words.size() * 64; ++i) {
    ASSERT_EQ(bit(words, i), i < count && bit(accepted, ordinals[i])) << i << " of " << count;
  }
}

template <class T>
void expect_packed(const ScanKernels& kernels, std::mt19937_64& random, std::size_t count,
                   std::uint32_t most) {
  const auto ordinals = random_ordinals<T>(random, words_for(count) * 64, most);
  const auto bits = random_words(random, words_for(count));
  std::vector<T> packed(ordinals.size());
  packed.resize(kernels.of_width(sizeof(T)).pack(bytes(ordinals), bits.data(), bits.size(),
                                                 reinterpret_cast<std::byte*>(packed.data())));
  std::vector<T> expected;
  for (std::size_t i = 0; i < ordinals.size(); ++i) {
    if (bit(bits, i)) expected.push_back(ordinals[i]);
  }
  ASSERT_EQ(packed, expected);
}

template <class T>
void expect_ordinals(const ScanKernels& kernels, std::mt19937_64& random, std::uint32_t most) {
  const std::size_t count = random() % 400;
  expect_in_range<T>(kernels, random, count, most);
  expect_accepted<T>(kernels, random, count, most % 100'000);
  expect_packed<T>(kernels, random, count, most);
}

void expect_bitmaps(const ScanKernels& kernels, std::mt19937_64& random) {
  const auto a = random_words(random, random() % 40);
  const auto b = random_words(random, a.size());
  const auto expect = [&](auto kernel, auto operation, const char* name) {
    std::vector<std::uint64_t> result = a;
    const std::uint64_t count = kernel(result.data(), b.data(), b.size());
    std::uint64_t expected = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      ASSERT_EQ(result[i], operation(a[i], b[i])) << name;
      expected += static_cast<unsigned>(std::popcount(result[i]));
    }
    EXPECT_EQ(count, expected) << name;
    EXPECT_EQ(kernels.count(result.data(), result.size()), expected) << name;
  };
  expect(
      kernels.intersect, [](auto x, auto y) { return x & y; }, "intersect");
  expect(
      kernels.unite, [](auto x, auto y) { return x | y; }, "unite");
  expect(
      kernels.subtract, [](auto x, auto y) { return x & ~y; }, "subtract");
}

TEST(ScanKernels, EveryVariantDoesWhatIsPromised) {
  for (const ScanKernels* kernels : all_scan_kernels()) {
    SCOPED_TRACE(std::string(kernels->name) + ", " + test::seed_note());
    std::mt19937_64 random(test::random_seed());
    for (int round = 0; round < 200; ++round) {
      expect_bitmaps(*kernels, random);
      for (const std::uint32_t most : {0U, 1U, 15U, 16U, 130U, 255U}) {
        expect_ordinals<std::uint8_t>(*kernels, random, most);
      }
      for (const std::uint32_t most : {3U, 300U, 0x7FFFU, 0x8001U, 0xFFFFU}) {
        expect_ordinals<std::uint16_t>(*kernels, random, most);
      }
      for (const std::uint32_t most : {3U, 70'000U, 0x7FFF'FFFFU, 0x8000'0001U, 0xFFFF'FFFEU}) {
        expect_ordinals<std::uint32_t>(*kernels, random, most);
      }
      if (HasFatalFailure()) return;
    }
  }
}

TEST(ScanKernels, ThePlainOneIsAlwaysThere) {
  ASSERT_FALSE(all_scan_kernels().empty());
  EXPECT_STREQ(all_scan_kernels().front()->name, "plain");
  EXPECT_EQ(&scan_kernels(), all_scan_kernels().back());
}

}  // namespace
}  // namespace trailsift::store
