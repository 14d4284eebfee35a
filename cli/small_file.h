#pragma once

#include <cstddef>
#include <string>

#include "schema/error.h"

namespace trailsift::cli {

/// The bytes of a file that a person wrote. not_found or io when it cannot be read, too_large when
/// it has more than `most` bytes.
Result<std::string> read_small_file(const std::string& path, std::size_t most);

}  // namespace trailsift::cli
