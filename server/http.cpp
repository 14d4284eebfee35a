#include "server/http.h"

#include <algorithm>

namespace trailsift::server {

std::string HttpRequest::header(std::string_view name) const {
  std::string all;
  bool first = true;
  for (const auto& [key, value] : headers) {
    if (key != name) continue;
    if (!first) all += ", ";
    all += value;
    first = false;
  }
  return all;
}

std::string_view take_part(std::string_view& list, char separator) {
  const std::size_t end = std::min(list.find(separator), list.size());
  const std::string_view part = list.substr(0, end);
  list.remove_prefix(std::min(end + 1, list.size()));
  const std::size_t begin = part.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return part.substr(begin, part.find_last_not_of(" \t") + 1 - begin);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

bool is_form(const HttpRequest& request) {
  std::string_view type = request.content_type;
  return lower_case(take_part(type, ';')) == "application/x-www-form-urlencoded";
}

}  // namespace trailsift::server
