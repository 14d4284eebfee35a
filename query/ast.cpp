#include "query/ast.h"

#include <tuple>

#include "query/lexer.h"
#include "query/overloaded.h"
#include "query/quote.h"

namespace trailsift::query {
namespace {

bool same(const Scalar& a, const Scalar& b) {
  return a.quoted == b.quoted && a.loose == b.loose && a.text == b.text;
}

bool same(const std::optional<FieldName>& a, const std::optional<FieldName>& b) {
  return a.has_value() == b.has_value() && (!a || a->name == b->name);
}

bool same(const std::optional<Range::Bound>& a, const std::optional<Range::Bound>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return a->inclusive == b->inclusive && same(a->value, b->value);
}

bool same(const Range& a, const Range& b) {
  return same(a.low, b.low) && same(a.high, b.high);
}

bool same(const std::variant<Scalar, Range>& a, const std::variant<Scalar, Range>& b) {
  if (a.index() != b.index()) return false;
  if (const auto* scalar = std::get_if<Scalar>(&a)) return same(*scalar, std::get<Scalar>(b));
  return same(std::get<Range>(a), std::get<Range>(b));
}

bool same(const MatchAll& /*a*/, const MatchAll& /*b*/) {
  return true;
}

bool same(const Condition& a, const Condition& b) {
  return std::tie(a.op, a.boost, a.distance) == std::tie(b.op, b.boost, b.distance) &&
         same(a.field, b.field) && same(a.operand, b.operand);
}

bool same(const Group& a, const Group& b) {
  return std::tie(a.op, a.boost) == std::tie(b.op, b.boost) && same(a.field, b.field) &&
         a.children == b.children;
}

std::string text_of(const Scalar& scalar) {
  return scalar.quoted ? escaped(scalar.text, '\'') : scalar.text;
}

std::string text_of(const Range& range) {
  std::string out(range.low && range.low->inclusive ? "[" : "{");
  if (range.low) out += text_of(range.low->value);
  out += ',';
  if (range.high) out += text_of(range.high->value);
  out += range.high && range.high->inclusive ? ']' : '}';
  return out;
}

std::string text_of(const std::variant<Scalar, Range>& operand) {
  return std::visit([](const auto& value) { return text_of(value); }, operand);
}

/// ` field=… boost=…`
std::string options_of(const std::optional<FieldName>& field,
                       const std::optional<std::string>& boost) {
  std::string out;
  if (field)
    out += " field=" + (is_bare_name(field->name) ? field->name : escaped(field->name, '\''));
  if (boost) out += " boost=" + *boost;
  return out;
}

std::string text_of(const Condition& condition) {
  const bool plain =
      (condition.op == Condition::Op::term || condition.op == Condition::Op::range) &&
      !condition.boost;
  std::string operand = text_of(condition.operand);
  if (plain && condition.field && is_bare_name(condition.field->name)) {
    return condition.field->name + ":" + operand;
  }
  const auto* scalar = std::get_if<Scalar>(&condition.operand);
  if (plain && !condition.field && scalar != nullptr && scalar->quoted) return operand;
  std::string out = "(" + std::string(name(condition.op));
  out += options_of(condition.field, condition.boost);
  if (condition.distance) out += " distance=" + std::to_string(*condition.distance);
  return out + " " + operand + ")";
}

std::string text_of(const Group& group) {
  std::string out = "(" + std::string(name(group.op)) + options_of(group.field, group.boost);
  for (const Node& child : group.children) {
    out += ' ';
    out += to_string(child);
  }
  out += ')';
  return out;
}

}  // namespace

bool operator==(const Node& a, const Node& b) {
  if (a.kind.index() != b.kind.index()) return false;
  return std::visit(
      [&b](const auto& kind) { return same(kind, std::get<std::decay_t<decltype(kind)>>(b.kind)); },
      a.kind);
}

std::string to_string(const Node& node) {
  return std::visit(Overloaded{
                        [](const MatchAll&) { return std::string("matchall"); },
                        [](const Condition& condition) { return text_of(condition); },
                        [](const Group& group) { return text_of(group); },
                    },
                    node.kind);
}

std::string_view name(Condition::Op op) {
  switch (op) {
    case Condition::Op::term: return "term";
    case Condition::Op::phrase: return "phrase";
    case Condition::Op::prefix: return "prefix";
    case Condition::Op::wildcard: return "wildcard";
    case Condition::Op::near: return "near";
    case Condition::Op::fuzzy: return "fuzzy";
    case Condition::Op::range: return "range";
  }
  return {};
}

std::string_view name(Group::Op op) {
  switch (op) {
    case Group::Op::all_of: return "and";
    case Group::Op::any_of: return "or";
    case Group::Op::none_of: return "not";
  }
  return {};
}

}  // namespace trailsift::query
