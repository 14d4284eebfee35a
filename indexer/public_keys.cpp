#include "indexer/public_keys.h"

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <rapidjson/document.h>

#include "schema/sha256.h"
#include "store/file.h"

namespace trailsift::indexer {
namespace {

constexpr std::size_t kMostFileBytes = std::size_t{1} << 20;
constexpr int kFewestBits = 2048;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(unsigned char* bytes) const { OPENSSL_free(bytes); }
  void operator()(char* text) const { OPENSSL_free(text); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;
using Key = Owned<EVP_PKEY>;

const unsigned char* bytes_at(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string text_of(const unsigned char* bytes, long size) {
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

/// An RSA key of enough bits and nothing behind it; nullptr for anything else.
Key key_of(std::string_view der) {
  const auto size = static_cast<long>(der.size());
  const unsigned char* at = bytes_at(der);
  Key key(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, size));
  if (!key) {
    at = bytes_at(der);
    key.reset(d2i_PUBKEY(nullptr, &at, size));
  }
  ERR_clear_error();
  const bool whole = key && at == bytes_at(der) + der.size();
  if (!whole || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return nullptr;
  return EVP_PKEY_get_bits(key.get()) < kFewestBits ? nullptr : std::move(key);
}

using Encode = int (*)(const EVP_PKEY*, unsigned char**);

std::string encoded(const Key& key, Encode encode) {
  unsigned char* der = nullptr;
  const int size = encode(key.get(), &der);
  const Owned<unsigned char> owned(der);
  return size > 0 ? text_of(der, size) : "";
}

std::string md5_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_md5(), nullptr) != 1) {
    return "";
  }
  return hex_of(text_of(digest.data(), size));
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_at(text),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  // OpenSSL counts the padding as bytes.
  std::size_t padding = 0;
  while (padding < 2 && text.size() > padding && text[text.size() - 1 - padding] == '=') ++padding;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

/// The DER bytes in a file, in whatever form they stand there; empty when there are none.
std::vector<std::string> keys_in_pem(const std::string& text) {
  std::vector<std::string> keys;
  const Owned<BIO> bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  while (bio && PEM_read_bio(bio.get(), &name, &header, &data, &size) == 1) {
    const Owned<char> owned_name(name);
    const Owned<char> owned_header(header);
    const Owned<unsigned char> owned_data(data);
    keys.push_back(text_of(data, size));
  }
  ERR_clear_error();
  return keys;
}

std::vector<std::string> keys_in_json(const std::string& text) {
  std::vector<std::string> keys;
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (document.HasParseError() || !document.IsObject()) return keys;
  const auto list = document.FindMember("PublicKeyList");
  if (list == document.MemberEnd() || !list->value.IsArray()) return keys;
  for (const auto& row : list->value.GetArray()) {
    const auto value =
        row.IsObject() ? row.FindMember("Value") : rapidjson::Value::ConstMemberIterator();
    if (!row.IsObject() || value == row.MemberEnd() || !value->value.IsString()) return {};
    auto der = from_base64({value->value.GetString(), value->value.GetStringLength()});
    if (!der) return {};
    keys.push_back(std::move(*der));
  }
  return keys;
}

std::vector<std::string> keys_in(const std::string& text) {
  if (key_of(text)) return {text};
  if (text.find("-----BEGIN ") != std::string::npos) return keys_in_pem(text);
  return keys_in_json(text);
}

class KeyFiles : public PublicKeys {
 public:
  Result<void> add_file(const std::filesystem::path& path) {
    const auto text = store::read_file(path, kMostFileBytes);
    if (!text) return tl::unexpected(text.error());
    const auto keys = keys_in(*text);
    bool sound = !keys.empty();
    for (const std::string& der : keys) sound = add(der) && sound;
    if (sound) return {};
    return fail(ErrorCode::bad_request,
                "expected RSA public keys of at least 2048 bits (the output "
                "of 'aws cloudtrail list-public-keys', PEM or DER), got '" +
                    path.string() + "'");
  }

  Result<std::string> find(const std::string& /*region*/, const std::string& fingerprint,
                           Timestamp /*at*/) override {
    const auto found = keys_.find(fingerprint);
    if (found == keys_.end()) return fail(ErrorCode::not_found, "no key has this fingerprint");
    return found->second;
  }

 private:
  /// A PEM or DER file may hold the other form than the one that CloudTrail names the key by.
  bool add(const std::string& der) {
    const Key key = key_of(der);
    if (!key) return false;
    for (const Encode encode : {Encode{i2d_PublicKey}, Encode{i2d_PUBKEY}}) {
      keys_.insert_or_assign(md5_hex(encoded(key, encode)), der);
    }
    keys_.insert_or_assign(md5_hex(der), der);
    return true;
  }

  std::map<std::string, std::string, std::less<>> keys_;  // By fingerprint.
};

std::optional<std::string> from_hex(std::string_view text) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

}  // namespace

Result<std::unique_ptr<PublicKeys>> public_keys_of(const std::filesystem::path& path) {
  auto keys = std::make_unique<KeyFiles>();
  std::error_code failed;
  if (!std::filesystem::is_directory(path, failed)) {
    if (const auto added = keys->add_file(path); !added) return tl::unexpected(added.error());
    return keys;
  }
  const auto names = store::list_directory(path);
  if (!names) return tl::unexpected(names.error());
  for (const std::string& name : *names) {
    if (const auto added = keys->add_file(path / name); !added) {
      return tl::unexpected(added.error());
    }
  }
  return keys;
}

Result<bool> is_signed(std::string_view text, std::string_view signature,
                       std::string_view key_der) {
  const Key key = key_of(key_der);
  if (!key) return fail(ErrorCode::corrupt, "expected an RSA public key of at least 2048 bits");
  const auto bytes = from_hex(signature);
  if (!bytes) return false;
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  // The default padding of an RSA key is PKCS#1 v1.5.
  if (!context ||
      EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1) {
    return fail(ErrorCode::internal, "OpenSSL cannot verify RSA signatures");
  }
  const int status =
      EVP_DigestVerify(context.get(), bytes_at(*bytes), bytes->size(), bytes_at(text), text.size());
  ERR_clear_error();
  return status == 1;
}

}  // namespace trailsift::indexer
