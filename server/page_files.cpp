#include "server/page_files.h"

#include <algorithm>
#include <cstddef>
#include <random>

#include "query/base64url.h"
#include "server/gzip_stream.h"
#include "store/checksum.h"

namespace trailsift::server {
namespace {

constexpr std::size_t kNonceBytes = 16;
constexpr std::size_t kNameHashSize = 8;  // Of the page's build.
constexpr std::string_view kForEver = "public, max-age=31536000, immutable";

/// Whether one of the tags that the client has is this one.
bool has_tag(std::string_view tags, std::string_view wanted) {
  while (!tags.empty()) {
    std::string_view tag = take_part(tags, ',');
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == wanted || tag == "*") return true;
  }
  return false;
}

std::string policy(std::string_view more_styles) {
  return "default-src 'none'; script-src 'self'; style-src 'self'" + std::string(more_styles) +
         "; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
         "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
}

}  // namespace

std::string content_policy() {
  return policy({});
}

std::string content_policy(std::string_view nonce) {
  return policy(" 'nonce-" + std::string(nonce) + "'");
}

std::string new_nonce() {
  // random_device asks the kernel each time, so nobody can foretell a nonce from others.
  thread_local std::random_device random;
  std::string bytes;
  while (bytes.size() < kNonceBytes) {
    const auto word = random();
    for (unsigned shift = 0; shift < 32; shift += 8) {
      bytes += static_cast<char>((word >> shift) & 0xFFU);
    }
  }
  return query::encode_base64url(bytes);
}

bool is_hashed_name(std::string_view path) {
  if (!path.starts_with("assets/")) return false;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::string_view stem = name.substr(0, name.find('.'));
  if (stem.size() < kNameHashSize + 2 || stem.size() == name.size()) return false;
  const std::string_view hash = stem.substr(stem.size() - kNameHashSize);
  return stem[stem.size() - kNameHashSize - 1] == '-' && std::ranges::all_of(hash, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  c == '-' || c == '_';
         });
}

HttpResponse file_answer(const WebAsset& file, const HttpRequest& request) {
  const bool compressed = !file.gzip_body.empty() && accepts_gzip(request);
  HttpResponse answer{200, std::string(file.content_type), {}, {}};
  const auto add = [&](std::string_view name, std::string value) {
    answer.headers.emplace_back(name, std::move(value));
  };
  if (!file.gzip_body.empty()) add("Vary", "Accept-Encoding");
  add("Cache-Control", std::string(is_hashed_name(file.path) ? kForEver : "no-cache"));
  const std::string tag =
      '"' + store::hex(store::checksum(file.body)) + (compressed ? "-gzip\"" : "\"");
  add("ETag", tag);
  if (has_tag(request.header("if-none-match"), tag)) {
    answer.status = 304;
    answer.content_type.clear();
    return answer;
  }
  if (compressed) add("Content-Encoding", "gzip");
  answer.body = std::string(compressed ? file.gzip_body : file.body);
  return answer;
}

HttpResponse page_answer(const WebAsset& page, std::string_view nonce) {
  HttpResponse answer{200, std::string(page.content_type), std::string(page.body), {}};
  std::size_t at = 0;
  while ((at = answer.body.find(kNoncePlaceholder, at)) != std::string::npos) {
    answer.body.replace(at, kNoncePlaceholder.size(), nonce);
    at += nonce.size();
  }
  answer.headers.emplace_back("Content-Security-Policy", content_policy(nonce));
  return answer;
}

}  // namespace trailsift::server
