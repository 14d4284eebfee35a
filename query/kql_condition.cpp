#include "query/kql_condition.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "query/holds.h"
#include "query/kql_bind.h"
#include "query/kql_time.h"
#include "query/quote.h"
#include "query/resolve.h"
#include "query/target.h"
#include "schema/words.h"

namespace trailsift::query::kql {
namespace {

FieldType type_of(const Target& target) {
  const Field* const field = field_of(target);
  return field == nullptr ? FieldType::keyword : field->type;
}

bool is_subtree(const Target& target) {
  const Field* const field = field_of(target);
  return field != nullptr && field->origin == Origin::subtree;
}

/// The value as a pattern in which only its `*` mean more than themselves.
std::string pattern_of(const Parts& parts) {
  std::string pattern;
  for (const std::string& part : parts) {
    if (&part != parts.data()) pattern += '*';
    pattern += literal_pattern(part);
  }
  return pattern;
}

/// As it was meant, for an error message.
std::string shown(const Parts& parts) {
  std::string text;
  for (const std::string& part : parts) text += (&part == parts.data() ? "" : "*") + part;
  return in_quotes(text);
}

/// "expected X for Y, got Z", pointing at the value.
tl::unexpected<Error> wrong_value(std::string_view wanted, const Target& target,
                                  const Value& value) {
  return fail(ErrorCode::bad_query,
              "expected " + std::string(wanted) + " for " + describe(target) + ", got " +
                  shown(value.parts),
              value.at);
}

std::string_view expected_form(FieldType type) {
  switch (type) {
    case FieldType::time: return "a time such as 2021-07-29, 2021-07-29T23:53:26Z or now-24h";
    case FieldType::boolean: return "true or false";
    case FieldType::integer: return "a whole number of 64 bits";
    case FieldType::keyword:
    case FieldType::text:
    case FieldType::ip: break;
  }
  return "text";
}

LetterCase letters_of(const Comparison& comparison) {
  return comparison.exact ? LetterCase::exact : LetterCase::any;
}

Tree equals(const Comparison& comparison, const std::string& text) {
  if (comparison.exact || is_caseless(text)) return Tree{Equals{comparison.target, text}};
  return Tree{Equals{comparison.target, fold(text), LetterCase::any}};
}

Tree like(const Comparison& comparison, const Parts& parts, Extent extent) {
  return Tree{Like{comparison.target, Wildcard(pattern_of(parts), letters_of(comparison), extent)}};
}

Tree exists(const Target& target) {
  if (is_event_time(target) || target == Target(field_index("raw"))) return Tree{Everything{}};
  if (is_subtree(target)) return Tree{Like{target, Wildcard("*")}};
  return Tree{Between{target, std::nullopt, std::nullopt}};
}

/// Whether the value is `word*`, which the index finds as a beginning of a piece.
bool is_beginning(const Parts& parts) {
  return parts.size() == 2 && parts.back().empty() &&
         is_inside_piece(parts.front() + "a", parts.front().size());
}

/// Bounds that are numbers are compared as such where values have no type.
bool is_by_number(const Target& target, const Range& range) {
  const auto fits = [](const std::optional<Range::Bound>& bound) {
    return !bound || is_number(bound->value.parts.front());
  };
  return std::holds_alternative<LeafPath>(target) && (range.low || range.high) && fits(range.low) &&
         fits(range.high);
}

Result<std::optional<Between::Bound>> bound_for(const Target& target,
                                                const std::optional<Range::Bound>& bound) {
  if (!bound) return std::nullopt;
  auto value = canonical_value(type_of(target), bound->value.parts.front());
  if (!value) return wrong_value(expected_form(type_of(target)), target, bound->value);
  return Between::Bound{std::move(*value), bound->inclusive};
}

}  // namespace

ConditionBinder::ConditionBinder(const ParseOptions& options)
    : now_(options.now.value_or(
          std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()))),
      zone_(options.zone) {}

Result<void> ConditionBinder::count(std::size_t pieces, Span at) {
  const std::string limit = "expected at most " + std::to_string(kMaxQueryClauses);
  if (++conditions_ > kMaxQueryClauses) {
    return fail(ErrorCode::too_large, limit + " conditions in a query, got more", at);
  }
  if (pieces > kMaxQueryClauses) {
    return fail(ErrorCode::too_large, limit + " words in one value, got " + std::to_string(pieces),
                at);
  }
  return {};
}

Binding ConditionBinder::is(const Comparison& comparison, const Value& value) {
  if (auto counted = count(value.parts.size(), value.at); !counted) {
    return tl::unexpected(counted.error());
  }
  if (value.kind == Value::Kind::expression) return is_found(comparison, value);
  if (kql::is_any(value.parts)) return exists(comparison.target);
  switch (type_of(comparison.target)) {
    case FieldType::text: return is_text(comparison, value);
    case FieldType::time: {
      Range range;
      range.low = range.high = Range::Bound{value};
      return lies_in(comparison, range);
    }
    case FieldType::keyword:
    case FieldType::ip:
    case FieldType::boolean:
    case FieldType::integer: break;
  }
  return has_value(comparison, value);
}

