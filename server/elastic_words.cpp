#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "query/kql_bind.h"
#include "query/resolve.h"
#include "query/score_plan.h"
#include "query/syntax.h"
#include "query/target.h"
#include "schema/number.h"
#include "schema/words.h"
#include "server/elastic_clauses.h"
#include "server/elastic_query.h"

namespace trailsift::server {
namespace {

namespace kql = query::kql;
using query::ParseOptions;
using query::Tree;
using Kind = RelaxedJson::Kind;

bool is_text_field(std::string_view name) {
  const auto target = query::resolve_field(elastic_field_name(name), {});
  return target && query::is_of_type(*target, FieldType::text);
}

std::vector<std::string> split_at_spaces(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n", i);
    if (begin == std::string_view::npos) break;
    i = std::min(text.find_first_of(" \t\r\n", begin), text.size());
    words.emplace_back(text.substr(begin, i - begin));
  }
  return words;
}

/// Text in a field: of a text field its words, any of them or all; of another one the whole value.
Checked<Tree> match_field(std::string_view field, const RelaxedJson& text, bool every,
                          const ParseOptions& options) {
  if (!is_text_field(field)) {
    return bind_condition(field, kql::Relation::is_exactly, text_value(text), options);
  }
  const auto words = split_at_spaces(text.text);
  if (words.empty()) return Tree{query::Nothing{}};
  if (words.size() > query::kMaxQueryClauses) {
    return refuse(Error{ErrorCode::too_large,
                        "expected at most " + std::to_string(query::kMaxQueryClauses) + " words",
                        text.at});
  }
  std::vector<Tree> children;
  for (const std::string& word : words) {
    auto tree = bind_condition(field, kql::Relation::is, {kql::Value::Kind::text, {word}, text.at},
                               options);
    if (!tree) return tree;
    children.push_back(std::move(*tree));
  }
  if (every) return Tree{query::AllOf{std::move(children)}};
  return Tree{query::AnyOf{std::move(children)}};
}

/// "and" or "or", in any case; "or" when it is not there.
Checked<bool> asks_for_every(const RelaxedJson* op) {
  if (op == nullptr || op->text == "or" || op->text == "OR") return false;
  if (op->text == "and" || op->text == "AND") return true;
  return refuse_elastic("'and' or 'or'", "operator", *op);
}

/// The names in `fields`, with what stands behind "^" as weights; `*` alone is every field.
struct WeightedName {
  std::string name;
  double weight = 1;
};
Checked<std::vector<WeightedName>> read_field_names(const RelaxedJson& list) {
  if (list.kind != Kind::array) return refuse_elastic("an array of names", "fields", list);
  std::vector<WeightedName> names;
  for (const RelaxedJson& item : list.items) {
    if (!item.is_scalar()) return refuse_elastic("names", "fields", item);
    const std::size_t caret = std::min(item.text.find('^'), item.text.size());
    WeightedName named{item.text.substr(0, caret)};
    if (caret < item.text.size()) {
      const auto weight = parse_number<double>(std::string_view(item.text).substr(caret + 1));
      if (!weight || *weight <= 0) return refuse_elastic("a weight above 0", "fields", item);
      named.weight = std::min(*weight, query::kMaxBoost);
    }
    names.push_back(std::move(named));
  }
  return names;
}

Checked<void> read_default_fields(const RelaxedJson& list, ParseOptions& options) {
  const auto names = read_field_names(list);
  if (!names) return tl::unexpected(names.error());
  for (const auto& [name, weight] : *names) {
    if (name == "*") continue;
    const auto target = query::resolve_field(elastic_field_name(name), list.at);
    if (!target) return refuse(target.error());
    const auto* const field = std::get_if<FieldIndex>(&*target);
    if (field == nullptr) return refuse_unsupported(name, "fields", list.at);
    options.default_fields.push_back(*field);
    options.weights.push_back(weight);
  }
  return {};
}

/// A clause whose `query` is text in one of the languages that others have as well.
Checked<Tree> read_text_query(const RelaxedJson& body, const ParseOptions& options,
                              std::string_view clause, std::string_view syntax) {
  ParseOptions own = options;
  const RelaxedJson* text = nullptr;
  for (const auto& [key, value] : body.members) {
    if (only_scores(key)) continue;
    if (key == "query" && value.is_scalar()) {
      text = &value;
    } else if (key == "default_operator") {
      const auto every = asks_for_every(&value);
      if (!every) return tl::unexpected(every.error());
      own.any_word = !*every;
    } else if (key == "default_field" && value.is_scalar()) {
      if (value.text == "*") continue;
      const RelaxedJson list{Kind::array, value.at, {}, {value}, {}};
      if (auto read = read_default_fields(list, own); !read) return tl::unexpected(read.error());
    } else if (key == "fields") {
      if (auto read = read_default_fields(value, own); !read) return tl::unexpected(read.error());
    } else {
      return refuse_unsupported(key, clause, value.at);
    }
  }
  if (text == nullptr) return refuse_elastic("'query'", clause, body);
  const auto words = split_at_spaces(text->text);
  if (words.empty() || (words.size() == 1 && words.front() == "*")) {
    return Tree{query::Everything{}};
  }
  auto tree = query::find_syntax(syntax)->parse(text->text, own);
  if (!tree) return refuse(Error{tree.error().code, tree.error().message, text->at});
  return std::move(*tree);
}

}  // namespace

