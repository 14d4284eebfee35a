#include <string>
#include <string_view>

#include "query/overloaded.h"
#include "query/word_parsers.h"

namespace trailsift::query {
namespace {

/// With "\" before each of the characters that one of the languages has a use for.
std::string word_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("+-&|!(){}[]^\"~*?:\\/ \t\n\r").find(c) != std::string_view::npos) {
      out += '\\';
    }
    out += c;
  }
  // A word that is an operator.
  for (const char* name : {"AND", "OR", "NOT"}) {
    if (out == name) out.insert(0, 1, '\\');
  }
  return out;
}

/// The simple language counts brackets within quotes as well.
std::string quoted_of(std::string_view text) {
  std::string out(1, '"');
  for (const char c : text) {
    if (std::string_view("\"\\()").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out + '"';
}

/// A pattern of query/wildcard.h: what is escaped there needs no more here.
std::string pattern_of(std::string_view pattern) {
  std::string out;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '*' || c == '?') {
      out += c;
    } else if (c == '\\' && at + 1 < pattern.size()) {
      out += word_of(pattern.substr(++at, 1));
    } else {
      out += word_of(pattern.substr(at, 1));
    }
  }
  return out;
}

std::string text_of(const Condition& condition) {
  const std::string_view text = std::get<Scalar>(condition.operand).text;
  switch (condition.op) {
    case Condition::Op::term:
    case Condition::Op::range: return word_of(text);
    case Condition::Op::phrase: return quoted_of(text);
    case Condition::Op::near:
      return quoted_of(text) + "~" + std::to_string(condition.distance.value_or(1));
    case Condition::Op::fuzzy:
      return word_of(text) + "~" + std::to_string(condition.distance.value_or(1));
    case Condition::Op::prefix: return word_of(text) + "*";
    case Condition::Op::wildcard: return pattern_of(text);
  }
  return {};
}

std::string bound_of(const std::optional<Range::Bound>& bound) {
  return bound ? quoted_of(bound->value.text) : "*";
}

std::string text_of(const Range& range) {
  std::string out(!range.low || range.low->inclusive ? "[" : "{");
  out += bound_of(range.low) + " TO " + bound_of(range.high);
  return out + (!range.high || range.high->inclusive ? ']' : '}');
}

std::string boost_of(const std::optional<std::string>& boost) {
  return boost ? "^" + *boost : "";
}

std::string field_of(const std::optional<FieldName>& field) {
  return field ? word_of(field->name) + ":" : "";
}

std::string clause_of(const Node& node);

/// A clause that is unwanted and has nothing more to say.
const Group* plain_negation(const Node& node) {
  const auto* group = std::get_if<Group>(&node.kind);
  const bool plain =
      group != nullptr && group->op == Group::Op::none_of && !group->field && !group->boost;
  return plain ? group : nullptr;
}

/// The clauses of a group, without its brackets.
std::string clauses_of(const Group& group) {
  if (group.op == Group::Op::none_of) return "-" + clause_of(group.children.front());
  std::string out;
  for (const Node& child : group.children) {
    const Group* negation = group.op == Group::Op::all_of ? plain_negation(child) : nullptr;
    if (!out.empty()) out += group.op == Group::Op::any_of ? " OR " : " ";
    if (negation != nullptr) {
      out += "-" + clause_of(negation->children.front());
    } else {
      out += (group.op == Group::Op::all_of ? "+" : "") + clause_of(child);
    }
  }
  return out;
}

std::string clause_of(const Node& node) {
  return std::visit(Overloaded{
                        [](const MatchAll&) { return std::string("*:*"); },
                        [](const Condition& condition) {
                          const auto* range = std::get_if<Range>(&condition.operand);
                          return field_of(condition.field) +
                                 (range == nullptr ? text_of(condition) : text_of(*range)) +
                                 boost_of(condition.boost);
                        },
                        [](const Group& group) {
                          return field_of(group.field) + "(" + clauses_of(group) + ")" +
                                 boost_of(group.boost);
                        },
                    },
                    node.kind);
}

/// In brackets where it is a group.
std::string simple_clause(const Node& node) {
  const bool group = std::holds_alternative<Group>(node.kind);
  return group ? "(" + to_simple(node) + ")" : to_simple(node);
}

std::string simple_group(const Group& group) {
  if (group.op == Group::Op::none_of) return "-" + simple_clause(group.children.front());
  std::string out;
  for (const Node& child : group.children) {
    if (!out.empty()) out += group.op == Group::Op::any_of ? " |" : " +";
    out += simple_clause(child);
  }
  return out;
}

}  // namespace

std::string to_simple(const Node& node) {
  return std::visit(Overloaded{
                        [](const MatchAll&) { return std::string("*"); },
                        [](const Condition& condition) { return text_of(condition); },
                        [](const Group& group) { return simple_group(group); },
                    },
                    node.kind);
}

std::string to_lucene(const Node& node) {
  const auto* group = std::get_if<Group>(&node.kind);
  const bool plain = group != nullptr && !group->field && !group->boost;
  return plain ? clauses_of(*group) : clause_of(node);
}

}  // namespace trailsift::query
