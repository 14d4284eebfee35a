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

}  // namespace trailsift::server
