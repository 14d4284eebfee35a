#include "server/api_answer.h"

#include <utility>

#include "schema/number.h"
#include "server/query_limits.h"

namespace trailsift::server {

Checked<Asked> read_asked(const Context& context, const Call& call, std::span<const Member> rows) {
  auto members = read_members(rows, call.parameters, json_body(call));
  if (!members) return tl::unexpected(members.error());
  auto query = read_query_call(*members, context.now());
  if (!query) return tl::unexpected(query.error());
  return Asked{std::move(*members), std::move(*query)};
}

Checked<std::uint64_t> read_limit(const Parameters& parameters) {
  constexpr std::uint64_t kOtherwise = 100;
  constexpr std::uint64_t kMost = 1000;
  const std::string* const text = parameters.find_nonempty("limit");
  if (text == nullptr) return kOtherwise;
  const auto limit = parse_number<std::uint64_t>(*text);
  if (limit && *limit >= 1 && *limit <= kMost) return *limit;
  return refuse(ErrorCode::bad_request,
                "expected a number from 1 to " + std::to_string(kMost) + ", got '" + *text + "'",
                "limit");
}

HttpResponse json_answer(std::string body) {
  return HttpResponse{200, "application/json", std::move(body), {}};
}

void write_took(JsonOut& out, std::chrono::steady_clock::time_point began) {
  const auto took = std::chrono::steady_clock::now() - began;
  out.member("took_ms", static_cast<std::uint64_t>(
                            std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
}

}  // namespace trailsift::server
