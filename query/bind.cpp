#include "query/bind.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "query/binding.h"
#include "query/overloaded.h"
#include "query/quote.h"
#include "query/resolve.h"
#include "query/score_plan.h"
#include "query/target.h"
#include "schema/number.h"

namespace trailsift::query {
namespace {

constexpr std::chrono::milliseconds kTick{1};  // The resolution of event_time.

bool is_text(const Target& target) {
  return is_of_type(target, FieldType::text);
}

std::string_view op_name(const Condition& condition) {
  return name(condition.op);
}

/// "expected X for Y, got Z", pointing at the value.
tl::unexpected<Error> wrong_value(std::string_view wanted, const Target& target,
                                  const Scalar& value) {
  const std::string got = value.quoted ? in_quotes(value.text) : shortened(value.text);
  return fail(ErrorCode::bad_query,
              "expected " + std::string(wanted) + " for " + describe(target) + ", got " + got,
              value.at);
}

/// How a value of a type has to be written.
std::string_view expected_form(FieldType type, bool loose = false) {
  switch (type) {
    case FieldType::time: return "a time such as '2021-07-29T23:53:26Z'";
    case FieldType::boolean: return "'true' or 'false'";
    case FieldType::integer:
      return loose ? "a whole number of 64 bits" : "a whole number of 64 bits without quotes";
    case FieldType::keyword:
    case FieldType::text:
    case FieldType::ip: break;
  }
  return "text";
}

/// The value in the canonical form of what it is compared with. A number stands for its digits
/// where text is wanted, but text never stands for a number.
Result<std::string> value_for(const Target& target, const Scalar& value) {
  const Field* const field = field_of(target);
  if (field == nullptr) return value.text;
  const FieldType type = field->type;
  const bool quoted_number = type == FieldType::integer && value.quoted && !value.loose;
  auto canonical = quoted_number ? std::nullopt : canonical_value(type, value.text);
  if (!canonical) return wrong_value(expected_form(type, value.loose), target, value);
  return std::move(*canonical);
}

Result<Timestamp> time_for(const Target& target, const Scalar& value) {
  auto time = parse_time(value.text);
  if (time) return time;
  return wrong_value(expected_form(FieldType::time), target, value);
}

/// event_time has a resolution, so every kind of bound can be turned into [from, to).
Result<Tree> bind_time_range(const Target& target, const Range& range) {
  InTime time;
  if (range.low) {
    const auto low = time_for(target, range.low->value);
    if (!low) return tl::unexpected(low.error());
    time.from = range.low->inclusive ? *low : *low + kTick;
  }
  if (range.high) {
    const auto high = time_for(target, range.high->value);
    if (!high) return tl::unexpected(high.error());
    time.to = range.high->inclusive ? *high + kTick : *high;
  }
  return Tree{time};
}

Result<std::optional<Between::Bound>> bound_for(const Target& target,
                                                const std::optional<Range::Bound>& bound) {
  if (!bound) return std::nullopt;
  auto value = value_for(target, bound->value);
  if (!value) return tl::unexpected(value.error());
  return Between::Bound{std::move(*value), bound->inclusive};
}

Result<Tree> bind_range(const Target& target, const Range& range, Span field_at_span) {
  if (is_event_time(target)) return bind_time_range(target, range);
  if (const Field* field = field_of(target); field != nullptr && !field->column) {
    return fail(ErrorCode::bad_query,
                "expected a field that has an order for a range, got " + describe(target),
                field_at_span);
  }
  auto low = bound_for(target, range.low);
  if (!low) return tl::unexpected(low.error());
  auto high = bound_for(target, range.high);
  if (!high) return tl::unexpected(high.error());
  return Tree{Between{target, std::move(*low), std::move(*high)}};
}

Result<Tree> bind_equals(const Target& target, const Scalar& value) {
  if (is_event_time(target)) {
    const auto time = time_for(target, value);
    if (!time) return tl::unexpected(time.error());
    return Tree{InTime{*time, *time + kTick}};
  }
  auto canonical = value_for(target, value);
  if (!canonical) return tl::unexpected(canonical.error());
  return Tree{Equals{target, std::move(*canonical)}};
}

/// `at` is where the target was named.
Result<void> expect_texts(const Target& target, std::string_view operator_name, Span at) {
  if (has_texts(target)) return {};
  return fail(ErrorCode::bad_query,
              "expected a keyword, ip or text field for '" + std::string(operator_name) +
                  "', got " + describe(target),
              at);
}

/// Gives one query its meaning; counts the conditions it makes.
class Binder {
 public:
  explicit Binder(const ParseOptions& options)
      : options_(options), default_fields_(query::default_fields(options)) {}

  /// `scope` is the field that an enclosing group gives to conditions without one, or nullptr.
  Binding bind(const Node& node, const FieldName* scope);