Checked<Tree> read_match(const RelaxedJson& body, const ParseOptions& options) {
  constexpr std::array kMore = {std::string_view("operator")};
  const auto read = read_field_body(body, "match", "query", kMore);
  if (!read) return tl::unexpected(read.error());
  const auto every =
      asks_for_every(read->options == nullptr ? nullptr : find_member(*read->options, "operator"));
  if (!every) return tl::unexpected(every.error());
  return match_field(read->field, *read->value, *every, options);
}

Checked<Tree> read_match_phrase(const RelaxedJson& body, const ParseOptions& options) {
  const auto read = read_field_body(body, "match_phrase", "query");
  if (!read) return tl::unexpected(read.error());
  const bool text = is_text_field(read->field);
  return bind_condition(read->field, text ? kql::Relation::is : kql::Relation::is_exactly,
                        text_value(*read->value), options);
}

Checked<Tree> read_multi_match(const RelaxedJson& body, const ParseOptions& options) {
  const RelaxedJson* text = nullptr;
  std::vector<WeightedName> fields = {{"raw"}};
  bool phrase = false;
  for (const auto& [key, value] : body.members) {
    if (only_scores(key) || (key == "type" && value.text == "best_fields")) continue;
    if (key == "query" && value.is_scalar()) {
      text = &value;
    } else if (key == "type" && value.text == "phrase") {
      phrase = true;
    } else if (key == "fields") {
      auto names = read_field_names(value);
      if (!names) return tl::unexpected(names.error());
      if (!names->empty()) fields = std::move(*names);
    } else {
      return refuse_unsupported(key, "multi_match", value.at);
    }
  }
  if (text == nullptr) return refuse_elastic("'query'", "multi_match", body);
  std::vector<Tree> any;
  for (const auto& [field, weight] : fields) {
    const std::string_view name = field == "*" ? "raw" : std::string_view(field);
    auto tree = phrase ? bind_condition(name, kql::Relation::is, text_value(*text), options)
                       : match_field(name, *text, false, options);
    if (!tree) return tree;
    tree->boost *= weight;
    any.push_back(std::move(*tree));
  }
  return Tree{query::AnyOf{std::move(any), 0}};  // The best field counts.
}

Checked<Tree> read_query_string(const RelaxedJson& body, const ParseOptions& options) {
  ParseOptions any = options;
  any.any_word = true;
  return read_text_query(body, any, "query_string", "lucene");
}

Checked<Tree> read_simple_query_string(const RelaxedJson& body, const ParseOptions& options) {
  ParseOptions any = options;
  any.any_word = true;
  return read_text_query(body, any, "simple_query_string", "simple");
}

}  // namespace trailsift::server
