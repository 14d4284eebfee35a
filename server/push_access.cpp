#include "server/push_access.h"

#include <algorithm>
#include <utility>

#include <openssl/crypto.h>

#include "indexer/base64.h"
#include "indexer/quoted.h"
#include "schema/sha256.h"
#include "server/listen_address.h"

namespace trailsift::server {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

tl::unexpected<Refusal> refuse_with(int status, ErrorCode code, std::string message) {
  return tl::unexpected(Refusal{Error{code, std::move(message), {}}, {}, status});
}

/// What an Authorization header says that its sender knows; "" when it says nothing of the kind.
std::string secret_in(std::string_view authorization) {
  const std::size_t space = std::min(authorization.find(' '), authorization.size());
  const std::string scheme = lower_case(authorization.substr(0, space));
  const std::string_view value = trimmed(authorization.substr(space));
  if (scheme == "bearer") return std::string(value);
  if (scheme != "basic") return {};
  const auto user_and_password = indexer::decode_base64(value);
  const std::size_t colon = user_and_password ? user_and_password->find(':') : std::string::npos;
  return colon == std::string::npos ? "" : user_and_password->substr(colon + 1);
}

struct Credentials {
  bool any = false;
  bool right = false;
};

Credentials credentials_of(PushRoute route, const HttpRequest& head, const std::string& token) {
  const std::string authorization = head.header("authorization");
  const std::string key =
      route == PushRoute::firehose ? head.header("x-amz-firehose-access-key") : "";
  Credentials found;
  found.any = !authorization.empty() || !key.empty();
  // Both are compared, so that the time does not tell which is looked at.
  const bool by_authorization = same_secret(secret_in(authorization), token);
  const bool by_key = same_secret(key, token);
  found.right = !token.empty() && (by_authorization || by_key);
  return found;
}

/// Whether a request was sent by a program on this machine, as far as proxies tell.
bool is_local(const HttpRequest& head) {
  if (!is_loopback_address(head.peer)) return false;
  if (!head.header("forwarded").empty()) return false;
  for (const char* name : {"x-forwarded-for", "x-real-ip"}) {
    const std::string addresses = head.header(name);
    std::string_view rest = addresses;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      if (!is_loopback_address(std::string(trimmed(rest.substr(0, comma))))) return false;
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return true;
}

}  // namespace

bool is_foreign_page(const HttpRequest& head) {
  const std::string site = head.header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") return true;
  const std::string origin = lower_case(head.header("origin"));
  if (origin.empty()) return false;
  const std::size_t scheme = origin.find("://");
  return scheme == std::string::npos || !head.host ||
         origin.substr(scheme + 3) != lower_case(*head.host);
}

bool same_secret(std::string_view a, std::string_view b) {
  // Digests have one length, so that not even that of the secret can be measured.
  const std::string first = sha256_hex(a);
  const std::string second = sha256_hex(b);
  return CRYPTO_memcmp(first.data(), second.data(), first.size()) == 0;
}

Checked<Sender> check_sender(PushRoute route, const HttpRequest& head, const PushAccess& access) {
  if (is_foreign_page(head)) {
    return refuse_with(403, ErrorCode::denied,
                       "pages of other sites must not post here, and this one is of " +
                           indexer::quoted(head.header("origin")));
  }
  const std::string& token = access.push.token;
  const Credentials credentials = credentials_of(route, head, token);
  if (credentials.right) return Sender::known;
  if (access.check_host && !(head.host && is_trusted_host(*head.host, access.allowed_hosts))) {
    return refuse_with(403, ErrorCode::denied,
                       "host " + indexer::quoted(head.host.value_or("")) +
                           " is not allowed without the token: send it, or start the server with "
                           "--allow-host");
  }
  if (token.empty() && is_local(head)) return Sender::known;
  if (route == PushRoute::sns && access.signatures && (token.empty() || !credentials.any)) {
    return Sender::unknown;
  }
  if (token.empty()) {
    return refuse_with(403, ErrorCode::denied,
                       "no token is set, so only programs on the server's machine may post here");
  }
  return refuse_with(401, ErrorCode::denied,
                     credentials.any ? "the token is wrong" : "the token is missing");
}

}  // namespace trailsift::server
