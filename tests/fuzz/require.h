#pragma once

#include <cstdio>
#include <cstdlib>

namespace trailsift {

/// Ends the fuzzer's run with a finding: "expected ...".
inline void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "expected %s\n", what);
  std::abort();
}

}  // namespace trailsift
