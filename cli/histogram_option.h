#pragma once

#include <string>
#include <string_view>

#include "query/search.h"
#include "schema/error.h"

namespace trailsift::cli {

/// Reads `auto` or the width of a bucket, such as 30s, 5m, 1h, 1d or 1w; `option` is named in
/// errors, which are bad_request.
Result<query::HistogramRequest> read_histogram(const std::string& text, std::string_view option);

}  // namespace trailsift::cli
