// Requests to Trailsift's own API: whatever a body, a parameter or a half-written query holds is
// understood or refused.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "server/api_members.h"
#include "server/completion_place.h"
#include "server/hit_columns.h"
#include "server/query_call.h"

using namespace trailsift;
using namespace trailsift::server;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Timestamp now{std::chrono::hours(24 * 365 * 50)};
  const auto body = read_members(search_members(), {}, text);
  if (body) {
    const auto call = read_query_call(*body, now);
    if (call) to_string(whole_tree(*call));
    static_cast<void>(read_hit_columns(*body));
  }
  const auto parameters = Parameters::parse(text, {});
  if (parameters) {
    const auto members = read_members(search_members(), *parameters, {});
    if (members) static_cast<void>(read_query_call(*members, now));
  }
  const CompletionPlace place = find_completion(text, size);
  if (place.begin > place.end || place.end > size) std::abort();
  return 0;
}
