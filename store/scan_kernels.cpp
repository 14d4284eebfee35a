#include "store/scan_kernels.h"

#include <vector>

#include "store/scan_kernels_plain.h"
#include "store/scan_kernels_x86.h"

namespace trailsift::store {
namespace {

constexpr ScanKernels kPlain = {
    "plain",
    0,
    plain::combine<plain::And>,
    plain::combine<plain::Or>,
    plain::combine<plain::AndNot>,
    plain::count,
    {{{plain::in_range<std::uint8_t>, plain::accepted<std::uint8_t>, plain::pack<std::uint8_t>},
      {plain::in_range<std::uint16_t>, plain::accepted<std::uint16_t>, plain::pack<std::uint16_t>},
      {plain::in_range<std::uint32_t>, plain::accepted<std::uint32_t>,
       plain::pack<std::uint32_t>}}},
};

/// Slowest first.
std::vector<const ScanKernels*> available() {
  std::vector<const ScanKernels*> variants = {&kPlain};
#if defined(__x86_64__)
  for (const ScanKernels* kernels : {sse2_kernels(), avx2_kernels(), avx512_kernels()}) {
    if (kernels != nullptr) variants.push_back(kernels);
  }
#endif
  return variants;
}

}  // namespace

std::span<const ScanKernels* const> all_scan_kernels() {
  static const std::vector<const ScanKernels*> kAvailable = available();
  return kAvailable;
}

const ScanKernels& scan_kernels() {
  static const ScanKernels& kBest = *all_scan_kernels().back();
  return kBest;
}

}  // namespace trailsift::store
