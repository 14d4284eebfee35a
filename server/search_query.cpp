#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/parse.h"
#include "query/syntax.h"
#include "server/query_options.h"
#include "server/search_reading.h"

namespace trailsift::server {
namespace {

/// Without the double quotes that the guide's `q.parser="structured"` has.
std::string unquoted(const std::string& text) {
  const bool quoted = text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

/// The language of `q`: CloudSearch's default where none is named.
Checked<const query::Syntax*> find_parser(const Reading& reading) {
  const std::string* text = reading.parameters.find_nonempty("q.parser");
  const query::Syntax* const syntax =
      query::find_syntax(text == nullptr ? "simple" : unquoted(*text));
  if (syntax != nullptr) return syntax;
  std::string names;
  for (const query::Syntax& known : query::syntaxes()) {
    names += (names.empty() ? "" : ", ") + std::string(known.name);
  }
  return bad_value("q.parser", "one of " + names, *text);
}

/// The condition that `q` is, if there is one; `scored`: as what hits are scored by. What is said
/// about it is checked in any case.
Checked<std::optional<query::Tree>> read_main_query(const Reading& reading, bool scored) {
  const auto syntax = find_parser(reading);
  if (!syntax) return tl::unexpected(syntax.error());
  query::ParseOptions options;
  if (const std::string* text = reading.parameters.find_nonempty("q.options")) {
    auto read = parse_query_options(*text, (*syntax)->name);
    if (!read) return tl::unexpected(read.error());
    options = std::move(*read);
  }
  const std::string* const q = reading.parameters.find_nonempty("q");
  if (q == nullptr) return std::nullopt;
  options.now = reading.now;
  options.scored = scored;
  auto tree = (*syntax)->parse(*q, options);
  if (!tree) return refuse(tree.error(), "q");
  return std::move(*tree);
}

}  // namespace

Checked<void> read_query(Reading& reading) {
  const std::string* q = reading.parameters.find_nonempty("q");
  const std::string* fq = reading.parameters.find_nonempty("fq");
  if (q == nullptr && fq == nullptr) {
    return refuse(ErrorCode::bad_request, "Missing required parameter 'q'.", "q");
  }
  auto main = read_main_query(reading, false);
  if (!main) return tl::unexpected(main.error());
  std::vector<query::Tree> conditions;
  if (*main) {
    reading.call.main_query = clone(**main);
    conditions.push_back(std::move(**main));
  }
  if (fq != nullptr) {
    auto tree = query::parse_structured(*fq);
    if (!tree) return refuse(tree.error(), "fq");
    conditions.push_back(std::move(*tree));
  }
  reading.call.request.query = conditions.size() == 1
                                   ? std::move(conditions.front())
                                   : query::Tree{query::AllOf{std::move(conditions)}};
  return {};
}

/// Where it is not asked for, nothing is scored.
Checked<void> read_score(Reading& reading) {
  SearchCall& call = reading.call;
  const bool by_score =
      std::ranges::any_of(call.request.computed_sort,
                          [](const query::ComputedKey& key) { return key.expression == nullptr; });
  const bool in_expression = std::ranges::any_of(call.compiled, [](const auto& expression) {
    return expression->has_operand(query::Expression::Operand::Kind::score);
  });
  if (!call.with_score && !by_score && !in_expression) return {};
  auto tree = read_main_query(reading, true);
  if (!tree) return tl::unexpected(tree.error());
  // fq selects and counts for nothing.
  call.request.scored = *tree ? std::move(**tree) : query::Tree{query::Everything{}};
  return {};
}

}  // namespace trailsift::server
