#include "indexer/sns_certificates.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "indexer/quoted.h"

namespace trailsift::indexer {
namespace {

template <auto kFree>
struct Free {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};

void free_stack(STACK_OF(X509) * stack) {
  sk_X509_free(stack);
}

using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Roots = std::unique_ptr<X509_STORE, Free<X509_STORE_free>>;
using Check = std::unique_ptr<X509_STORE_CTX, Free<X509_STORE_CTX_free>>;
using Stack = std::unique_ptr<STACK_OF(X509), Free<free_stack>>;
using IssuerAccess = std::unique_ptr<AUTHORITY_INFO_ACCESS, Free<AUTHORITY_INFO_ACCESS_free>>;

/// The signing certificate, then what else is known of its chain.
using Chain = std::vector<Certificate>;

constexpr std::size_t kMaxChain = 8;
constexpr int kMaxIssuersFetched = 3;
constexpr std::size_t kMaxKept = 64;  // A certificate lives for months, and there is one a region.
// Who knows a topic can name certificates that do not exist; each costs a request.
constexpr std::size_t kMaxFetches = 20;
constexpr auto kFetchPeriod = std::chrono::minutes(1);
constexpr int kAuthLevel = 2;  // RSA of 2048 bits, no SHA-1 in the chain.
constexpr int kMinKeyBits = 2048;

Bio reading(std::string_view bytes) {
  return Bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

/// PEM, or one certificate in DER as stores of issuers have it.
Result<Chain> read_chain(std::string_view bytes) {
  Chain chain;
  if (bytes.size() <= kMaxCertificateBytes) {
    const Bio pem = reading(bytes);
    while (chain.size() < kMaxChain) {
      Certificate one(PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr));
      if (!one) break;
      chain.push_back(std::move(one));
    }
    if (chain.empty()) {
      const Bio der = reading(bytes);
      if (Certificate one(d2i_X509_bio(der.get(), nullptr)); one) chain.push_back(std::move(one));
    }
  }
  ERR_clear_error();
  if (chain.empty()) return fail(ErrorCode::bad_request, "expected a certificate, got none");
  return chain;
}

bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9');
  });
}

/// `http://crt.NAME.amazontrust.com/NAME.cer`
bool is_issuer_url(std::string_view url) {
  constexpr std::string_view kBegin = "http://crt.";
  constexpr std::string_view kMiddle = ".amazontrust.com/";
  constexpr std::string_view kEnd = ".cer";
  if (!url.starts_with(kBegin) || !url.ends_with(kEnd)) return false;
  url.remove_prefix(kBegin.size());
  url.remove_suffix(kEnd.size());
  const std::size_t middle = url.find(kMiddle);
  return middle != std::string_view::npos && is_word(url.substr(0, middle)) &&
         is_word(url.substr(middle + kMiddle.size()));
}

/// Where the issuer of a certificate can be had.
std::optional<std::string> issuer_url(X509* certificate) {
  const IssuerAccess access(static_cast<AUTHORITY_INFO_ACCESS*>(
      X509_get_ext_d2i(certificate, NID_info_access, nullptr, nullptr)));
  for (int i = 0; access && i < sk_ACCESS_DESCRIPTION_num(access.get()); ++i) {
    const ACCESS_DESCRIPTION* one = sk_ACCESS_DESCRIPTION_value(access.get(), i);
    if (OBJ_obj2nid(one->method) != NID_ad_ca_issuers || one->location->type != GEN_URI) continue;
    const ASN1_IA5STRING* uri = one->location->d.uniformResourceIdentifier;
    std::string url(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                    static_cast<std::size_t>(ASN1_STRING_length(uri)));
    if (is_issuer_url(url)) return url;
  }
  return std::nullopt;
}

bool is_called(X509* certificate, const std::vector<std::string>& names) {
  return std::ranges::any_of(names, [&](const std::string& name) {
    return X509_check_host(certificate, name.data(), name.size(), X509_CHECK_FLAG_NO_WILDCARDS,
                           nullptr) == 1;
  });
}

Result<std::string> key_of(X509* certificate) {
  const EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (key == nullptr || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA ||
      EVP_PKEY_get_bits(key) < kMinKeyBits) {
    return fail(ErrorCode::bad_request,
                "expected an RSA key of 2048 bits or more in the "
                "certificate");
  }
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  if (size <= 0) return fail(ErrorCode::internal, "cannot write the key of a certificate");
  const std::unique_ptr<unsigned char, Free<[](unsigned char* bytes) { OPENSSL_free(bytes); }>>
      owned(der);
  return std::string(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
}

/// How a chain stands at one moment.
struct Verdict {
  int error = X509_V_OK;
  std::optional<std::string> missing;  ///< Where the issuer can be had that is not known.
};

Verdict judge(X509_STORE* roots, const Chain& chain, Timestamp now) {
  const Stack others(sk_X509_new_null());
  for (std::size_t i = 1; i < chain.size(); ++i) sk_X509_push(others.get(), chain[i].get());
  const Check check(X509_STORE_CTX_new());
  if (X509_STORE_CTX_init(check.get(), roots, chain.front().get(), others.get()) != 1) {
    return {X509_V_ERR_UNSPECIFIED, {}};
  }
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(check.get());
  X509_VERIFY_PARAM_set_time(rules, std::chrono::system_clock::to_time_t(now));
  X509_VERIFY_PARAM_set_auth_level(rules, kAuthLevel);
  if (X509_verify_cert(check.get()) == 1) return {};
  const int error = X509_STORE_CTX_get_error(check.get());
  const bool incomplete = error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
                          error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
                          error == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE;
  X509* last = X509_STORE_CTX_get_current_cert(check.get());
  ERR_clear_error();
  return {error, incomplete && last != nullptr ? issuer_url(last) : std::nullopt};
}

}  // namespace

