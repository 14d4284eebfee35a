#include "server/page_access.h"

#include <string>
#include <string_view>

#include "indexer/quoted.h"
#include "server/push_access.h"

namespace trailsift::server {
namespace {

bool is_json(std::string_view content_type) {
  return lower_case(take_part(content_type, ';')) == "application/json";
}

}  // namespace

Checked<void> check_page_change(const HttpRequest& request) {
  if (is_foreign_page(request)) {
    return tl::unexpected(
        Refusal{Error{ErrorCode::denied,
                      "pages of other sites must not change anything here, and this one is of " +
                          indexer::quoted(request.header("origin")),
                      {}},
                {},
                403});
  }
  // A browser asks before it sends a DELETE of another site, whatever its type.
  if (request.method == "DELETE" || is_json(request.content_type)) return {};
  return tl::unexpected(Refusal{Error{ErrorCode::bad_request,
                                      "expected the Content-Type application/json, got " +
                                          indexer::quoted(request.content_type),
                                      {}},
                                {},
                                415});
}

}  // namespace trailsift::server
