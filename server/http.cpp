#include "server/http.h"

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

bool is_form(const HttpRequest& request) {
  constexpr std::string_view kForm = "application/x-www-form-urlencoded";
  const std::string_view type = request.content_type;
  if (type.size() < kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const char c = type[i];
    if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != kForm[i]) return false;
  }
  return type.size() == kForm.size() || type[kForm.size()] == ';' || type[kForm.size()] == ' ';
}

}  // namespace trailsift::server
