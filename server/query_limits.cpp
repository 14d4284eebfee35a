#include "server/query_limits.h"

#include <algorithm>
#include <chrono>

namespace trailsift::server {

std::string_view json_body(const Call& call) {
  if (call.request.method != "POST" || is_form(call.request)) return {};
  return call.request.body;
}

query::Deadline::Options limits_of(const Context& context, const Call& call,
                                   const QueryCall& query) {
  const auto allowed =
      std::min(query.timeout.value_or(context.query_timeout), context.query_timeout);
  return {std::chrono::steady_clock::now() + allowed, call.request.gone, &context.gate};
}

void limit(Context& context, const Call& call, const QueryCall& query,
           query::SearchRequest& request) {
  const auto limits = limits_of(context, call, query);
  request.deadline = limits.end;
  request.stop = limits.stop;
  request.gate = limits.gate;
  request.help.pool = &context.pool;
}

std::string parameter_of(const Error& error) {
  return error.code == ErrorCode::bad_request ? "cursor" : "";
}

}  // namespace trailsift::server
