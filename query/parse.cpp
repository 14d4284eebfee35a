#include "query/parse.h"

#include "query/bind.h"
#include "query/kql_bind.h"
#include "query/kql_parser.h"
#include "query/parser.h"
#include "query/simplify.h"

namespace trailsift::query {

Result<Tree> parse_structured(std::string_view text, const ParseOptions& options) {
  const auto syntax = parse_syntax(text);
  if (!syntax) return tl::unexpected(syntax.error());
  auto tree = bind(*syntax, options);
  if (!tree) return tree;
  return simplify(std::move(*tree));
}

Result<Tree> parse_kql(std::string_view text, const ParseOptions& options) {
  const auto syntax = kql::parse_syntax(text);
  if (!syntax) return tl::unexpected(syntax.error());
  auto tree = kql::bind(*syntax, options);
  if (!tree) return tree;
  return simplify(std::move(*tree));
}

}  // namespace trailsift::query
