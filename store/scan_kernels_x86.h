#pragma once

#include <vector>

#include "store/scan_kernels.h"

namespace trailsift::store {

/// Appends the variants that this machine can run, slowest first. Elsewhere than on x86-64: none.
void add_x86_kernels(std::vector<const ScanKernels*>& variants);

}  // namespace trailsift::store
