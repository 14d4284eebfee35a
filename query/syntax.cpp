#include "query/syntax.h"

#include <algorithm>
#include <array>

namespace trailsift::query {
namespace {

constexpr std::array kSyntaxes = {
    Syntax{"structured", "CloudSearch structured: (and event_name:'X' (not actor:'y'))",
           parse_structured, outline_structured},
};

}  // namespace

std::span<const Syntax> syntaxes() {
  return kSyntaxes;
}

const Syntax* find_syntax(std::string_view name) {
  const auto* const found = std::ranges::find(kSyntaxes, name, &Syntax::name);
  return found == kSyntaxes.end() ? nullptr : found;
}

}  // namespace trailsift::query
