#pragma once

#include <string_view>

#include "aws/s3.h"
#include "schema/error.h"

namespace trailsift::aws {

/// An answer of ListObjectsV2, keys decoded. `corrupt`: it is none.
Result<ListPage> parse_list_page(std::string_view xml);

}  // namespace trailsift::aws
