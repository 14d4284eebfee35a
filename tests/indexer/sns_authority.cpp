#include "tests/indexer/sns_authority.h"

#include <stdexcept>
#include <utility>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "indexer/sns_signature.h"

namespace trailsift::indexer::testing {
namespace {

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("cannot ") + what);
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  require(extension != nullptr, "make an extension");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

std::string written(int (*write)(BIO*, const X509*), const X509* certificate) {
  BIO* memory = BIO_new(BIO_s_mem());
  require(write(memory, certificate) == 1, "write a certificate");
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory, &bytes);
  std::string text(bytes, static_cast<std::size_t>(size));
  BIO_free(memory);
  return text;
}

void set_time(ASN1_TIME* field, Timestamp time) {
  ASN1_TIME_set(field, std::chrono::system_clock::to_time_t(time));
}

}  // namespace

Key make_key(unsigned bits) {
  return Key(EVP_RSA_gen(bits));
}

std::string Identity::pem() const {
  return written(PEM_write_bio_X509, certificate.get());
}

std::string Identity::der() const {
  return written(i2d_X509_bio, certificate.get());
}

Identity make_identity(const CertificatePlan& plan, const Identity* issuer) {
  static long serial = 0;
  Identity made{make_key(plan.bits), std::unique_ptr<X509, FreeCertificate>(X509_new())};
  X509* certificate = made.certificate.get();
  X509* by = issuer == nullptr ? certificate : issuer->certificate.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  set_time(X509_getm_notBefore(certificate), plan.from);
  set_time(X509_getm_notAfter(certificate), plan.to);
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(plan.name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(by));
  add_extension(certificate, by, NID_basic_constraints,
                plan.is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  std::string names;
  for (const std::string& name : plan.names) names += (names.empty() ? "DNS:" : ",DNS:") + name;
  if (!names.empty()) add_extension(certificate, by, NID_subject_alt_name, names);
  if (!plan.issuer_url.empty()) {
    add_extension(certificate, by, NID_info_access, "caIssuers;URI:" + plan.issuer_url);
  }
  EVP_PKEY* signing = issuer == nullptr ? made.key.get() : issuer->key.get();
  require(X509_sign(certificate, signing, EVP_sha256()) > 0, "sign a certificate");
  return made;
}

void sign(SnsMessage& message, const Identity& signer) {
  const auto text = signed_text(message);
  require(text.has_value(), "sign a message that is not complete");
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const EVP_MD* digest = message.signature_version == "1" ? EVP_sha1() : EVP_sha256();
  std::string signature(1024, '\0');
  std::size_t size = signature.size();
  require(
      EVP_DigestSignInit(context, nullptr, digest, nullptr, signer.key.get()) == 1 &&
          EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                         reinterpret_cast<const unsigned char*>(text->data()), text->size()) == 1,
      "sign a message");
  EVP_MD_CTX_free(context);
  std::string text64(4 * ((size + 2) / 3) + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text64.data()),
                      reinterpret_cast<unsigned char*>(signature.data()), static_cast<int>(size));
  message.signature = text64.substr(0, static_cast<std::size_t>(length));
}

}  // namespace trailsift::indexer::testing
