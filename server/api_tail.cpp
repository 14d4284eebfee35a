#include <utility>

#include "server/api_answer.h"
#include "server/api_members.h"
#include "server/live_tail.h"
#include "server/query_call.h"
#include "server/routes.h"

namespace trailsift::server {

Checked<HttpResponse> tail_events(Context& context, const Call& call) {
  const auto asked = read_asked(context, call, tail_members());
  if (!asked) return tl::unexpected(asked.error());
  auto columns = read_hit_columns(asked->members);
  if (!columns) return tl::unexpected(columns.error());
  auto stream = context.tail.subscribe({whole_tree(asked->query), asked->query.time,
                                        std::move(*columns), call.request.header("last-event-id")});
  if (!stream) return refuse(stream.error());
  HttpResponse response{200, "text/event-stream", {}, {}};
  response.stream = std::move(*stream);
  return response;
}

}  // namespace trailsift::server
