#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "indexer/sns_message.h"
#include "schema/time.h"

namespace trailsift::indexer::testing {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};

using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

Key make_key(unsigned bits = 2048);

/// A key with its certificate.
struct Identity {
  Key key;
  std::unique_ptr<X509, FreeCertificate> certificate;

  std::string pem() const;
  std::string der() const;
};

/// What a certificate is to say.
struct CertificatePlan {
  std::string name;                ///< The common name.
  std::vector<std::string> names;  ///< DNS names; none: only the common one.
  bool is_authority = false;
  Timestamp from, to;
  std::string issuer_url;  ///< Where it says that its issuer is; "": nowhere.
  unsigned bits = 2048;
};

/// `issuer`: nullptr for one that signs itself.
Identity make_identity(const CertificatePlan& plan, const Identity* issuer);

/// Signs as SNS does, by the message's SignatureVersion. It has to be complete.
void sign(SnsMessage& message, const Identity& signer);

}  // namespace trailsift::indexer::testing
