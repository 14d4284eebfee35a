#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "query/matches.h"
#include "schema/event.h"
#include "server/elastic_search.h"

// Any body is a search or an error whose position lies in the body, and a search can be asked of
// an event.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trailsift;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto search = server::read_elastic_search(body, {}, Timestamp());
  if (!search) {
    const auto at = search.error().error.at;
    if (at && (at->begin > at->end || at->end > size)) std::abort();
    return 0;
  }
  Event event;
  event.id = "e1";
  event.json = "{}";
  static_cast<void>(query::matches(search->request.query, event));
  return 0;
}
