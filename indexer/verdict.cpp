#include "indexer/verdict.h"

#include <array>
#include <cstddef>

namespace trailsift::indexer {

std::string_view name(Reason reason) {
  constexpr std::array<std::string_view, 16> kNames = {"none",
                                                       "not_found",
                                                       "unreadable",
                                                       "invalid_format",
                                                       "trailing_data",
                                                       "moved",
                                                       "unknown_key",
                                                       "signature_failed",
                                                       "signature_unknown",
                                                       "chain_mismatch",
                                                       "off_chain",
                                                       "hash_mismatch",
                                                       "digest_not_verified",
                                                       "unlisted",
                                                       "not_covered",
                                                       "not_yet_covered"};
  return kNames.at(static_cast<std::size_t>(reason));
}

std::string_view name(Status status) {
  constexpr std::array<std::string_view, 3> kNames = {"valid", "invalid", "unverified"};
  return kNames.at(static_cast<std::size_t>(status));
}

}  // namespace trailsift::indexer
