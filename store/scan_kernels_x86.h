#pragma once

#include <cstddef>

#include "store/scan_kernels.h"

namespace trailsift::store {

/// The variants for x86-64, which exist there alone; nullptr where this machine cannot run one.
const ScanKernels* sse2_kernels();
const ScanKernels* avx2_kernels();
const ScanKernels* avx512_kernels();  ///< As of Ice Lake and Zen 4.

constexpr std::size_t kWordDocs = 64;  ///< Documents of a word.

}  // namespace trailsift::store
