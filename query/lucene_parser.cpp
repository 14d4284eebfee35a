#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "query/fuzzy.h"
#include "query/lucene_lexer.h"
#include "query/parser.h"
#include "query/quote.h"
#include "query/word_nodes.h"
#include "query/word_parsers.h"
#include "schema/number.h"
#include "schema/utf8.h"

namespace trailsift::query {
namespace {

using enum LuceneKind;

enum class Joint : std::uint8_t { none, both, either };
enum class Occur : std::uint8_t { must, should, must_not };

struct Occurrence {
  Occur occur;
  Clause clause;
};

/// Recursive descent with one token in hand.
class LuceneParser {
 public:
  LuceneParser(std::string_view text, const ParseOptions& options)
      : lexer_(text), token_(lexer_.next()), any_(options.any_word) {}

  /// Clauses up to a ")" or the end; nullopt when there is none.
  Result<std::optional<Clause>> parse(std::size_t depth);
  /// Nothing but the end may follow.
  Result<void> expect_end() const;

 private:
  bool at_sign(char c) const { return token_.kind == sign && token_.sign == c; }
  bool at_word(std::string_view name) const {
    return token_.kind == word && !token_.escaped && token_.text == name;
  }
  void advance() {
    last_end_ = token_.at.end;
    token_ = lexer_.next();
  }
  Joint read_joint();
  Result<Occurrence> read_occurrence(Joint joint, std::size_t depth);
  Result<Clause> read_clause(std::size_t depth);
  Result<Clause> read_brackets(std::optional<FieldName> field, std::size_t depth);
  Result<Clause> read_condition(std::optional<FieldName> field);
  Result<Condition> read_operand();
  Result<Condition> read_quoted();
  Result<Condition> read_word();
  Result<Condition> read_range();
  Result<std::optional<Scalar>> read_bound();
  Result<std::optional<std::string>> read_boost();
  Result<std::optional<double>> read_tilde();
  tl::unexpected<Error> unexpected(std::string_view wanted) const;

