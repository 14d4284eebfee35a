#include "store/scan_kernels_x86.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "store/scan_kernels_plain.h"

namespace trailsift::store {
namespace {

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt"))), \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,lzcnt,popcnt")
#endif

namespace avx2 {

__m256i load(const std::byte* from) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

unsigned mask(__m256i bytes) {
  return static_cast<unsigned>(_mm256_movemask_epi8(bytes));
}

/// Bits of 32 ordinals that are in a range: unsigned x - first <= width.
template <class T>
struct Test;

template <>
struct Test<std::uint8_t> {
  __m256i first, width;
  explicit Test(OrdinalRange range)
      : first(_mm256_set1_epi8(static_cast<char>(range.first))),
        width(_mm256_set1_epi8(static_cast<char>(range.last - range.first))) {}
  std::uint32_t operator()(const std::byte* from) const {
    const __m256i x = _mm256_sub_epi8(load(from), first);
    return mask(_mm256_cmpeq_epi8(_mm256_min_epu8(x, width), x));
  }
};

template <>
struct Test<std::uint16_t> {
  __m256i first, width;
  explicit Test(OrdinalRange range)
      : first(_mm256_set1_epi16(static_cast<short>(range.first))),
        width(_mm256_set1_epi16(static_cast<short>(range.last - range.first))) {}
  __m256i inside(const std::byte* from) const {
    const __m256i x = _mm256_sub_epi16(load(from), first);
    return _mm256_cmpeq_epi16(_mm256_min_epu16(x, width), x);
  }
  std::uint32_t operator()(const std::byte* from) const {
    const __m256i mixed = _mm256_packs_epi16(inside(from), inside(from + 32));
    return mask(_mm256_permute4x64_epi64(mixed, 0xD8));  // Packing goes by halves.
  }
};

template <>
struct Test<std::uint32_t> {
  __m256i first, width;
  explicit Test(OrdinalRange range)
      : first(_mm256_set1_epi32(static_cast<int>(range.first))),
        width(_mm256_set1_epi32(static_cast<int>(range.last - range.first))) {}
  std::uint32_t operator()(const std::byte* from) const {
    std::uint32_t bits = 0;
    for (std::size_t part = 0; part < 4; ++part) {
      const __m256i x = _mm256_sub_epi32(load(from + part * 32), first);
      const __m256i inside = _mm256_cmpeq_epi32(_mm256_min_epu32(x, width), x);
      bits |= static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(inside))) << (part * 8);
    }
    return bits;
  }
};

template <class T>
void in_range(const std::byte* ordinals, std::size_t count, OrdinalRange range,
              std::uint64_t* words) {
  const Test<T> test(range);
  const std::size_t whole = count / kWordDocs;
  for (std::size_t w = 0; w < whole; ++w) {
    const std::byte* const from = ordinals + w * kWordDocs * sizeof(T);
    words[w] = test(from) | std::uint64_t{test(from + 32 * sizeof(T))} << 32U;
  }
  plain::in_range<T>(ordinals + whole * kWordDocs * sizeof(T), count % kWordDocs, range,
                     words + whole);
}

template <class T>
void accepted(const std::byte* ordinals, std::size_t count, const std::uint64_t* accepted,
              std::uint64_t* words) {
  plain::accepted<T>(ordinals, count, accepted, words);
}

/// 32 bytes of the bitmap, looked up by the upper five bits of each ordinal.
template <>
void accepted<std::uint8_t>(const std::byte* ordinals, std::size_t count,
                            const std::uint64_t* accepted, std::uint64_t* words) {
  const __m256i table = load(reinterpret_cast<const std::byte*>(accepted));
  const __m256i low = _mm256_permute4x64_epi64(table, 0x44);
  const __m256i high = _mm256_permute4x64_epi64(table, 0xEE);
  const __m256i powers = _mm256_set1_epi64x(static_cast<long long>(0x8040201008040201ULL));
  const auto test = [&](const std::byte* from) {
    const __m256i x = load(from);
    const __m256i row = _mm256_and_si256(_mm256_srli_epi16(x, 3), _mm256_set1_epi8(31));
    const __m256i bytes =
        _mm256_blendv_epi8(_mm256_shuffle_epi8(low, row), _mm256_shuffle_epi8(high, row),
                           _mm256_cmpgt_epi8(row, _mm256_set1_epi8(15)));
    const __m256i bit = _mm256_shuffle_epi8(powers, _mm256_and_si256(x, _mm256_set1_epi8(7)));
    return mask(_mm256_cmpeq_epi8(_mm256_and_si256(bytes, bit), bit));
  };
  const std::size_t whole = count / kWordDocs;
  for (std::size_t w = 0; w < whole; ++w) {
    const std::byte* const from = ordinals + w * kWordDocs;
    words[w] = test(from) | std::uint64_t{test(from + 32)} << 32U;
  }
  plain::accepted<std::uint8_t>(ordinals + whole * kWordDocs, count % kWordDocs, accepted,
                                words + whole);
}

template <class T>
std::size_t pack(const std::byte* ordinals, const std::uint64_t* bits, std::size_t words,
                 std::byte* out) {
  return plain::pack<T>(ordinals, bits, words, out);
}

template <class Operation>
std::uint64_t combine(std::uint64_t* a, const std::uint64_t* b, std::size_t words) {
  return plain::combine<Operation>(a, b, words);
}

std::uint64_t count(const std::uint64_t* a, std::size_t words) {
  return plain::count(a, words);
}

}  // namespace avx2

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

constexpr ScanKernels kAvx2 = {
    "avx2",
    8,
    avx2::combine<plain::And>,
    avx2::combine<plain::Or>,
    avx2::combine<plain::AndNot>,
    avx2::count,
    {{{avx2::in_range<std::uint8_t>, avx2::accepted<std::uint8_t>, avx2::pack<std::uint8_t>},
      {avx2::in_range<std::uint16_t>, avx2::accepted<std::uint16_t>, avx2::pack<std::uint16_t>},
      {avx2::in_range<std::uint32_t>, avx2::accepted<std::uint32_t>, avx2::pack<std::uint32_t>}}},
};

bool has_avx2() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
         __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

}  // namespace

const ScanKernels* avx2_kernels() {
  return has_avx2() ? &kAvx2 : nullptr;
}

}  // namespace trailsift::store

#endif
