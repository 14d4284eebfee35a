#include "cli/delivery_options.h"

#include <algorithm>
#include <cstddef>

namespace trailsift::cli {

std::set<std::string, std::less<>> comma_parts(const Arguments& arguments, std::string_view name) {
  std::set<std::string, std::less<>> parts;
  for (const std::string& list : arguments.values(name)) {
    std::size_t begin = 0;
    while (begin <= list.size()) {
      const std::size_t end = std::min(list.find(',', begin), list.size());
      if (end > begin) parts.insert(list.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return parts;
}

Result<std::optional<Timestamp>> time_bound(const Arguments& arguments, std::string_view name,
                                            Timestamp now) {
  const auto given = arguments.given(name);
  if (!given) return std::nullopt;
  const auto time = parse_time_bound(*given, now);
  if (time) return *time;
  return fail(ErrorCode::bad_request, std::string(name) + ": " + time.error().message);
}

}  // namespace trailsift::cli
