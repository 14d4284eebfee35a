#include "store/scan_kernels_x86.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "store/scan_kernels_plain.h"

namespace trailsift::store {
namespace {

constexpr std::size_t kWordDocs = 64;  // Documents of a word.

// --- SSE2, which every x86-64 has ----------------------------------------------------------------

namespace sse2 {

__m128i load(const std::byte* from) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

/// Bytes of ones where unsigned x <= width. Saturated subtraction leaves zero there.
__m128i at_most(std::uint8_t, __m128i x, __m128i width) {
  return _mm_cmpeq_epi8(_mm_subs_epu8(x, width), _mm_setzero_si128());
}
__m128i at_most(std::uint16_t, __m128i x, __m128i width) {
  return _mm_cmpeq_epi16(_mm_subs_epu16(x, width), _mm_setzero_si128());
}

template <class T>
struct Test;

template <>
struct Test<std::uint8_t> {
  __m128i first, width;
  explicit Test(OrdinalRange range)
      : first(_mm_set1_epi8(static_cast<char>(range.first))),
        width(_mm_set1_epi8(static_cast<char>(range.last - range.first))) {}
  /// Bits of the next 16 ordinals.
  unsigned operator()(const std::byte* from) const {
    const __m128i x = _mm_sub_epi8(load(from), first);
    return static_cast<unsigned>(_mm_movemask_epi8(at_most(std::uint8_t{}, x, width)));
  }
};

template <>
struct Test<std::uint16_t> {
  __m128i first, width;
  explicit Test(OrdinalRange range)
      : first(_mm_set1_epi16(static_cast<short>(range.first))),
        width(_mm_set1_epi16(static_cast<short>(range.last - range.first))) {}
  unsigned operator()(const std::byte* from) const {
    const __m128i low = at_most(std::uint16_t{}, _mm_sub_epi16(load(from), first), width);
    const __m128i high = at_most(std::uint16_t{}, _mm_sub_epi16(load(from + 16), first), width);
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_packs_epi16(low, high)));
  }
};

template <>
struct Test<std::uint32_t> {
  __m128i first, width;
  explicit Test(OrdinalRange range)
      : first(_mm_set1_epi32(static_cast<int>(range.first))),
        width(_mm_set1_epi32(static_cast<int>((range.last - range.first) ^ 0x80000000U))) {}
  /// Ones where x is beyond the range: the sign is turned, as only signed numbers are compared.
  __m128i beyond(const std::byte* from) const {
    const __m128i x = _mm_sub_epi32(load(from), first);
    return _mm_cmpgt_epi32(_mm_xor_si128(x, _mm_set1_epi32(static_cast<int>(0x80000000U))), width);
  }
  unsigned operator()(const std::byte* from) const {
    const __m128i low = _mm_packs_epi32(beyond(from), beyond(from + 16));
    const __m128i high = _mm_packs_epi32(beyond(from + 32), beyond(from + 48));
    return ~static_cast<unsigned>(_mm_movemask_epi8(_mm_packs_epi16(low, high))) & 0xFFFFU;
  }
};

template <class T>
void in_range(const std::byte* ordinals, std::size_t count, OrdinalRange range,
              std::uint64_t* words) {
  const Test<T> test(range);
  const std::size_t whole = count / kWordDocs;
  for (std::size_t w = 0; w < whole; ++w) {
    const std::byte* const from = ordinals + w * kWordDocs * sizeof(T);
    std::uint64_t word = 0;
    for (unsigned part = 0; part < 4; ++part) {
      word |= std::uint64_t{test(from + part * 16 * sizeof(T))} << (part * 16);
    }
    words[w] = word;
  }
  plain::in_range<T>(ordinals + whole * kWordDocs * sizeof(T), count % kWordDocs, range,
                     words + whole);
}

}  // namespace sse2

constexpr ScanKernels kSse2 = {
    "sse2",
    4,
    plain::combine<plain::And>,
    plain::combine<plain::Or>,
    plain::combine<plain::AndNot>,
    plain::count,
    {{{sse2::in_range<std::uint8_t>, plain::accepted<std::uint8_t>, plain::pack<std::uint8_t>},
      {sse2::in_range<std::uint16_t>, plain::accepted<std::uint16_t>, plain::pack<std::uint16_t>},
      {sse2::in_range<std::uint32_t>, plain::accepted<std::uint32_t>, plain::pack<std::uint32_t>}}},
};

// --- AVX2 ----------------------------------------------------------------------------------------

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
    for (unsigned part = 0; part < 4; ++part) {
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

// --- AVX-512 as of Ice Lake and Zen 4 ------------------------------------------------------------

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

bool has_avx2() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
         __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

bool has_avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
         __builtin_cpu_supports("avx512vpopcntdq");
}

}  // namespace

void add_x86_kernels(std::vector<const ScanKernels*>& variants) {
  variants.push_back(&kSse2);
  if (!has_avx2()) return;
  variants.push_back(&kAvx2);
  if (has_avx512()) variants.push_back(&kAvx512);
}

}  // namespace trailsift::store

#else

namespace trailsift::store {

void add_x86_kernels(std::vector<const ScanKernels*>&) {}

}  // namespace trailsift::store

#endif