 private:
  Binding bind_group(const Group& group, const FieldName* scope);
  Binding bind_condition(const Condition& condition, const FieldName* scope, Span at);
  Binding bind_default(const Condition& condition, Span at);
  Binding bind_to(const Target& target, const Condition& condition, Span at);
  Binding bind_term(const Target& target, const Scalar& value);
  Binding bind_prefix(const Target& target, const Scalar& value, Span at);
  Binding bind_wildcard(const Target& target, const Scalar& value, Span at);
  Binding bind_pieces(const Target& target, const Condition& condition, Span at);
  Binding bind_fuzzy(const Target& target, const Condition& condition, Span at);
  Result<void> count(std::size_t conditions, std::size_t pieces, Span at);

  Binding boosted(Binding bound, const std::optional<std::string>& boost) const;

  const ParseOptions& options_;
  const std::vector<FieldIndex> default_fields_;
  std::size_t conditions_ = 0;
};

Result<void> Binder::count(std::size_t conditions, std::size_t pieces, Span at) {
  const std::string limit = "expected at most " + std::to_string(kMaxQueryClauses);
  conditions_ += conditions;
  if (conditions_ > kMaxQueryClauses) {
    return fail(ErrorCode::too_large, limit + " conditions, each word being one, got more", at);
  }
  if (pieces > kMaxQueryClauses) {
    return fail(ErrorCode::too_large, limit + " words in one string, got " + std::to_string(pieces),
                at);
  }
  return {};
}

Binding Binder::bind(const Node& node, const FieldName* scope) {
  return std::visit(
      Overloaded{
          [](const MatchAll&) -> Binding { return Tree{Everything{}}; },
          [&](const Condition& condition) {
            return boosted(bind_condition(condition, scope, node.at), condition.boost);
          },
          [&](const Group& group) { return boosted(bind_group(group, scope), group.boost); },
      },
      node.kind);
}

Binding Binder::boosted(Binding bound, const std::optional<std::string>& boost) const {
  if (!options_.scored || !boost || !bound || !*bound) return bound;
  (*bound)->boost *= std::min(parse_number<double>(*boost).value_or(1), kMaxBoost);
  return bound;
}

Binding Binder::bind_group(const Group& group, const FieldName* scope) {
  if (group.field) {
    // An unknown field is a mistake even when no condition inside uses it.
    if (auto known = resolve_field(group.field->name, group.field->at); !known) {
      return tl::unexpected(known.error());
    }
    scope = &*group.field;
  }
  return bind_children(group, [&](const Node& child) { return bind(child, scope); });
}

Binding Binder::bind_condition(const Condition& condition, const FieldName* scope, Span at) {
  const FieldName* const field = condition.field ? &*condition.field : scope;
  if (field == nullptr) return bind_default(condition, at);
  const auto target = resolve_field(field->name, field->at);
  if (!target) return tl::unexpected(target.error());
  return bind_to(*target, condition, condition.field ? condition.field->at : at);
}

/// A text without a field: any of the default fields may have it.
Binding Binder::bind_default(const Condition& condition, Span at) {
  const auto* value = std::get_if<Scalar>(&condition.operand);
  if (value == nullptr || !(value->quoted || value->loose)) {
    return fail(ErrorCode::bad_query,
                std::string("expected a field for a ") + (value == nullptr ? "range" : "number") +
                    ", got none",
                at);
  }
  std::size_t number = 0;
  return bind_any(default_fields_, options_.tie, [&](FieldIndex field) {
    const std::size_t weight = number++;
    Binding bound = bind_to(Target(field), condition, at);
    const bool weighted = options_.scored && weight < options_.weights.size();
    if (weighted && bound && *bound) (*bound)->boost *= options_.weights[weight];
    return bound;
  });
}

/// `at` is where the target was named, for mistakes that are about the target.
Binding Binder::bind_to(const Target& target, const Condition& condition, Span at) {
  if (const auto* range = std::get_if<Range>(&condition.operand)) {
    if (auto counted = count(1, 0, at); !counted) return tl::unexpected(counted.error());
    auto bound = bind_range(target, *range, at);
    if (!bound) return tl::unexpected(bound.error());
    return std::move(*bound);
  }
  const Scalar& value = std::get<Scalar>(condition.operand);
  switch (condition.op) {
    case Condition::Op::phrase:
    case Condition::Op::near: return bind_pieces(target, condition, at);
    case Condition::Op::fuzzy: return bind_fuzzy(target, condition, at);
    case Condition::Op::prefix: return bind_prefix(target, value, at);
    case Condition::Op::wildcard: return bind_wildcard(target, value, at);
    case Condition::Op::term:
    case Condition::Op::range: break;
  }
  return bind_term(target, value);
}

Binding Binder::bind_term(const Target& target, const Scalar& value) {
  if (!is_text(target)) {
    if (auto counted = count(1, 0, value.at); !counted) return tl::unexpected(counted.error());
    auto bound = bind_equals(target, value);
    if (!bound) return tl::unexpected(bound.error());
    return std::move(*bound);
  }
  std::vector<Tree> words;
  std::size_t pieces = 0;
  for (Pieces& word : query_words(value.text)) {
    pieces += word.size();
    words.push_back(Tree{Phrase{std::get<FieldIndex>(target), std::move(word)}});
  }
  if (auto counted = count(words.size(), pieces, value.at); !counted) {
    return tl::unexpected(counted.error());
  }
  if (words.empty()) return std::nullopt;
  if (options_.any_word) return Tree{AnyOf{std::move(words)}};
  return Tree{AllOf{std::move(words)}};
}

/// phrase and near
Binding Binder::bind_pieces(const Target& target, const Condition& condition, Span at) {
  const Scalar& value = std::get<Scalar>(condition.operand);
  if (!is_text(target) && value.loose) return bind_term(target, value);
  if (!is_text(target)) {
    return fail(ErrorCode::bad_query,
                "expected a text field for '" + std::string(op_name(condition)) + "', got " +
                    describe(target),
                at);
  }
  const FieldIndex field = std::get<FieldIndex>(target);
  Pieces pieces = pieces_of(value.text);
  if (auto counted = count(1, pieces.size(), value.at); !counted) {
    return tl::unexpected(counted.error());
  }
  if (pieces.empty()) return std::nullopt;
  if (condition.op == Condition::Op::phrase) return Tree{Phrase{field, std::move(pieces)}};
  constexpr std::size_t kDefaultDistance = 1;
  return Tree{Near{field, std::move(pieces), condition.distance.value_or(kDefaultDistance)}};
}

/// Of a text field each piece of the word may be spelt differently, wherever in the field it is.
Binding Binder::bind_fuzzy(const Target& target, const Condition& condition, Span at) {
  const Scalar& value = std::get<Scalar>(condition.operand);
  if (auto fits = expect_texts(target, "fuzzy", at); !fits) return tl::unexpected(fits.error());
  const std::uint32_t edits = condition.distance.value_or(1);
  Pieces texts = is_text(target) ? pieces_of(value.text) : Pieces{value.text};
  if (auto counted = count(texts.size(), texts.size(), value.at); !counted) {
    return tl::unexpected(counted.error());
  }
  if (texts.empty()) return std::nullopt;
  if (texts.front().empty()) return Tree{Nothing{}};
  std::vector<Tree> all;
  for (std::string& text : texts) {
    all.push_back(Tree{Fuzzy{target, FuzzyText(std::move(text), edits)}});
  }
  if (all.size() == 1) return std::move(all.front());
  return Tree{AllOf{std::move(all)}};
}

Binding Binder::bind_prefix(const Target& target, const Scalar& value, Span at) {
  if (auto fits = expect_texts(target, "prefix", at); !fits) return tl::unexpected(fits.error());
  if (value.text.empty()) {
    return fail(ErrorCode::bad_query, "expected a prefix of at least one character, got ''",
                value.at);
  }
  Pieces pieces = is_text(target) ? pieces_of(value.text) : Pieces();
  if (auto counted = count(1, pieces.size(), value.at); !counted) {
    return tl::unexpected(counted.error());
  }
  if (!is_text(target)) return Tree{StartsWith{target, value.text}};
  if (pieces.empty()) return std::nullopt;
  return Tree{Phrase{std::get<FieldIndex>(target), std::move(pieces), true}};
}

Binding Binder::bind_wildcard(const Target& target, const Scalar& value, Span at) {
  const Field* const field = field_of(target);
  if (!has_texts(target) || (is_text(target) && !field->column)) {
    return fail(ErrorCode::bad_query,
                "expected a keyword, ip or text field with values of its own for 'wildcard', got " +
                    describe(target),
                at);
  }
  if (value.text.empty()) {
    return fail(ErrorCode::bad_query, "expected a pattern of at least one character, got ''",
                value.at);
  }
  if (auto counted = count(1, 0, value.at); !counted) return tl::unexpected(counted.error());
  Wildcard pattern(value.text);
  if (pattern.is_any()) return Tree{Between{target, std::nullopt, std::nullopt}};
  return Tree{Like{target, std::move(pattern)}};
}

}  // namespace

std::vector<FieldIndex> default_fields(const ParseOptions& options) {
  static const FieldIndex kRaw = field_index("raw");
  if (options.default_fields.empty() && !options.scored) return {kRaw};
  if (options.default_fields.empty()) {
    return {kRaw, field_index("error_message"), field_index("user_agent"),
            field_index("user_identity_arn")};
  }
  std::vector<FieldIndex> wanted = options.default_fields;
  if (options.scored || std::ranges::find(wanted, kRaw) == wanted.end()) return wanted;
  std::erase_if(wanted, [](FieldIndex field) {
    return field != kRaw && field_at(field).type == FieldType::text;
  });
  return wanted;
}

Result<Tree> bind(const Node& node, const ParseOptions& options) {
  auto bound = Binder(options).bind(node, nullptr);
  if (!bound) return tl::unexpected(bound.error());
  if (!*bound) return Tree{Nothing{}};
  return std::move(**bound);
}

}  // namespace trailsift::query
