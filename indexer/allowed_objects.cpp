#include "indexer/allowed_objects.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/fetched_object.h"
#include "indexer/object_event.h"
#include "indexer/quoted.h"

namespace trailsift::indexer {
namespace {

constexpr std::size_t kMaxNameBytes = 1500;  // Of an object, in messages.

}  // namespace

Result<void> check_allowed(const ObjectRef& object, bool fetches, const IntakeOptions& options) {
  const auto allows = [](const std::vector<std::string>& list, std::string_view wanted) {
    return list.empty() || std::ranges::find(list, wanted) != list.end();
  };
  const std::string name = object_name(object.bucket, object.key);
  if (!fetches) {
    return fail(ErrorCode::bad_request,
                "no objects are fetched here, got " + quoted(name, kMaxNameBytes));
  }
  if (!allows(options.buckets, object.bucket)) {
    return fail(ErrorCode::bad_request,
                "expected an object in an allowed bucket, got " + quoted(name, kMaxNameBytes));
  }
  if (!allows(options.accounts, account_of_key(object.key))) {
    return fail(ErrorCode::bad_request,
                "expected an object of an allowed account, got " + quoted(name, kMaxNameBytes));
  }
  return {};
}

}  // namespace trailsift::indexer
