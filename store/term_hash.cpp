#include "store/term_hash.h"

#include "schema/sha256.h"

namespace trailsift::store {

std::string term_hash(std::string_view text) {
  return sha256_hex(text).substr(0, kTermHashBytes);
}

}  // namespace trailsift::store
