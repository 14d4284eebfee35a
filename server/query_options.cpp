#include "server/query_options.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "schema/number.h"
#include "server/facet_options.h"
#include "server/relaxed_json.h"
#include "server/search_reading.h"

namespace trailsift::server {
namespace {

using query::SimpleOperator;
using WeightedField = query::ParseOptions::WeightedField;

/// An option on its way into the ParseOptions.
struct Setting {
  const RelaxedJson& value;
  std::string_view parser;
  query::ParseOptions& options;
};

tl::unexpected<Refusal> wrong(const RelaxedJson& value, std::string_view wanted) {
  return refuse(Error{ErrorCode::bad_request,
                      "expected " + std::string(wanted) +
                          (value.is_scalar() ? ", got '" + value.text + "'" : ""),
                      value.at},
                "q.options");
}

std::optional<double> number_in(const RelaxedJson& value, double least, double most) {
  const auto number = parse_number<double>(value.text);
  const bool fits = value.is_scalar() && number && *number >= least && *number <= most;
  return fits ? number : std::nullopt;
}

Checked<void> read_default_operator(const Setting& setting) {
  const std::string_view text = setting.value.text;
  query::ParseOptions& parse = setting.options;
  if (setting.value.is_scalar() && (text == "and" || text == "or")) {
    parse.any_word = text == "or";
    return {};
  }
  if (setting.parser != "dismax") return wrong(setting.value, "'and' or 'or' as defaultOperator");
  RelaxedJson digits = setting.value;
  if (digits.text.ends_with('%')) digits.text.pop_back();
  const auto percentage = number_in(digits, 0, 100);
  if (!percentage || !text.ends_with('%')) {
    return wrong(setting.value, "'and', 'or' or a percentage from 0% to 100% as defaultOperator");
  }
  parse.word_percentage = static_cast<std::uint32_t>(*percentage);
  return {};
}

/// `name` or `name^weight`
Checked<std::vector<WeightedField>> read_fields(const RelaxedJson& list, std::string_view option) {
  if (list.kind != RelaxedJson::Kind::array || list.items.empty()) {
    return wrong(list, "an array of names for '" + std::string(option) + "'");
  }
  std::vector<WeightedField> fields;
  for (const RelaxedJson& item : list.items) {
    const std::string_view text = item.text;
    const std::size_t caret = std::min(text.find('^'), text.size());
    const auto field = find_named_field(text.substr(0, caret), "q.options");
    if (!field) return tl::unexpected(field.error());
    WeightedField one{index_of(**field)};
    if (caret < text.size()) {
      RelaxedJson weight = item;
      weight.text = text.substr(caret + 1);
      const auto number = number_in(weight, 0, 1e6);
      if (!number || *number <= 0) return wrong(item, "a weight above 0 such as title^2");
      one.weight = *number;
    }
    fields.push_back(one);
  }
  return fields;
}

Checked<void> read_default_fields(const Setting& setting) {
  const auto fields = read_fields(setting.value, "fields");
  if (!fields) return tl::unexpected(fields.error());
  for (const auto& [field, weight] : *fields) {
    setting.options.default_fields.push_back(field);
    setting.options.weights.push_back(weight);
  }
  return {};
}

/// By SimpleOperator.
constexpr std::array<std::string_view, 10> kOperators = {
    "and", "or", "not", "escape", "fuzzy", "near", "phrase", "precedence", "prefix", "whitespace"};
static_assert(kOperators.size() == query::SimpleOperators().size());

Checked<void> read_operators(const Setting& setting) {
  if (setting.value.kind != RelaxedJson::Kind::array) {
    return wrong(setting.value, "an array of names for 'operators'");
  }
  for (const RelaxedJson& item : setting.value.items) {
    const auto* const found = std::ranges::find(kOperators, item.text);
    if (found == kOperators.end()) {
      return wrong(item,
                   "and, escape, fuzzy, near, not, or, phrase, precedence, prefix or whitespace");
    }
    setting.options.disabled.set(static_cast<std::size_t>(found - kOperators.begin()));
  }
  return {};
}

/// Fields whose words stand near to each other in better hits; they decide nothing else.
Checked<void> read_phrase_fields(const Setting& setting) {
  auto fields = read_fields(setting.value, "phraseFields");
  if (!fields) return tl::unexpected(fields.error());
  // A phrase on another field would be its whole value.
  std::erase_if(*fields, [](const WeightedField& one) {
    return field_at(one.field).type != FieldType::text;
  });
  setting.options.phrase_fields = std::move(*fields);
  return {};
}

Checked<std::uint32_t> read_words(const Setting& setting, std::string_view option) {
  const auto words = number_in(setting.value, 0, 1e6);
  if (!words || std::floor(*words) != *words) {
    return wrong(setting.value, "a number of words for '" + std::string(option) + "'");
  }
  return static_cast<std::uint32_t>(*words);
}

Checked<void> read_phrase_slop(const Setting& setting) {
  const auto words = read_words(setting, "phraseSlop");
  if (!words) return tl::unexpected(words.error());
  setting.options.phrase_fields_slop = *words;
  return {};
}

Checked<void> read_explicit_slop(const Setting& setting) {
  const auto words = read_words(setting, "explicitPhraseSlop");
  if (!words) return tl::unexpected(words.error());
  setting.options.phrase_slop = *words;
  return {};
}

Checked<void> read_tie_breaker(const Setting& setting) {
  const auto share = number_in(setting.value, 0, 1);
  if (!share) return wrong(setting.value, "a number from 0.0 to 1.0 for 'tieBreaker'");
  setting.options.tie = *share;
  return {};
}

struct Option {
  std::string_view name;
  std::string_view only_of;  ///< The one parser that has it; empty: all.
  Checked<void> (*read)(const Setting&);
};

constexpr std::array kOptions = {
    Option{"defaultOperator", "", read_default_operator},
    Option{"fields", "", read_default_fields},
    Option{"operators", "simple", read_operators},
    Option{"phraseFields", "dismax", read_phrase_fields},
    Option{"phraseSlop", "dismax", read_phrase_slop},
    Option{"explicitPhraseSlop", "dismax", read_explicit_slop},
    Option{"tieBreaker", "dismax", read_tie_breaker},
};

std::string options_of(std::string_view parser) {
  std::string names;
  for (const Option& option : kOptions) {
    if (!option.only_of.empty() && option.only_of != parser) continue;
    names += (names.empty() ? "" : ", ") + std::string(option.name);
  }
  return names;
}

}  // namespace

Checked<query::ParseOptions> parse_query_options(const std::string& text, std::string_view parser) {
  const auto parsed = parse_relaxed_json(text);
  if (!parsed) return refuse(parsed.error(), "q.options");
  if (parsed->kind != RelaxedJson::Kind::object) {
    return bad_value("q.options", "an object such as {defaultOperator: 'or'}", text);
  }
  query::ParseOptions options;
  for (const auto& [key, value] : parsed->members) {
    const auto* const option = std::ranges::find(kOptions, key, &Option::name);
    const bool known =
        option != kOptions.end() && (option->only_of.empty() || option->only_of == parser);
    if (!known) {
      return bad_value("q.options",
                       "one of the options of '" + std::string(parser) + "', which are " +
                           options_of(parser) + ",",
                       key);
    }
    if (auto read = option->read({value, parser, options}); !read) {
      return tl::unexpected(read.error());
    }
  }
  return options;
}

}  // namespace trailsift::server
