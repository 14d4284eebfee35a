#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "server/relaxed_json.h"

// Any text is a value or an error whose position lies in the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = trailsift::server::parse_relaxed_json(text);
  if (value) {
    if (value->at.begin > value->at.end || value->at.end > size) std::abort();
  } else if (const auto at = value.error().at; at && (at->begin > at->end || at->end > size)) {
    std::abort();
  }
  return 0;
}
