#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::indexer {

constexpr std::size_t kMaxCertificateBytes = 64UL << 10;

/// Gets the certificate at a URL, without following redirects, within seconds, and not more than
/// kMaxCertificateBytes. The URLs are `https://sns.REGION.amazonaws.com/….pem`, and
/// `http://crt.….amazontrust.com/….cer` for their issuers. Called from any thread.
using CertificateFetcher = std::function<Result<std::string>(const std::string& url)>;

/// The certificates that SNS signs with: fetched once, then kept, and checked at each use. Any
/// thread.
///
/// SNS serves its certificate alone, so issuers up to a trusted one are fetched from where a
/// certificate says, if that is Amazon's own store. Such URLs are http; the chain proves what came.
class SnsCertificates {
 public:
  /// `trusted_file`: PEM, instead of the system's roots. Intermediate and leaf certificates in it
  /// are trusted as they are, so that nothing else needs to be fetched.
  static Result<std::unique_ptr<SnsCertificates>> make(const std::string& trusted_file,
                                                       CertificateFetcher fetch);
  ~SnsCertificates();
  SnsCertificates(const SnsCertificates&) = delete;
  SnsCertificates& operator=(const SnsCertificates&) = delete;

  /// The RSA key (DER, SubjectPublicKeyInfo) of the certificate at `url`, once it is shown that the
  /// certificate is valid at `now`, is called by one of `names`, and is issued by whom we trust.
  /// Errors: unavailable where fetching failed or was done too often, or else bad_request.
  Result<std::string> public_key(const std::string& url, const std::vector<std::string>& names,
                                 Timestamp now);

 private:
  class Store;
  explicit SnsCertificates(std::unique_ptr<Store> store);
  std::unique_ptr<Store> store_;
};

}  // namespace trailsift::indexer
