#include "query/syntax.h"

#include <algorithm>
#include <array>

namespace trailsift::query {
namespace {

constexpr std::array kSyntaxes = {
    Syntax{"kql", "the everyday language, as in Kibana: event_name:Create* and not actor:alice",
           parse_kql, outline_kql},
    Syntax{"structured", "CloudSearch structured: (and event_name:'X' (not actor:'y'))",
           parse_structured, outline_structured},
    Syntax{"simple", "CloudSearch simple: AccessDenied -role* \"not authorized\" | alice",
           parse_simple, outline_simple},
    Syntax{"lucene", "Lucene: event_name:Create* AND NOT error_code:[* TO *]", parse_lucene,
           outline_lucene},
    Syntax{"dismax", "CloudSearch dismax: words, +needed, -unwanted, \"a phrase\"", parse_dismax,
           outline_dismax},
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
