#include "store/scan_kernels_x86.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "store/scan_kernels_plain.h"

namespace trailsift::store {
namespace {

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
    for (std::size_t part = 0; part < 4; ++part) {
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

}  // namespace

const ScanKernels* sse2_kernels() {
  return &kSse2;
}

}  // namespace trailsift::store

#endif
