#include "server/elastic_clauses.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "query/kql_bind.h"
#include "query/resolve.h"
#include "query/target.h"
#include "server/elastic_query.h"

namespace trailsift::server {
namespace {

namespace kql = query::kql;
using query::ParseOptions;
using query::Tree;
using Kind = RelaxedJson::Kind;

bool is_event_time(std::string_view field) {
  const auto target = query::resolve_field(field, {});
  return target && query::is_event_time(*target);
}

/// The bound as the everyday language writes it.
Checked<std::string> bound_text(const RelaxedJson& bound, bool of_time, std::string_view format,
                                const ParseOptions& options) {
  if (!bound.is_scalar()) return refuse_elastic("a text or a number", "range", bound);
  const bool digits = !bound.text.empty() &&
                      std::ranges::all_of(bound.text, [](char c) { return c >= '0' && c <= '9'; });
  if (!of_time || !(digits || format.starts_with("epoch_"))) return bound.text;
  const auto time = read_elastic_time(bound, format, options);
  if (!time) return tl::unexpected(time.error());
  return format_time(*time);
}

/// The parts of a pattern between its `*`; nullopt when it has a `?`, which stands for one
/// character.
std::optional<kql::Parts> parts_of(std::string_view pattern) {
  kql::Parts parts(1);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '?') return std::nullopt;
    if (pattern[i] == '*') {
      parts.emplace_back();
    } else {
      if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
      parts.back() += pattern[i];
    }
  }
  return parts;
}

/// A pattern as a regular expression for whole values.
std::string expression_of(std::string_view pattern) {
  std::string expression = "^(?s:";
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '*') {
      expression += ".*";
    } else if (pattern[i] == '?') {
      expression += '.';
    } else {
      if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
      if (std::string_view(R"(\.+*?()|[]{}^$/)").find(pattern[i]) != std::string_view::npos) {
        expression += '\\';
      }
      expression += pattern[i];
    }
  }
  return expression + ")$";
}

/// The first character that means something else in Lucene's regular expressions than here.
std::optional<char> foreign_character(std::string_view expression) {
  bool in_class = false;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const char c = expression[i];
    if (c == '\\') {
      ++i;
    } else if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
    } else if (std::string_view("~&@#<>\"^$").find(c) != std::string_view::npos) {
      return c;
    }
  }
  return std::nullopt;
}

}  // namespace

const RelaxedJson* find_member(const RelaxedJson& object, std::string_view key) {
  const auto found = std::ranges::find(object.members, key, &RelaxedMember::key);
  return found == object.members.end() ? nullptr : &found->value;
}

bool only_scores(std::string_view key) {
  constexpr std::array kKeys = {"boost",
                                "_name",
                                "analyze_wildcard",
                                "allow_leading_wildcard",
                                "lenient",
                                "rewrite",
                                "max_expansions",
                                "auto_generate_synonyms_phrase_query",
                                "zero_terms_query",
                                "tie_breaker",
                                "relation",
                                "max_determinized_states",
                                "flags",
                                "quote_field_suffix",
                                "fuzzy_transpositions",
                                "adjust_pure_negative"};
  return std::ranges::find(kKeys, key) != kKeys.end();
}

std::string_view ElasticFieldBody::option(std::string_view name) const {
  const RelaxedJson* const found = options == nullptr ? nullptr : find_member(*options, name);
  return found == nullptr ? std::string_view() : std::string_view(found->text);
}

Checked<ElasticFieldBody> read_field_body(const RelaxedJson& body, std::string_view clause,
                                          std::string_view key,
                                          std::span<const std::string_view> more) {
  const RelaxedMember* member = nullptr;
  for (const RelaxedMember& one : body.members) {
    if (only_scores(one.key)) continue;
    if (member != nullptr) return refuse_elastic("one field", clause, body);
    member = &one;
  }
  if (member == nullptr) return refuse_elastic("one field", clause, body);
  if (member->value.is_scalar()) return ElasticFieldBody{member->key, &member->value, nullptr};
  for (const auto& [name, value] : member->value.members) {
    const bool known = name == key || only_scores(name) ||
                       std::ranges::find(more, std::string_view(name)) != more.end();
    if (!known) return refuse_unsupported(name, clause, value.at);
  }
  const RelaxedJson* const value = find_member(member->value, key);
  if (value == nullptr || !value->is_scalar()) {
    return refuse_elastic("'" + std::string(key) + "'", clause, member->value);
  }
  return ElasticFieldBody{member->key, value, &member->value};
}

kql::Value text_value(const RelaxedJson& value) {
  return {kql::Value::Kind::text, {value.text}, value.at};
}

Checked<Tree> bind_condition(std::string_view field, kql::Relation relation, kql::Value value,
                             const ParseOptions& options) {
  const Span at = value.at;
  const kql::Name name{{std::string(elastic_field_name(field))}, at};
  auto tree = kql::bind(kql::Node(kql::Condition{name, relation, std::move(value)}, at), options);
  if (!tree) return refuse(std::move(tree.error()));
  return std::move(*tree);
}

Checked<Tree> read_term(const RelaxedJson& body, const ParseOptions& options) {
  constexpr std::array kMore = {std::string_view("case_insensitive")};
  const auto read = read_field_body(body, "term", "value", kMore);
  if (!read) return tl::unexpected(read.error());
  // Only so a field of addresses takes a network.
  const bool network = read->value->text.find('/') != std::string::npos;
  const bool loose = network || read->option("case_insensitive") == "true";
  return bind_condition(read->field, loose ? kql::Relation::is : kql::Relation::is_exactly,
                        text_value(*read->value), options);
}

