#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/cloudtrail.h"
#include "schema/error.h"

namespace trailsift::aws {

struct PublicKeyPage {
  std::vector<PublicKey> keys;
  std::string next_token;  ///< "": the last page.
};

/// An answer of ListPublicKeys. `corrupt`: it is none.
Result<PublicKeyPage> parse_public_keys(std::string_view json);

}  // namespace trailsift::aws
