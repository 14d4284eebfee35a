#include <utility>

#include "server/api_members.h"
#include "server/live_tail.h"
#include "server/query_call.h"
#include "server/routes.h"

namespace trailsift::server {

Checked<HttpResponse> tail_events(Context& context, const Call& call) {
  const auto members = read_members(tail_members(), call.parameters, {});
  if (!members) return tl::unexpected(members.error());
  const auto asked = read_query_call(*members, context.now());
  if (!asked) return tl::unexpected(asked.error());
  auto columns = read_hit_columns(*members);
  if (!columns) return tl::unexpected(columns.error());
  auto stream = context.tail.subscribe(
      {whole_tree(*asked), asked->time, std::move(*columns), call.request.header("last-event-id")});
  if (!stream) return refuse(stream.error());
  HttpResponse response{200, "text/event-stream", {}, {}};
  response.stream = std::move(*stream);
  return response;
}

}  // namespace trailsift::server
