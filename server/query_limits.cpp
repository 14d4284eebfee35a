#include "server/query_limits.h"

#include <algorithm>
#include <utility>

namespace trailsift::server {

std::string_view json_body(const Call& call) {
  const std::string& method = call.request.method;
  if ((method != "POST" && method != "PUT") || is_form(call.request)) return {};
  return call.request.body;
}

query::Deadline::Options limits_of(const Context& context, const Call& call,
                                   std::optional<std::chrono::milliseconds> timeout) {
  const auto allowed = std::min(timeout.value_or(context.query_timeout), context.query_timeout);
  return {std::chrono::steady_clock::now() + allowed, call.request.gone, &context.gate, allowed};
}

void limit(Context& context, const Call& call, std::optional<std::chrono::milliseconds> timeout,
           query::SearchRequest& request) {
  request.limits = limits_of(context, call, timeout);
  request.help.pool = &context.pool;
}

Error only_of_all(std::string_view what) {
  std::string message = "expected all to be searched before the 'timeout' for ";
  message.append(what).append(", got a part; narrow the time range or wait longer");
  return {ErrorCode::too_large, std::move(message), {}};
}

std::string parameter_of(const Error& error) {
  return error.code == ErrorCode::bad_request ? "cursor" : "";
}

}  // namespace trailsift::server
