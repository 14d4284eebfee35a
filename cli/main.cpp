#include "cli/run.h"

int main(int argc, char** argv) {
  return trailsift::cli::run(argc, argv);
}
