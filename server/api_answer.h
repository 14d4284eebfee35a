#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "server/http.h"
#include "server/json_out.h"
#include "server/query_call.h"
#include "server/routes.h"

namespace trailsift::server {

/// What handlers of the API have in common.

/// What a request about events says: its members, and which events these mean.
struct Asked {
  CheckedMembers members;
  QueryCall query;
};
/// `rows` are those of the route. Every problem is a refusal that names the member.
Checked<Asked> read_asked(const Context& context, const Call& call, std::span<const Member> rows);

/// The parameter `limit`: how many rows a page has, from 1 to 1000.
Checked<std::uint64_t> read_limit(const Parameters& parameters);

/// 200 with a JSON text.
HttpResponse json_answer(std::string body);

/// The member `took_ms`.
void write_took(JsonOut& out, std::chrono::steady_clock::time_point began);

}  // namespace trailsift::server