Checked<Tree> read_terms(const RelaxedJson& body, const ParseOptions& options) {
  std::vector<Tree> any;
  std::size_t fields = 0;
  for (const auto& [field, values] : body.members) {
    if (only_scores(field)) continue;
    if (values.kind != Kind::array || ++fields > 1) {
      return refuse_elastic("one field with an array of values", "terms", values);
    }
    if (values.items.size() > query::kMaxQueryClauses) {
      return refuse(Error{ErrorCode::too_large,
                          "expected at most " + std::to_string(query::kMaxQueryClauses) +
                              " values in 'terms', got " + std::to_string(values.items.size()),
                          values.at},
                    "query");
    }
    for (const RelaxedJson& value : values.items) {
      if (!value.is_scalar()) return refuse_elastic("texts and numbers", "terms", value);
      auto tree = bind_condition(field, kql::Relation::is_exactly, text_value(value), options);
      if (!tree) return tree;
      any.push_back(std::move(*tree));
    }
  }
  if (fields == 0) return refuse_elastic("one field", "terms", body);
  if (any.empty()) return Tree{query::Nothing{}};
  Tree terms{query::AnyOf{std::move(any)}};
  terms.constant = true;
  return terms;
}

Checked<Tree> read_range(const RelaxedJson& body, const ParseOptions& options) {
  if (body.members.size() != 1 || body.members.front().value.kind != Kind::object) {
    return refuse_elastic("one field with an object of bounds", "range", body);
  }
  const auto& [field, bounds] = body.members.front();
  const std::string name(elastic_field_name(field));
  ParseOptions zoned = options;
  if (const RelaxedJson* const zone = find_member(bounds, "time_zone"); zone != nullptr) {
    auto found = query::TimeZone::find(zone->text);
    if (!found) return refuse(Error{found.error().code, found.error().message, zone->at}, "query");
    zoned.zone = std::move(*found);
  }
  const RelaxedJson* const format = find_member(bounds, "format");
  kql::Range range;
  range.name = kql::Name{{name}, bounds.at};
  for (const auto& [key, value] : bounds.members) {
    if (only_scores(key) || key == "format" || key == "time_zone") continue;
    const bool low = key == "gt" || key == "gte";
    if (!low && key != "lt" && key != "lte") return refuse_unsupported(key, "range", value.at);
    if (is_word(value, "null")) continue;
    auto text =
        bound_text(value, is_event_time(name), format == nullptr ? "" : format->text, options);
    if (!text) return tl::unexpected(std::move(text.error()));
    (low ? range.low : range.high) =
        kql::Range::Bound{{kql::Value::Kind::text, {std::move(*text)}, value.at}, key.size() == 3};
  }
  auto tree = kql::bind(kql::Node(std::move(range), bounds.at), zoned);
  if (!tree) return refuse(std::move(tree.error()), "query");
  return std::move(*tree);
}

Checked<Tree> read_wildcard(const RelaxedJson& body, const ParseOptions& options) {
  constexpr std::array kMore = {std::string_view("case_insensitive"), std::string_view("wildcard")};
  // `wildcard` is the older name of the value.
  const bool older =
      !body.members.empty() && find_member(body.members.front().value, "wildcard") != nullptr;
  const auto read = read_field_body(body, "wildcard", older ? "wildcard" : "value", kMore);
  if (!read) return tl::unexpected(read.error());
  const RelaxedJson& value = *read->value;
  const bool any_case = read->option("case_insensitive") == "true";
  const kql::Relation relation = any_case ? kql::Relation::is : kql::Relation::is_exactly;
  if (auto parts = parts_of(value.text)) {
    return bind_condition(read->field, relation,
                          {kql::Value::Kind::text, std::move(*parts), value.at}, options);
  }
  return bind_condition(read->field, relation,
                        {kql::Value::Kind::expression, {expression_of(value.text)}, value.at},
                        options);
}

Checked<Tree> read_prefix(const RelaxedJson& body, const ParseOptions& options) {
  constexpr std::array kMore = {std::string_view("case_insensitive")};
  const auto read = read_field_body(body, "prefix", "value", kMore);
  if (!read) return tl::unexpected(read.error());
  const bool any_case = read->option("case_insensitive") == "true";
  return bind_condition(read->field, any_case ? kql::Relation::is : kql::Relation::is_exactly,
                        {kql::Value::Kind::text, {read->value->text, ""}, read->value->at},
                        options);
}

Checked<Tree> read_regexp(const RelaxedJson& body, const ParseOptions& options) {
  constexpr std::array kMore = {std::string_view("case_insensitive")};
  const auto read = read_field_body(body, "regexp", "value", kMore);
  if (!read) return tl::unexpected(read.error());
  if (const auto foreign = foreign_character(read->value->text)) {
    return refuse_unsupported(std::string(1, *foreign), "regexp, but behind '\\',",
                              read->value->at);
  }
  const bool any_case = read->option("case_insensitive") == "true";
  return bind_condition(
      read->field, any_case ? kql::Relation::is : kql::Relation::is_exactly,
      {kql::Value::Kind::expression, {"^(?:" + read->value->text + ")$"}, read->value->at},
      options);
}

Checked<Tree> read_exists(const RelaxedJson& body, const ParseOptions& options) {
  const RelaxedJson* const field = find_member(body, "field");
  if (field == nullptr || !field->is_scalar()) return refuse_elastic("'field'", "exists", body);
  return bind_condition(field->text, kql::Relation::is, kql::any_value(field->at), options);
}

Checked<Tree> read_ids(const RelaxedJson& body, const ParseOptions& options) {
  const RelaxedJson* const values = find_member(body, "values");
  if (values == nullptr) return refuse_elastic("'values'", "ids", body);
  RelaxedJson terms{Kind::object, body.at, {}, {}, {}};
  terms.members.push_back({"event_id", *values});
  return read_terms(terms, options);
}

}  // namespace trailsift::server
