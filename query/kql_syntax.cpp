#include "query/kql_syntax.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "query/overloaded.h"
#include "query/quote.h"
#include "schema/utf8.h"
#include "schema/words.h"

namespace trailsift::query::kql {
namespace {

bool same(const std::optional<Name>& a, const std::optional<Name>& b) {
  return a.has_value() == b.has_value() && (!a || a->parts == b->parts);
}

bool same(const Value& a, const Value& b) {
  return a.kind == b.kind && a.parts == b.parts;
}

bool same(const std::optional<Range::Bound>& a, const std::optional<Range::Bound>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return a->inclusive == b->inclusive && same(a->value, b->value);
}

bool same(const Condition& a, const Condition& b) {
  return a.relation == b.relation && same(a.name, b.name) && same(a.value, b.value);
}

bool same(const Range& a, const Range& b) {
  return same(a.name, b.name) && same(a.low, b.low) && same(a.high, b.high);
}

bool same(const List& a, const List& b) {
  return a.name.parts == b.name.parts && a.exact == b.exact && a.values == b.values;
}

bool same(const Group& a, const Group& b) {
  return a.op == b.op && a.children == b.children;
}

/// Characters that need neither quotes nor a backslash, wherever they stand.
bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         !is_ascii(c) || std::string_view("_.@-").find(c) != std::string_view::npos;
}

std::string with_backslashes(std::string_view text) {
  constexpr std::array kNamed = {std::pair{'\t', 't'}, std::pair{'\n', 'n'}, std::pair{'\r', 'r'}};
  std::string out;
  for (const char c : text) {
    const auto* const named = std::ranges::find(kNamed, c, &std::pair<char, char>::first);
    if (!is_plain(c)) out += '\\';
    out += named == kNamed.end() ? c : named->second;
  }
  return out;
}

std::string text_of(const Parts& parts) {
  if (parts.size() == 1) {
    const std::string& text = parts.front();
    const bool bare = !text.empty() && std::ranges::all_of(text, is_plain) && !is_operator(text) &&
                      fold(text) != "to";
    return bare ? text : escaped(text, '"');
  }
  std::string out;
  for (const std::string& part : parts) {
    if (&part != parts.data()) out += '*';
    out += with_backslashes(part);
  }
  return out;
}

std::string text_of(const Value& value) {
  switch (value.kind) {
    case Value::Kind::expression: return "/" + value.parts.front() + "/";
    case Value::Kind::reference: return "$" + text_of(value.parts);
    case Value::Kind::text: break;
  }
  return text_of(value.parts);
}

std::string_view sign(Relation relation) {
  switch (relation) {
    case Relation::is: return ":";
    case Relation::is_exactly: return " == ";
    case Relation::less: return " < ";
    case Relation::less_or_equal: return " <= ";
    case Relation::greater: return " > ";
    case Relation::greater_or_equal: return " >= ";
  }
  return {};
}

std::string text_of(const Condition& condition) {
  const std::string value = text_of(condition.value);
  if (condition.name) {
    return text_of(condition.name->parts) + std::string(sign(condition.relation)) + value;
  }
  if (condition.relation == Relation::is) return value;
  return std::string(sign(condition.relation).substr(1)) + value;
}

std::string text_of(const Range& range) {
  std::string out = range.name ? text_of(range.name->parts) + ":" : "";
  out += range.low && !range.low->inclusive ? '{' : '[';
  out += range.low ? text_of(range.low->value) : "*";
  out += " to ";
  out += range.high ? text_of(range.high->value) : "*";
  return out + (range.high && !range.high->inclusive ? '}' : ']');
}

std::string in_brackets(const Node& node) {
  return "(" + to_string(node) + ")";
}

std::string text_of(const List& list) {
  return text_of(list.name.parts) + (list.exact ? " == " : ":") + in_brackets(list.values.front());
}

std::string text_of(const Group& group) {
  const auto child_text = [](const Node& child) {
    const auto* inner = std::get_if<Group>(&child.kind);
    const bool brackets = inner != nullptr && inner->op != Group::Op::none_of;
    return brackets ? in_brackets(child) : to_string(child);
  };
  if (group.op == Group::Op::none_of) return "not " + child_text(group.children.front());
  std::string out;
  for (const Node& child : group.children) {
    if (!out.empty()) out += group.op == Group::Op::all_of ? " and " : " or ";
    out += child_text(child);
  }
  return out;
}

}  // namespace

Node::Node(Kind what, Span where) : kind(std::move(what)), at(where) {}
Node::Node(const Node& other) = default;
Node::Node(Node&& other) noexcept = default;
Node& Node::operator=(const Node& other) = default;
Node& Node::operator=(Node&& other) noexcept = default;
Node::~Node() = default;

bool operator==(const Node& a, const Node& b) {
  if (a.kind.index() != b.kind.index()) return false;
  return std::visit(
      [&b](const auto& kind) { return same(kind, std::get<std::decay_t<decltype(kind)>>(b.kind)); },
      a.kind);
}

std::string to_string(const Node& node) {
  return std::visit([](const auto& kind) { return text_of(kind); }, node.kind);
}

Value any_value(Span at) {
  return {Value::Kind::text, {"", ""}, at};
}

bool is_any(const Parts& parts) {
  return parts.size() == 2 && parts.front().empty() && parts.back().empty();
}

bool is_operator(std::string_view word) {
  constexpr std::size_t kLongest = 3;
  if (word.size() > kLongest) return false;
  const std::string folded = fold(word);
  return folded == "and" || folded == "or" || folded == "not";
}

}  // namespace trailsift::query::kql
