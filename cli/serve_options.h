#pragma once

#include <vector>

#include <tl/expected.hpp>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/mistake.h"
#include "cli/settings.h"
#include "server/serve.h"

namespace trailsift::cli {

/// What `serve` is asked to do.
struct ServeRequest {
  server::ServeOptions options;  ///< Without what is told to a log.
  GivenSettings settings;        ///< Where it came from.
};

/// Reads the file of --config, or of the variable TRAILSIFT_CONFIG, and the options, and checks
/// that all of it goes together. All mistakes are told at once.
tl::expected<ServeRequest, std::vector<Mistake>> read_serve_options(const Arguments& arguments,
                                                                    const Console& console);

}  // namespace trailsift::cli
