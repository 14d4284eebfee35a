#include <utility>

#include "query/search.h"
#include "server/query_limits.h"
#include "server/routes.h"
#include "server/search_answer.h"
#include "server/search_call.h"

namespace trailsift::server {

Checked<HttpResponse> search(Context& context, const Call& call) {
  using std::chrono::steady_clock;
  const auto began = steady_clock::now();
  auto asked = parse_search_call(call.parameters, context.now());
  if (!asked) return tl::unexpected(asked.error());
  limit(context, call, {}, asked->request);

  const auto snapshot = context.reader.snapshot();
  if (!snapshot) return refuse(snapshot.error());
  const auto result = query::search(**snapshot, asked->request);
  if (!result) return refuse(result.error());

  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - began);
  auto body = asked->dialect == Dialect::xml ? to_xml(*asked, *result, call.request_id, took)
                                             : to_json(*asked, *result, call.request_id, took);
  if (!body) return refuse(body.error());
  return HttpResponse{200, std::string(content_type_of(asked->dialect)), std::move(*body), {}};
}

}  // namespace trailsift::server