/// A value of a field or leaf that is compared whole.
Binding ConditionBinder::has_value(const Comparison& comparison, const Value& value) {
  const FieldType type = type_of(comparison.target);
  const bool typed = type == FieldType::boolean || type == FieldType::integer;
  if (value.parts.size() > 1) {
    if (typed) return wrong_value(expected_form(type), comparison.target, value);
    return like(comparison, value.parts, Extent::whole);
  }
  const std::string& text = value.parts.front();
  if (typed) {
    auto canonical = canonical_value(type, text);
    if (!canonical) return wrong_value(expected_form(type), comparison.target, value);
    return Tree{Equals{comparison.target, std::move(*canonical)}};
  }
  const std::size_t slash = text.find('/');
  if (type == FieldType::ip && !comparison.exact && (slash != std::string::npos || is_ipv6(text))) {
    if (const auto parsed = Network::parse(text)) {
      return Tree{InNetwork{comparison.target, *parsed}};
    }
    // Names of services may have a slash; what begins with an address was meant as a network.
    if (Network::parse(text.substr(0, slash))) {
      return wrong_value("a network such as 198.51.100.0/24", comparison.target, value);
    }
  }
  return equals(comparison, text);
}

/// A text field: words, or a part of a value that is like the pattern.
Binding ConditionBinder::is_text(const Comparison& comparison, const Value& value) {
  if (comparison.exact) {
    const bool whole = value.parts.size() == 1 && !is_subtree(comparison.target);
    return whole ? equals(comparison, value.parts.front())
                 : like(comparison, value.parts, Extent::whole);
  }
  const bool words = value.parts.size() == 1 || is_beginning(value.parts);
  return words ? has_words(comparison, value) : like(comparison, value.parts, Extent::part);
}

Binding ConditionBinder::has_words(const Comparison& comparison, const Value& value) {
  Pieces pieces = pieces_of(value.parts.front());
  if (pieces.size() > kMaxQueryClauses) {
    auto counted = count(pieces.size(), value.at);
    return tl::unexpected(counted.error());
  }
  if (pieces.empty()) return std::nullopt;
  const bool open_end = value.parts.size() > 1;
  return Tree{Phrase{std::get<FieldIndex>(comparison.target), std::move(pieces), open_end}};
}

Binding ConditionBinder::is_found(const Comparison& comparison, const Value& value) {
  const FieldType type = type_of(comparison.target);
  if (type == FieldType::time || type == FieldType::boolean || type == FieldType::integer) {
    return fail(ErrorCode::bad_query,
                "expected a keyword, ip or text field for a regular expression, got " +
                    describe(comparison.target),
                value.at);
  }
  if (++expressions_ > kMaxExpressions) {
    return fail(ErrorCode::too_large,
                "expected at most " + std::to_string(kMaxExpressions) +
                    " regular expressions in a query, got more",
                value.at);
  }
  auto expression = RegularExpression::compile(value.parts.front(), letters_of(comparison));
  if (!expression) {
    Error error = std::move(expression.error());
    error.at = value.at;
    return tl::unexpected(std::move(error));
  }
  return Tree{Found{comparison.target, std::move(*expression)}};
}

Binding ConditionBinder::is_same(const Comparison& comparison, const Value& reference) {
  if (auto counted = count(1, reference.at); !counted) return tl::unexpected(counted.error());
  const auto other = resolve_field(reference.parts.front(), reference.at);
  if (!other) return tl::unexpected(other.error());
  for (const Target* target : {&comparison.target, &*other}) {
    if (!is_subtree(*target)) continue;
    return fail(ErrorCode::bad_query,
                "expected fields with values of their own to compare, got " + describe(*target),
                reference.at);
  }
  return Tree{SameValue{comparison.target, *other, letters_of(comparison)}};
}

/// A time with a day stands for all of the day, so a bound is where it begins or ends.
Result<Tree> ConditionBinder::in_time(const Target& target, const Range& range) const {
  const auto span_of = [&](const Value& value) -> Result<TimeSpan> {
    auto span = parse_time_span(value.parts.front(), now_, zone_);
    if (span) return span;
    return wrong_value(expected_form(FieldType::time), target, value);
  };
  InTime time;
  if (range.low) {
    const auto low = span_of(range.low->value);
    if (!low) return tl::unexpected(low.error());
    time.from = range.low->inclusive ? low->begin : low->end;
  }
  if (range.high) {
    const auto high = span_of(range.high->value);
    if (!high) return tl::unexpected(high.error());
    time.to = range.high->inclusive ? high->end : high->begin;
  }
  if (is_event_time(target)) return Tree{time};
  Between between{target, std::nullopt, std::nullopt};
  if (time.from) between.low = Between::Bound{format_time(*time.from), true};
  if (time.to) between.high = Between::Bound{format_time(*time.to), false};
  return Tree{std::move(between)};
}

Binding ConditionBinder::lies_in(const Comparison& comparison, const Range& range) {
  const Target& target = comparison.target;
  const Value* const some = range.low    ? &range.low->value
                            : range.high ? &range.high->value
                                         : nullptr;
  if (some == nullptr) return exists(target);
  if (auto counted = count(1, some->at); !counted) return tl::unexpected(counted.error());
  for (const auto* bound : {&range.low, &range.high}) {
    if (*bound && (*bound)->value.parts.size() > 1) {
      return wrong_value("a bound without '*'", target, (*bound)->value);
    }
  }
  if (is_subtree(target)) {
    return fail(ErrorCode::bad_query,
                "expected a field that has an order for a range, got " + describe(target),
                some->at);
  }
  if (type_of(target) == FieldType::time) {
    auto time = in_time(target, range);
    if (!time) return tl::unexpected(time.error());
    return std::move(*time);
  }
  auto low = bound_for(target, range.low);
  if (!low) return tl::unexpected(low.error());
  auto high = bound_for(target, range.high);
  if (!high) return tl::unexpected(high.error());
  return Tree{Between{target, std::move(*low), std::move(*high), is_by_number(target, range)}};
}

}  // namespace trailsift::query::kql
