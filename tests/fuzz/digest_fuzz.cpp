// A digest's text: what is accepted holds what a verification relies on, and is the same again. The
// text is also tried as a delivered key, and as a file of public keys would be.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "indexer/digest.h"
#include "indexer/digest_key.h"
#include "indexer/public_keys.h"
#include "schema/sha256.h"

namespace {

using namespace trailsift::indexer;
using trailsift::sha256_hex;

bool is_hex(std::string_view text, std::size_t size) {
  const auto digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == size && std::ranges::all_of(text, digit);
}

void check(const Digest& digest, std::string_view text) {
  if (digest.bucket.empty() || digest.key.empty() || digest.end < digest.start) std::abort();
  if (!is_hex(digest.fingerprint, 32) || digest.sha256 != sha256_hex(text)) std::abort();
  if (digest.previous_bucket.has_value() != digest.previous_key.has_value()) std::abort();
  if (digest.previous_sha256 && !is_hex(*digest.previous_sha256, 64)) std::abort();
  for (const DigestLogFile& file : digest.log_files) {
    if (file.bucket.empty() || file.key.empty() || !is_hex(file.sha256, 64)) std::abort();
  }
  if (string_to_sign(digest).find(digest.sha256) == std::string::npos) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto digest = parse_digest(text)) check(*digest, text);
  if (const auto key = parse_digest_key(text); key && key->key != text) std::abort();
  log_folder_of(text);
  log_file_time(text);
  if (const auto good = is_signed("text", text, text); good && *good) std::abort();
  return 0;
}
