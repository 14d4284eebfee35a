#include "query/parse.h"

#include <utility>

#include "query/bind.h"
#include "query/kql_bind.h"
#include "query/kql_parser.h"
#include "query/parser.h"
#include "query/simplify.h"
#include "query/word_parsers.h"

namespace trailsift::query {

namespace {

Result<Tree> finish(Result<Tree> tree, const ParseOptions& options) {
  // What can be left out without a loss for the answer may count for the score.
  if (!tree || options.scored) return tree;
  return simplify(std::move(*tree));
}

/// The words of a query that has none of them ask for nothing, which nothing answers.
Result<Tree> finish(const Result<std::optional<Node>>& syntax, const ParseOptions& options) {
  if (!syntax) return tl::unexpected(syntax.error());
  if (!*syntax) return Tree{Nothing{}};
  return finish(bind(**syntax, options), options);
}

}  // namespace

Result<Tree> parse_structured(std::string_view text, const ParseOptions& options) {
  const auto syntax = parse_syntax(text);
  if (!syntax) return tl::unexpected(syntax.error());
  return finish(bind(*syntax, options), options);
}

Result<Tree> parse_kql(std::string_view text, const ParseOptions& options) {
  const auto syntax = kql::parse_syntax(text);
  if (!syntax) return tl::unexpected(syntax.error());
  return finish(kql::bind(*syntax, options), options);
}

Result<Tree> parse_simple(std::string_view text, const ParseOptions& options) {
  return finish(parse_simple_syntax(text, options), options);
}

Result<Tree> parse_lucene(std::string_view text, const ParseOptions& options) {
  return finish(parse_lucene_syntax(text, options), options);
}

Result<Tree> parse_dismax(std::string_view text, const ParseOptions& options) {
  return finish(parse_dismax_syntax(text, options), options);
}

}  // namespace trailsift::query
