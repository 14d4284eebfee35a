#pragma once

#include <string>

#include "schema/error.h"

namespace trailsift::cli {

/// A mistake in what the user typed. For a query, `source` is its text and the error's place is in
/// it; an empty `source` means the command line itself.
struct Mistake {
  Error error;
  std::string source;
};

}  // namespace trailsift::cli
