#pragma once

#include <stdexcept>
#include <utility>

#include "schema/error.h"

namespace trailsift::bench {

/// What the programs of the benchmark have in common.

/// Aborts a program: its figures would mean nothing.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}
inline void must(const Result<void>& result) {
  if (!result) throw std::runtime_error(result.error().message);
}

/// What main() does: calls `run`, and prints what it throws under the program's name. The answer is
/// the exit status.
int run_program(const char* name, int argc, char** argv, int (*run)(int argc, char** argv));

}  // namespace trailsift::bench
