#pragma once

#include <string>
#include <string_view>

#include "schema/error.h"

namespace trailsift::store {

/// A JSON object in a file with a checksum around it, itself JSON:
/// `{"xxh3":"0123456789abcdef","content":` CONTENT `}` newline.
std::string seal(std::string_view content);

/// The content of a sealed text; borrows. Corrupt when the checksum is wrong.
Result<std::string_view> unseal(std::string_view text);

}  // namespace trailsift::store
