#pragma once

#include <string>
#include <vector>

#include "server/http.h"
#include "server/refusal.h"
#include "server/sources.h"

namespace trailsift::server {

/// Who posts, as far as the head of a request tells.
enum class Sender : std::uint8_t {
  known,    ///< Has the token or, where none is set, is on this machine.
  unknown,  ///< May still be SNS, which proves it by the signature of its message.
};

/// Whose posts are taken. Borrows.
struct PushAccess {
  const PushOptions& push;
  bool signatures = false;  ///< Whether messages of SNS can be verified.
  bool check_host = true;   ///< Of those without the token; see is_trusted_host().
  const std::vector<std::string>& allowed_hosts;
};

/// Refuses whoever may not post to `route`, with status 401 where a token would help: pages of
/// other sites in a browser (whatever they know), names that could be rebound, other machines.
/// `unknown` only for PushRoute::sns.
Checked<Sender> check_sender(PushRoute route, const HttpRequest& head, const PushAccess& access);

/// Whether a browser says that a page of another site sends this.
bool is_foreign_page(const HttpRequest& head);

/// Whether two secrets are the same, in a time that does not tell where they differ.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace trailsift::server