class SnsCertificates::Store {
 public:
  Store(Roots roots, CertificateFetcher fetch)
      : roots_(std::move(roots)), fetch_(std::move(fetch)) {}

  Result<std::shared_ptr<const Chain>> chain_at(const std::string& url, Timestamp now) {
    {
      const std::lock_guard lock(mutex_);
      if (const auto kept = kept_.find(url); kept != kept_.end()) return kept->second;
    }
    return fetch_chain(url, now);
  }

  void keep(const std::string& url, std::shared_ptr<const Chain> chain) {
    const std::lock_guard lock(mutex_);
    if (kept_.size() >= kMaxKept) kept_.erase(kept_.begin());
    kept_.insert_or_assign(url, std::move(chain));
  }

  X509_STORE* roots() const { return roots_.get(); }

 private:
  /// The certificate at the URL, with issuers as far as they are needed and can be had.
  Result<std::shared_ptr<const Chain>> fetch_chain(const std::string& url, Timestamp now) {
    auto chain = fetch(url, now);
    if (!chain) return tl::unexpected(std::move(chain.error()));
    for (int i = 0; i < kMaxIssuersFetched; ++i) {
      const Verdict verdict = judge(roots_.get(), *chain, now);
      if (!verdict.missing || chain->size() >= kMaxChain) break;
      auto issuer = fetch(*verdict.missing, now);
      if (!issuer) return tl::unexpected(std::move(issuer.error()));
      chain->push_back(std::move(issuer->front()));
    }
    return std::make_shared<const Chain>(std::move(*chain));
  }

  Result<Chain> fetch(const std::string& url, Timestamp now) {
    if (!may_fetch(now)) {
      return fail(ErrorCode::unavailable, "cannot get " + quoted(url) + ": more than " +
                                              std::to_string(kMaxFetches) +
                                              " certificates were asked for in a minute");
    }
    const auto bytes = fetch_(url);
    if (!bytes) {
      return fail(ErrorCode::unavailable,
                  "cannot get " + quoted(url, 2 * kMaxQuotedBytes) + ": " + bytes.error().message);
    }
    return read_chain(*bytes);
  }

  bool may_fetch(Timestamp now) {
    const std::lock_guard lock(mutex_);
    while (!fetched_.empty() && fetched_.front() + kFetchPeriod <= now) fetched_.pop_front();
    if (fetched_.size() >= kMaxFetches) return false;
    fetched_.push_back(now);
    return true;
  }

  const Roots roots_;
  const CertificateFetcher fetch_;
  std::mutex mutex_;  // Guards everything below.
  std::map<std::string, std::shared_ptr<const Chain>> kept_;
  std::deque<Timestamp> fetched_;
};

SnsCertificates::SnsCertificates(std::unique_ptr<Store> store) : store_(std::move(store)) {}
SnsCertificates::~SnsCertificates() = default;

Result<std::unique_ptr<SnsCertificates>> SnsCertificates::make(const std::string& trusted_file,
                                                               CertificateFetcher fetch) {
  Roots roots(X509_STORE_new());
  const bool loaded = trusted_file.empty()
                          ? X509_STORE_set_default_paths(roots.get()) == 1
                          : X509_STORE_load_file(roots.get(), trusted_file.c_str()) == 1;
  ERR_clear_error();
  if (!loaded) {
    return fail(ErrorCode::io, "cannot read the trusted certificates of " +
                                   (trusted_file.empty() ? "the system" : quoted(trusted_file)));
  }
  if (!trusted_file.empty()) X509_STORE_set_flags(roots.get(), X509_V_FLAG_PARTIAL_CHAIN);
  auto store = std::make_unique<Store>(std::move(roots), std::move(fetch));
  return std::unique_ptr<SnsCertificates>(new SnsCertificates(std::move(store)));
}

Result<std::string> SnsCertificates::public_key(const std::string& url,
                                                const std::vector<std::string>& names,
                                                Timestamp now) {
  auto chain = store_->chain_at(url, now);
  if (!chain) return tl::unexpected(std::move(chain.error()));
  X509* certificate = (*chain)->front().get();
  const Verdict verdict = judge(store_->roots(), **chain, now);
  if (verdict.error != X509_V_OK) {
    return fail(ErrorCode::bad_request, "cannot trust the certificate at " +
                                            quoted(url, 2 * kMaxQuotedBytes) + ": " +
                                            X509_verify_cert_error_string(verdict.error));
  }
  if (!is_called(certificate, names)) {
    return fail(ErrorCode::bad_request, "expected a certificate of " + quoted(names.front()) +
                                            ", got one with other names");
  }
  auto key = key_of(certificate);
  if (key) store_->keep(url, std::move(*chain));
  return key;
}

}  // namespace trailsift::indexer
