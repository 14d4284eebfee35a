#include "bench/program.h"

#include <cstdio>
#include <exception>

namespace trailsift::bench {

int run_program(const char* name, int argc, char** argv, int (*run)(int argc, char** argv)) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", name, error.what());
    return 1;
  }
}

}  // namespace trailsift::bench