  LuceneLexer lexer_;
  LuceneToken token_;
  const bool any_;
  std::size_t last_end_ = 0;
  std::size_t conditions_ = 0;
};

tl::unexpected<Error> LuceneParser::unexpected(std::string_view wanted) const {
  if (token_.kind == broken) return fail(ErrorCode::bad_query, token_.text, token_.at);
  const std::string got = token_.kind == LuceneKind::end ? "end of query" : in_quotes(token_.text);
  return fail(ErrorCode::bad_query, "expected " + std::string(wanted) + ", got " + got, token_.at);
}

Result<void> LuceneParser::expect_end() const {
  if (token_.kind == LuceneKind::end) return {};
  return unexpected("end of query");
}

Joint LuceneParser::read_joint() {
  const bool both = at_word("AND") || at_word("&&");
  if (!both && !at_word("OR") && !at_word("||")) return Joint::none;
  advance();
  return both ? Joint::both : Joint::either;
}

/// The rules of Lucene's own parser: a joint says something of the clauses on both sides.
void add(std::vector<Occurrence>& clauses, Joint joint, bool any, Occurrence next) {
  if (!clauses.empty() && clauses.back().occur != Occur::must_not) {
    if (joint == Joint::both) clauses.back().occur = Occur::must;
    if (joint == Joint::either && !any) clauses.back().occur = Occur::should;
  }
  clauses.push_back(std::move(next));
}

/// What the clauses ask for together. Where some must be there, the others change no answer; their
/// mistakes are told all the same.
Result<std::optional<Clause>> together(std::vector<Occurrence> clauses) {
  if (clauses.empty()) return std::nullopt;
  const bool must =
      std::ranges::any_of(clauses, [](const Occurrence& one) { return one.occur == Occur::must; });
  Group all;
  Group any;
  any.op = Group::Op::any_of;
  std::size_t depth = 0;
  const Span at{clauses.front().clause.node.at.begin, clauses.back().clause.node.at.end};
  if (must) any.children.push_back(Node{MatchAll{}, at});
  for (auto& [occur, clause] : clauses) {
    depth = std::max(depth, clause.depth + (occur == Occur::must ? 0 : 1));
    if (occur == Occur::should) {
      any.children.push_back(std::move(clause.node));
    } else if (occur == Occur::must) {
      all.children.push_back(std::move(clause.node));
    } else {
      auto negation = grouped(Group::Op::none_of, std::move(clause));
      if (!negation) return tl::unexpected(negation.error());
      all.children.push_back(std::move(negation->node));
    }
  }
  const std::size_t optional = any.children.size() - (must ? 1 : 0);
  if (optional == 1 && !must) all.children.push_back(std::move(any.children.front()));
  if (optional > (must ? 0U : 1U)) all.children.push_back(Node{std::move(any), at});
  if (all.children.size() == 1) return Clause{std::move(all.children.front()), depth};
  Clause clause{Node{std::move(all), at}, depth + 1};
  if (auto fits = check_depth(clause); !fits) return tl::unexpected(fits.error());
  return clause;
}

Result<std::optional<Clause>> LuceneParser::parse(std::size_t depth) {
  std::vector<Occurrence> clauses;
  while (token_.kind != LuceneKind::end && !at_sign(')')) {
    const Span joint_at = token_.at;
    const Joint joint = read_joint();
    if (joint != Joint::none && clauses.empty()) {
      return fail(ErrorCode::bad_query, "expected a condition before 'AND' or 'OR', got none",
                  joint_at);
    }
    auto next = read_occurrence(joint, depth);
    if (!next) return tl::unexpected(next.error());
    add(clauses, joint, any_, std::move(*next));
  }
  return together(std::move(clauses));
}

Result<Occurrence> LuceneParser::read_occurrence(Joint joint, std::size_t depth) {
  const std::size_t begin = token_.at.begin;
  const bool needed = at_sign('+');
  const bool unwanted = at_sign('-') || at_sign('!') || at_word("NOT");
  if (needed || unwanted) advance();
  auto clause = read_clause(depth);
  if (!clause) return tl::unexpected(clause.error());
  if (unwanted) {
    clause->node.at.begin = begin;
    return Occurrence{Occur::must_not, std::move(*clause)};
  }
  const bool must = needed || (any_ ? joint == Joint::both : joint != Joint::either);
  return Occurrence{must ? Occur::must : Occur::should, std::move(*clause)};
}

/// [ NAME ":" ] ( "(" query ")" | operand ) [ "^" NUMBER ]
Result<Clause> LuceneParser::read_clause(std::size_t depth) {
  const std::size_t begin = token_.at.begin;
  std::optional<FieldName> field;
  if (token_.kind == word && lexer_.touches(':')) {
    const bool any_field = !token_.escaped && token_.text == "*";
    field = FieldName{std::move(token_.text), token_.at};
    advance();
    advance();  // ":"
    if (any_field && at_word("*")) {
      advance();
      return Clause{Node{MatchAll{}, {begin, last_end_}}, 0};
    }
    if (any_field)
      return fail(ErrorCode::bad_query, "expected '*:*' or a field, got '*:'", field->at);
  }
  auto clause =
      at_sign('(') ? read_brackets(std::move(field), depth) : read_condition(std::move(field));
  if (!clause) return clause;
  auto boost = read_boost();
  if (!boost) return tl::unexpected(boost.error());
  auto& kind = clause->node.kind;
  if (auto* group = std::get_if<Group>(&kind); group != nullptr && *boost) group->boost = **boost;
  if (auto* one = std::get_if<Condition>(&kind); one != nullptr && *boost) one->boost = **boost;
  clause->node.at = {begin, last_end_};
  return clause;
}

Result<Clause> LuceneParser::read_brackets(std::optional<FieldName> field, std::size_t depth) {
  const Span open = token_.at;
  if (depth == kMaxQueryDepth) return tl::unexpected(too_deep(open));
  advance();  // "("
  auto inner = parse(depth + 1);
  if (!inner) return tl::unexpected(inner.error());
  if (!at_sign(')')) return unexpected("')'");
  if (!*inner) return unexpected("a condition");
  advance();
  if (!field) return std::move(**inner);
  // A field that stands nearer to a condition counts.
  auto& kind = (*inner)->node.kind;
  if (auto* group = std::get_if<Group>(&kind); group != nullptr && !group->field) {
    group->field = std::move(field);
  } else if (auto* one = std::get_if<Condition>(&kind); one != nullptr && !one->field) {
    one->field = std::move(field);
  }
  return std::move(**inner);
}

Result<Clause> LuceneParser::read_condition(std::optional<FieldName> field) {
  const std::size_t begin = token_.at.begin;
  auto condition = read_operand();
  if (!condition) return tl::unexpected(condition.error());
  const auto* range = std::get_if<Range>(&condition->operand);
  const bool anything = range != nullptr && !range->low && !range->high;
  if (anything && !field) return Clause{Node{MatchAll{}, {begin, last_end_}}, 0};
  condition->field = std::move(field);
  return word_clause(std::move(*condition), {begin, last_end_}, conditions_);
}

Result<Condition> LuceneParser::read_operand() {
  if (token_.kind == quoted) return read_quoted();
  if (token_.kind == word) return read_word();
  if (at_sign('[') || at_sign('{')) return read_range();
  return unexpected("a condition");
}

/// "~" with its number, by itself without one; nullopt without "~".
Result<std::optional<double>> LuceneParser::read_tilde() {
  if (!at_sign('~')) return std::nullopt;
  const LuceneToken number = lexer_.take_number();
  const Span at{token_.at.begin, number.at.end};
  constexpr double kWithoutNumber = 2;
  const auto value =
      number.text.empty() ? std::optional(kWithoutNumber) : parse_number<double>(number.text);
  if (!value) {
    return fail(ErrorCode::bad_query, "expected a number after '~', got " + in_quotes(number.text),
                at);
  }
  token_.at = at;
  advance();
  return value;
}

Result<std::optional<std::string>> LuceneParser::read_boost() {
  if (!at_sign('^')) return std::nullopt;
  const LuceneToken number = lexer_.take_number();
  const auto value = parse_number<double>(number.text);
  if (!value || *value <= 0) {
    return fail(ErrorCode::bad_query,
                "expected a number above 0 after '^', got " + in_quotes(number.text),
                Span{token_.at.begin, number.at.end});
  }
  token_.at.end = number.at.end;
  advance();
  return std::optional(number.text);
}

Result<Condition> LuceneParser::read_quoted() {
  const Span at = token_.at;
  std::string text = std::move(token_.text);
  advance();
  const auto slop = read_tilde();
  if (!slop) return tl::unexpected(slop.error());
  if (text.empty())
    return fail(ErrorCode::bad_query, "expected words between quotes, got '\"\"'", at);
  return phrase_condition(
      std::move(text), static_cast<std::uint32_t>(std::min<double>(slop->value_or(0), kMostSlop)),
      at);
}

/// How many edits a number behind "~" stands for. One below 1 is a likeness, as older versions of
/// Lucene have it.
Result<std::uint32_t> edits_of(double number, std::string_view word, Span at) {
  if (number >= 1 && std::floor(number) != number) {
    return fail(ErrorCode::bad_query, "expected a whole number of edits, or one below 1, after '~'",
                at);
  }
  if (number >= 1 || number == 0) {
    return static_cast<std::uint32_t>(std::min<double>(number, kMaxEdits));
  }
  const auto letters = static_cast<double>(count_characters(word));
  return static_cast<std::uint32_t>(std::min<double>((1 - number) * letters, kMaxEdits));
}

Result<Condition> LuceneParser::read_word() {
  const LuceneToken read = token_;
  for (const char* name : {"AND", "OR", "NOT", "&&", "||"}) {
    if (at_word(name)) return unexpected("a condition");
  }
  advance();
  if (at_sign(':') && token_.at.begin == read.at.end) {
    return fail(ErrorCode::bad_query,
                "expected a value in quotes, or '\\' before each ':' in it, got ':'", token_.at);
  }
  const Span tilde = token_.at;
  const auto number = read_tilde();
  if (!number) return tl::unexpected(number.error());
  if (*number) {
    const auto edits = edits_of(**number, read.text, {tilde.begin, last_end_});
    if (!edits) return tl::unexpected(edits.error());
    return fuzzy_condition(read.text, *edits, read.at);
  }
  Condition condition;
  condition.operand = loose(read.text, read.at);
  if (read.wild == 0) return condition;
  if (read.pattern == "*") {
    condition.op = Condition::Op::range;
    condition.operand = Range{{}, {}, read.at};
  } else if (read.wild == 1 && read.pattern.ends_with('*')) {
    condition.op = Condition::Op::prefix;
    condition.operand = loose(read.text.substr(0, read.text.size() - 1), read.at);
  } else {
    condition.op = Condition::Op::wildcard;
    condition.operand = loose(read.pattern, read.at);
  }
  return condition;
}

/// nullopt: open.
Result<std::optional<Scalar>> LuceneParser::read_bound() {
  if (token_.kind != LuceneKind::range && token_.kind != quoted) {
    return unexpected("a bound such as 5, \"a b\" or *");
  }
  LuceneToken read = std::exchange(token_, lexer_.next_in_range());
  last_end_ = read.at.end;
  if (read.kind == LuceneKind::range && read.pattern == "*") return std::nullopt;
  return loose(std::move(read.text), read.at);
}

/// The sign that opens the range is in hand.
Result<Condition> LuceneParser::read_range() {
  const LuceneToken open = std::exchange(token_, lexer_.next_in_range());
  auto low = read_bound();
  if (!low) return tl::unexpected(low.error());
  const bool to = token_.kind == LuceneKind::range && token_.text == "TO";
  if (!to) return unexpected("'TO'");
  token_ = lexer_.next_in_range();
  auto high = read_bound();
  if (!high) return tl::unexpected(high.error());
  if (!at_sign(']') && !at_sign('}')) return unexpected("']' or '}'");
  Range range;
  if (*low) range.low = Range::Bound{std::move(**low), open.sign == '['};
  if (*high) range.high = Range::Bound{std::move(**high), at_sign(']')};
  advance();
  range.at = {open.at.begin, last_end_};
  Condition condition;
  condition.op = Condition::Op::range;
  condition.operand = std::move(range);
  return condition;
}

}  // namespace

Result<std::optional<Node>> parse_lucene_syntax(std::string_view text,
                                                const ParseOptions& options) {
  if (auto fits = check_query_text(text); !fits) return tl::unexpected(fits.error());
  LuceneParser parser(text, options);
  auto clause = parser.parse(0);
  if (!clause) return tl::unexpected(clause.error());
  if (auto end = parser.expect_end(); !end) return tl::unexpected(end.error());
  if (!*clause) return std::nullopt;
  return std::move((*clause)->node);
}

}  // namespace trailsift::query
