#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "aws/session.h"
#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::aws {

/// A key that CloudTrail signs digest files with.
struct PublicKey {
  std::string fingerprint;  ///< Hexadecimal MD5 of `der`.
  std::string der;          ///< PKCS#1 RSAPublicKey, bytes.
  Timestamp valid_from;
  Timestamp valid_to;
};

/// Errors: aws/session.h. Any thread.
class CloudTrail {
 public:
  explicit CloudTrail(Session& session) : session_(session) {}

  /// All pages of the keys that were valid at some time of [start, end] in `region` ("": the
  /// session's); keys are per region. At most kMaxPublicKeys. Needs cloudtrail:ListPublicKeys.
  Result<std::vector<PublicKey>> list_public_keys(Timestamp start, Timestamp end,
                                                  const std::string& region,
                                                  const std::stop_token& stop);

 private:
  Session& session_;
};

constexpr std::size_t kMaxPublicKeys = 10'000;

}  // namespace trailsift::aws
