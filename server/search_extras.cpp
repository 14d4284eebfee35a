#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "query/number_stats.h"
#include "schema/number.h"
#include "server/facet_options.h"
#include "server/relaxed_json.h"
#include "server/search_reading.h"

namespace trailsift::server {
namespace {

constexpr std::size_t kMaxTagBytes = 1000;

tl::unexpected<Refusal> wrong(const RelaxedJson& value, std::string_view wanted,
                              const std::string& parameter) {
  return refuse(Error{ErrorCode::bad_request,
                      "expected " + std::string(wanted) +
                          (value.is_scalar() ? ", got '" + value.text + "'" : ""),
                      value.at},
                parameter);
}

tl::unexpected<Refusal> asked_twice(std::string_view what, const std::string& field,
                                    const std::string& parameter) {
  return refuse(ErrorCode::bad_request,
                std::string(what) + " '" + field + "' is asked for more than once", parameter);
}

Checked<void> read_object(SearchCall& call, const Parameter& parameter, AddField add) {
  const auto options = parse_relaxed_json(parameter.value);
  if (!options) return refuse(options.error(), parameter.name);
  if (options->kind != RelaxedJson::Kind::object) {
    return bad_value(parameter.name, "an object such as {event_name: {size: 5}}", parameter.value);
  }
  for (const auto& [field, value] : options->members) {
    if (auto ok = add(call, field, value, parameter.name); !ok) return ok;
  }
  return {};
}

Checked<void> add_stats(SearchCall& call, const std::string& name, const RelaxedJson& options,
                        const std::string& parameter) {
  if (std::ranges::find(call.stats_labels, name) != call.stats_labels.end()) {
    return asked_twice("stats", name, parameter);
  }
  if (options.kind != RelaxedJson::Kind::object || !options.members.empty()) {
    return wrong(options, "{}, as stats have no options", parameter);
  }
  const auto field = find_column(name, "facet", parameter);
  if (!field) return tl::unexpected(field.error());
  const FieldIndex index = index_of(**field);
  if (auto fits = query::check_stats(index); !fits) return refuse(fits.error(), parameter);
  call.request.stats.push_back(index);
  call.stats_labels.push_back(name);
  return {};
}

/// The tags of a format stand unless others are given.
Checked<void> read_format(const RelaxedJson& options, const std::string& parameter,
                          query::HighlightStyle& style) {
  for (const auto& [key, value] : options.members) {
    if (key != "format") continue;
    if (!value.is_scalar() || (value.text != "html" && value.text != "text")) {
      return wrong(value, "'html' or 'text' as format", parameter);
    }
    style.html = value.text == "html";
    if (!style.html) style.before = style.after = "*";
  }
  return {};
}

Checked<void> read_style_option(const RelaxedMember& member, const std::string& parameter,
                                query::HighlightStyle& style) {
  const auto& [key, value] = member;
  if (key == "format") return {};
  if (key == "max_phrases") {
    constexpr std::size_t kMost = 5;
    const auto number = parse_number<std::size_t>(value.text);
    if (!value.is_scalar() || !number || *number < 1 || *number > kMost) {
      return wrong(value, "a number from 1 to 5 as max_phrases", parameter);
    }
    style.max_phrases = *number;
    return {};
  }
  if (key != "pre_tag" && key != "post_tag") {
    return bad_value(parameter, "one of the options format, max_phrases, pre_tag, post_tag", key);
  }
  if (!value.is_scalar() || value.text.size() > kMaxTagBytes) {
    return wrong(value, "a text of at most 1000 bytes as " + key, parameter);
  }
  (key == "pre_tag" ? style.before : style.after) = value.text;
  return {};
}

Checked<void> add_highlight(SearchCall& call, const std::string& name, const RelaxedJson& options,
                            const std::string& parameter) {
  if (std::ranges::find(call.highlights, name, &HighlightedField::label) != call.highlights.end()) {
    return asked_twice("highlight", name, parameter);
  }
  const auto field = find_named_field(name, parameter);
  if (!field) return tl::unexpected(field.error());
  if ((*field)->type != FieldType::text) {
    return refuse(ErrorCode::bad_request, "field (" + name + ") is not highlight enabled",
                  parameter);
  }
  if (options.kind != RelaxedJson::Kind::object) {
    return wrong(options, "an object such as {} or {format: 'text'}", parameter);
  }
  HighlightedField highlight{name, index_of(**field), {}};
  if (auto ok = read_format(options, parameter, highlight.style); !ok) return ok;
  for (const RelaxedMember& member : options.members) {
    if (auto ok = read_style_option(member, parameter, highlight.style); !ok) return ok;
  }
  call.highlights.push_back(std::move(highlight));
  return {};
}

bool may_name_expression(std::string_view name) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
  return !name.empty() && name.size() <= 64 && kLetters.find(name.front()) != std::string::npos &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos &&
         name != "score";
}

Checked<void> add_expression(SearchCall& call, const std::string& name, const RelaxedJson& text,
                             const std::string& parameter) {
  if (!may_name_expression(name)) {
    return bad_value(parameter,
                     "a name of 1 to 64 letters a-z, digits and '_', a letter first, not 'score',",
                     name);
  }
  if (!text.is_scalar()) return wrong(text, "a text as expression", parameter);
  if (find_expression(call, name)) return asked_twice("expression", name, parameter);
  call.expressions.push_back({name, text.text});
  return {};
}

}  // namespace

