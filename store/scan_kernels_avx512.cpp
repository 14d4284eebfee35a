#include "store/scan_kernels_x86.h"

#if defined(__x86_64__)

#include <array>
#include <cstring>

#include <immintrin.h>

#include "store/scan_kernels_plain.h"

namespace trailsift::store {
namespace {

#if defined(__clang__)
#pragma clang attribute push(                                                          \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2," \
                          "avx512vpopcntdq,bmi,bmi2,lzcnt,popcnt"))),                  \
    apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2")
#pragma GCC target("avx512vpopcntdq,bmi,bmi2,lzcnt,popcnt")
#endif

namespace avx512 {

__m512i load(const void* from) {
  return _mm512_loadu_si512(from);
}

/// Bits of the ordinals in 64 bytes that are in a range: unsigned x - first <= width.
template <class T>
struct Test;

template <>
struct Test<std::uint8_t> {
  __m512i first, width;
  explicit Test(OrdinalRange range)
      : first(_mm512_set1_epi8(static_cast<char>(range.first))),
        width(_mm512_set1_epi8(static_cast<char>(range.last - range.first))) {}
  __mmask64 operator()(const std::byte* from) const {
    return _mm512_cmple_epu8_mask(_mm512_sub_epi8(load(from), first), width);
  }
};

template <>
struct Test<std::uint16_t> {
  __m512i first, width;
  explicit Test(OrdinalRange range)
      : first(_mm512_set1_epi16(static_cast<short>(range.first))),
        width(_mm512_set1_epi16(static_cast<short>(range.last - range.first))) {}
  __mmask32 operator()(const std::byte* from) const {
    return _mm512_cmple_epu16_mask(_mm512_sub_epi16(load(from), first), width);
  }
};

template <>
struct Test<std::uint32_t> {
  __m512i first, width;
  explicit Test(OrdinalRange range)
      : first(_mm512_set1_epi32(static_cast<int>(range.first))),
        width(_mm512_set1_epi32(static_cast<int>(range.last - range.first))) {}
  __mmask16 operator()(const std::byte* from) const {
    return _mm512_cmple_epu32_mask(_mm512_sub_epi32(load(from), first), width);
  }
};

template <class T>
void in_range(const std::byte* ordinals, std::size_t count, OrdinalRange range,
              std::uint64_t* words) {
  const Test<T> test(range);
  const std::size_t whole = count / kWordDocs;
  auto* bits = reinterpret_cast<std::byte*>(words);
  for (std::size_t vector = 0; vector < whole * sizeof(T); ++vector) {
    // Not shifted into a word: with the sanitizer's checks GCC 12 gets that wrong.
    const auto mask = test(ordinals + vector * 64);
    std::memcpy(bits, &mask, sizeof(mask));
    bits += sizeof(mask);
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
  const __m512i table = _mm512_maskz_loadu_epi64(0x0F, accepted);
  const __m512i powers = _mm512_set1_epi64(static_cast<long long>(0x8040201008040201ULL));
  const std::size_t whole = count / kWordDocs;
  for (std::size_t w = 0; w < whole; ++w) {
    const __m512i x = load(ordinals + w * kWordDocs);
    const __m512i row = _mm512_and_si512(_mm512_srli_epi16(x, 3), _mm512_set1_epi8(31));
    const __m512i bytes = _mm512_maskz_permutexvar_epi8(~__mmask64{0}, row, table);
    const __m512i bit = _mm512_shuffle_epi8(powers, _mm512_and_si512(x, _mm512_set1_epi8(7)));
    words[w] = _mm512_test_epi8_mask(bytes, bit);
  }
  plain::accepted<std::uint8_t>(ordinals + whole * kWordDocs, count % kWordDocs, accepted,
                                words + whole);
}

template <class T>
std::size_t pack(const std::byte* ordinals, const std::uint64_t* bits, std::size_t words,
                 std::byte* out);

/// The ordinals whose bit is set come first, then zeros: all 64 are written, as there is room.
template <>
std::size_t pack<std::uint8_t>(const std::byte* ordinals, const std::uint64_t* bits,
                               std::size_t words, std::byte* out) {
  std::size_t packed = 0;
  for (std::size_t w = 0; w < words; ++w) {
    _mm512_storeu_si512(out + packed,
                        _mm512_maskz_compress_epi8(bits[w], load(ordinals + w * kWordDocs)));
    packed += static_cast<std::size_t>(_mm_popcnt_u64(bits[w]));
  }
  return packed;
}

template <>
std::size_t pack<std::uint16_t>(const std::byte* ordinals, const std::uint64_t* bits,
                                std::size_t words, std::byte* out) {
  std::size_t packed = 0;
  for (std::size_t half = 0; half < words * 2; ++half) {
    const auto mask = static_cast<__mmask32>(bits[half / 2] >> (half % 2 * 32));
    _mm512_storeu_si512(out + packed * 2,
                        _mm512_maskz_compress_epi16(mask, load(ordinals + half * 64)));
    packed += static_cast<std::size_t>(_mm_popcnt_u32(mask));
  }
  return packed;
}

template <>
std::size_t pack<std::uint32_t>(const std::byte* ordinals, const std::uint64_t* bits,
                                std::size_t words, std::byte* out) {
  std::size_t packed = 0;
  for (std::size_t quarter = 0; quarter < words * 4; ++quarter) {
    const auto mask = static_cast<__mmask16>(bits[quarter / 4] >> (quarter % 4 * 16));
    _mm512_storeu_si512(out + packed * 4,
                        _mm512_maskz_compress_epi32(mask, load(ordinals + quarter * 64)));
    packed += static_cast<std::size_t>(_mm_popcnt_u32(mask));
  }
  return packed;
}

__m512i apply(plain::And, __m512i a, __m512i b) {
  return _mm512_and_si512(a, b);
}
__m512i apply(plain::Or, __m512i a, __m512i b) {
  return _mm512_or_si512(a, b);
}
__m512i apply(plain::AndNot, __m512i a, __m512i b) {
  return _mm512_xor_si512(a, _mm512_and_si512(a, b));
}

std::uint64_t sum(__m512i counts) {
  std::array<std::uint64_t, 8> lanes;
  _mm512_storeu_si512(lanes.data(), counts);
  std::uint64_t total = 0;
  for (const std::uint64_t lane : lanes) total += lane;
  return total;
}

template <class Operation>
std::uint64_t combine(std::uint64_t* a, const std::uint64_t* b, std::size_t words) {
  __m512i counts = _mm512_setzero_si512();
  std::size_t i = 0;
  for (; i + 8 <= words; i += 8) {
    const __m512i result = apply(Operation(), load(a + i), load(b + i));
    _mm512_storeu_si512(a + i, result);
    counts = _mm512_add_epi64(counts, _mm512_popcnt_epi64(result));
  }
  return sum(counts) + plain::combine<Operation>(a + i, b + i, words - i);
}

std::uint64_t count(const std::uint64_t* a, std::size_t words) {
  __m512i counts = _mm512_setzero_si512();
  std::size_t i = 0;
  for (; i + 8 <= words; i += 8) {
    counts = _mm512_add_epi64(counts, _mm512_popcnt_epi64(load(a + i)));
  }
  return sum(counts) + plain::count(a + i, words - i);
}

}  // namespace avx512

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

constexpr ScanKernels kAvx512 = {
    "avx512",
    16,
    avx512::combine<plain::And>,
    avx512::combine<plain::Or>,
    avx512::combine<plain::AndNot>,
    avx512::count,
    {{{avx512::in_range<std::uint8_t>, avx512::accepted<std::uint8_t>, avx512::pack<std::uint8_t>},
      {avx512::in_range<std::uint16_t>, avx512::accepted<std::uint16_t>,
       avx512::pack<std::uint16_t>},
      {avx512::in_range<std::uint32_t>, avx512::accepted<std::uint32_t>,
       avx512::pack<std::uint32_t>}}},
};

bool has_avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
         __builtin_cpu_supports("avx512vpopcntdq");
}

}  // namespace

const ScanKernels* avx512_kernels() {
  return has_avx512() ? &kAvx512 : nullptr;
}

}  // namespace trailsift::store

#endif
