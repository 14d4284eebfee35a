#include "indexer/quoted.h"

#include "schema/utf8.h"

namespace trailsift::indexer {
namespace {

constexpr std::string_view kMore = "…";

}  // namespace

std::string quoted(std::string_view text, std::size_t max_bytes) {
  const std::string_view shown = beginning_of(text, max_bytes);
  std::string out = "'" + without_controls(to_utf8(shown));
  if (shown.size() < text.size()) out += kMore;
  return out + "'";
}

std::string shortened(std::string_view text, std::size_t most) {
  std::string valid = to_utf8(text.substr(0, most + 1));
  if (valid.size() > most) {
    valid.resize(beginning_of(valid, most - kMore.size()).size());
    valid += kMore;
  }
  return valid;
}

}  // namespace trailsift::indexer
