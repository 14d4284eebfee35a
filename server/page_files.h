#pragma once

#include <string>
#include <string_view>

#include "server/http.h"
#include "server/web_assets.h"

namespace trailsift::server {

/// What stands in the page for its nonce.
constexpr std::string_view kNoncePlaceholder = "__NONCE__";

/// The policy of every answer: own files alone, and no text of a log can become script.
std::string content_policy();
/// The same, with styles that carry the nonce.
std::string content_policy(std::string_view nonce);

/// 128 random bits in base64url: 22 characters, another one each time. Any thread.
std::string new_nonce();

/// Whether the file's name changes with its bytes, as in "assets/app-D3Xy_a8k.js", so that it can
/// be kept for ever.
bool is_hashed_name(std::string_view path);

/// A file of the page: compressed where the client takes it so, 304 where the client has it.
HttpResponse file_answer(const WebAsset& file, const HttpRequest& request);

/// The page itself. It has the nonce in the place of each placeholder, the policy says the same
/// one, and so it is never kept.
HttpResponse page_answer(const WebAsset& page, std::string_view nonce);

}  // namespace trailsift::server