Checked<void> read_by_field(Reading& reading, std::string_view name, AddField add) {
  const std::string one = std::string(name) + ".";
  for (const Parameter& parameter : reading.parameters.all()) {
    if (parameter.name == name && !parameter.value.empty()) {
      if (auto ok = read_object(reading.call, parameter, add); !ok) return ok;
    } else if (parameter.name.starts_with(one)) {
      // `facet.FIELD=` is how some clients write `{}`.
      const auto options = parse_relaxed_json(parameter.value.empty() ? "{}" : parameter.value);
      if (!options) return refuse(options.error(), parameter.name);
      const std::string field = parameter.name.substr(one.size());
      if (auto ok = add(reading.call, field, *options, parameter.name); !ok) return ok;
    }
  }
  return {};
}

Checked<void> read_expressions(Reading& reading) {
  SearchCall& call = reading.call;
  constexpr std::string_view kOne = "expr.";
  std::vector<std::string> parameters;
  for (const Parameter& parameter : reading.parameters.all()) {
    Checked<void> read;
    if (parameter.name == "expr" && !parameter.value.empty()) {
      read = read_object(call, parameter, add_expression);
    } else if (parameter.name.starts_with(kOne)) {
      RelaxedJson text;
      text.text = parameter.value;
      read = add_expression(call, parameter.name.substr(kOne.size()), text, parameter.name);
    }
    if (!read) return read;
    parameters.resize(call.expressions.size(), parameter.name);
  }
  std::size_t wrong = 0;
  auto compiled = query::compile_expressions(call.expressions, reading.now, &wrong);
  if (!compiled) {
    Error error = std::move(compiled.error());
    const bool named = wrong < call.expressions.size();
    if (named) {
      error.message =
          "cannot read expression '" + call.expressions[wrong].name + "': " + error.message;
    }
    error.code = error.code == ErrorCode::bad_query ? ErrorCode::bad_request : error.code;
    return refuse(std::move(error), named ? parameters[wrong] : "expr");
  }
  for (query::Expression& expression : *compiled) {
    call.compiled.push_back(std::make_shared<const query::Expression>(std::move(expression)));
  }
  return {};
}

std::optional<std::size_t> find_expression(const SearchCall& call, std::string_view name) {
  const auto found = std::ranges::find(call.expressions, name, &query::NamedExpression::name);
  if (found == call.expressions.end()) return std::nullopt;
  return static_cast<std::size_t>(found - call.expressions.begin());
}

Checked<void> read_stats(Reading& reading) {
  return read_by_field(reading, "stats", add_stats);
}

Checked<void> read_highlights(Reading& reading) {
  if (auto read = read_by_field(reading, "highlight", add_highlight); !read) return read;
  SearchCall& call = reading.call;
  const bool subtree = std::ranges::any_of(call.highlights, [](const HighlightedField& one) {
    return field_at(one.field).origin == Origin::subtree;
  });
  if (subtree) call.request.parts = query::HitParts::values_and_json;
  return {};
}

}  // namespace trailsift::server
