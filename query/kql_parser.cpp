#include "query/kql_parser.h"

#include <cstddef>
#include <utility>

#include "query/kql_lexer.h"
#include "query/parse.h"
#include "query/parser.h"

namespace trailsift::query::kql {
namespace {

/// Recursive descent with one token in hand; each grammar rule is one function.
class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text), token_(lexer_.next(Expect::name)) {}

  Result<Node> parse_query();

 private:
  Result<Node> parse_any(std::size_t depth);
  Result<Node> parse_all(std::size_t depth);
  Result<Node> parse_one(std::size_t depth);
  Result<Node> parse_brackets(std::size_t depth);
  Result<Node> parse_condition(std::size_t depth);
  Result<Node> parse_comparison(std::size_t depth);
  Result<Node> parse_named(Name name, std::size_t depth);
  Result<Node> parse_list(Name name, Relation relation, std::size_t depth);
  Result<Node> parse_value(std::optional<Name> name, Relation relation);
  Result<Node> parse_range(std::optional<Name> name);
  Result<std::optional<Value>> parse_bound();
  Result<void> count_condition();
  Result<void> check_depth(std::size_t depth) const;

  bool at(TokenKind kind) const { return token_.kind == kind; }
  bool at_word(std::string_view word) const {
    return at(TokenKind::text) && token_.bare && token_.parts.size() == 1 &&
           fold(token_.parts.front()) == word;
  }
  bool at_operator() const { return at_word("and") || at_word("or") || at_word("not"); }
  bool at_range() const { return at(TokenKind::open_bracket) || at(TokenKind::open_brace); }
  bool at_order() const { return at(TokenKind::relation) && token_.relation >= Relation::less; }
  bool at_operand() const;
  Expect expected() const { return in_list_ ? Expect::value : Expect::name; }
  void advance(Expect expect);
  Span since(std::size_t begin) const { return {begin, last_end_}; }
  Value take_value();
  tl::unexpected<Error> unexpected(std::string_view wanted) const;

  Lexer lexer_;
  Token token_;
  std::size_t last_end_ = 0;  // Where the token before token_ ended.
  std::size_t conditions_ = 0;
  bool in_list_ = false;
};

Node group(Group::Op op, std::vector<Node> children, Span at) {
  return {Group{op, std::move(children)}, at};
}

void Parser::advance(Expect expect) {
  last_end_ = token_.at.end;
  token_ = lexer_.next(expect);
}

/// "expected X, got Y", pointing at the token in hand.
tl::unexpected<Error> Parser::unexpected(std::string_view wanted) const {
  if (at(TokenKind::broken)) return fail(ErrorCode::bad_query, token_.source, token_.at);
  return fail(ErrorCode::bad_query, "expected " + std::string(wanted) + ", got " + describe(token_),
              token_.at);
}

Result<void> Parser::count_condition() {
  if (++conditions_ <= kMaxQueryClauses) return {};
  return fail(
      ErrorCode::too_large,
      "expected at most " + std::to_string(kMaxQueryClauses) + " conditions in a query, got more",
      token_.at);
}

Result<void> Parser::check_depth(std::size_t depth) const {
  if (depth <= kMaxQueryDepth) return {};
  return fail(ErrorCode::too_large,
              "expected at most " + std::to_string(kMaxQueryDepth) +
                  " operators inside each other, got more",
              token_.at);
}

Result<Node> Parser::parse_query() {
  if (at(TokenKind::end)) return Node{Condition{{}, Relation::is, any_value({})}, {}};
  auto node = parse_any(0);
  if (!node) return node;
  if (!at(TokenKind::end)) return unexpected("'and', 'or' or end of query");
  return node;
}

Result<Node> Parser::parse_any(std::size_t depth) {
  const std::size_t begin = token_.at.begin;
  auto first = parse_all(depth);
  if (!first || !at_word("or")) return first;
  std::vector<Node> children;
  children.push_back(std::move(*first));
  while (at_word("or")) {
    advance(expected());
    auto next = parse_all(depth);
    if (!next) return next;
    children.push_back(std::move(*next));
  }
  return group(Group::Op::any_of, std::move(children), since(begin));
}

bool Parser::at_operand() const {
  if (at(TokenKind::text)) return !at_word("and") && !at_word("or");
  return at(TokenKind::expression) || at(TokenKind::reference) || at(TokenKind::open_paren) ||
         (in_list_ && (at_range() || at_order()));
}

Result<Node> Parser::parse_all(std::size_t depth) {
  const std::size_t begin = token_.at.begin;
  auto first = parse_one(depth);
  if (!first || !(at_word("and") || at_operand())) return first;
  std::vector<Node> children;
  children.push_back(std::move(*first));
  while (at_word("and") || at_operand()) {
    if (at_word("and")) advance(expected());
    auto next = parse_one(depth);
    if (!next) return next;
    children.push_back(std::move(*next));
  }
  return group(Group::Op::all_of, std::move(children), since(begin));
}

Result<Node> Parser::parse_one(std::size_t depth) {
  if (auto fits = check_depth(depth); !fits) return tl::unexpected(fits.error());
  if (at(TokenKind::open_paren)) return parse_brackets(depth);
  if (!at_word("not")) return parse_condition(depth);
  const std::size_t begin = token_.at.begin;
  advance(expected());
  auto child = parse_one(depth + 1);
  if (!child) return child;
  std::vector<Node> children;
  children.push_back(std::move(*child));
  return group(Group::Op::none_of, std::move(children), since(begin));
}

Result<Node> Parser::parse_brackets(std::size_t depth) {
  advance(expected());
  auto node = parse_any(depth + 1);
  if (!node) return node;
  if (!at(TokenKind::close_paren)) return unexpected("'and', 'or' or ')'");
  advance(expected());
  return node;
}

Result<Node> Parser::parse_condition(std::size_t depth) {
  if (auto fits = count_condition(); !fits) return tl::unexpected(fits.error());
  if (in_list_ && at_range()) return parse_range({});
  if (in_list_ && at_order()) return parse_comparison(depth);
  if (at_operator() || !at_operand()) {
    return unexpected(in_list_ ? "a value" : "a field or a value");
  }
  if (in_list_ || !at(TokenKind::text)) return parse_value({}, Relation::is);
  // Whether it is a name is known from what follows.
  const std::size_t begin = token_.at.begin;
  Value value = take_value();
  if (at(TokenKind::relation) || at(TokenKind::not_relation)) {
    return parse_named({std::move(value.parts), value.at}, depth);
  }
  return Node{Condition{{}, Relation::is, std::move(value)}, since(begin)};
}

/// `> value` in a list.
Result<Node> Parser::parse_comparison(std::size_t /*depth*/) {
  const Relation relation = token_.relation;
  advance(Expect::value);
  return parse_value({}, relation);
}

/// What follows a name.
Result<Node> Parser::parse_named(Name name, std::size_t depth) {
  const std::size_t begin = name.at.begin;
  const bool negated = at(TokenKind::not_relation);
  Relation relation = token_.relation;
  advance(Expect::value);
  if (relation == Relation::is && at_order()) {
    relation = token_.relation;
    advance(Expect::value);
  }
  const bool equal = relation == Relation::is || relation == Relation::is_exactly;
  auto node = equal && at(TokenKind::open_paren) ? parse_list(std::move(name), relation, depth)
              : relation == Relation::is && at_range() ? parse_range(std::move(name))
                                                       : parse_value(std::move(name), relation);
  if (!node) return node;
  node->at = since(begin);
  if (!negated) return node;
  std::vector<Node> children;
  children.push_back(std::move(*node));
  return group(Group::Op::none_of, std::move(children), since(begin));
}

Result<Node> Parser::parse_list(Name name, Relation relation, std::size_t depth) {
  const std::size_t begin = name.at.begin;
  in_list_ = true;
  advance(Expect::value);
  auto values = parse_any(depth + 1);
  in_list_ = false;
  if (!values) return values;
  if (!at(TokenKind::close_paren)) return unexpected("'and', 'or' or ')'");
  advance(Expect::name);
  List list{std::move(name), relation == Relation::is_exactly, {}};
  list.values.push_back(std::move(*values));
  return Node{std::move(list), since(begin)};
}

Value Parser::take_value() {
  Value value{Value::Kind::text, std::move(token_.parts), token_.at};
  if (at(TokenKind::expression)) value.kind = Value::Kind::expression;
  if (at(TokenKind::reference)) value.kind = Value::Kind::reference;
  advance(expected());
  return value;
}

Result<Node> Parser::parse_value(std::optional<Name> name, Relation relation) {
  const std::size_t begin = name ? name->at.begin : token_.at.begin;
  const bool ordered = relation >= Relation::less;
  const bool fits =
      at(TokenKind::text) || (!ordered && (at(TokenKind::expression) || at(TokenKind::reference)));
  if (!fits || at_operator()) return unexpected("a value");
  if (at(TokenKind::reference) && (token_.parts.size() != 1 || token_.parts.front().empty())) {
    return unexpected("the name of a field behind '$'");
  }
  Value value = take_value();
  return Node{Condition{std::move(name), relation, std::move(value)}, since(begin)};
}

Result<std::optional<Value>> Parser::parse_bound() {
  if (!at(TokenKind::text) || at_word("to")) return unexpected("a bound such as 5, now-24h or *");
  Value value{Value::Kind::text, std::move(token_.parts), token_.at};
  advance(Expect::bound);
  if (is_any(value.parts)) return std::nullopt;
  return value;
}

Result<Node> Parser::parse_range(std::optional<Name> name) {
  const std::size_t begin = token_.at.begin;
  Range range;
  const bool low_inclusive = at(TokenKind::open_bracket);
  advance(Expect::bound);
  auto low = parse_bound();
  if (!low) return tl::unexpected(low.error());
  if (!at_word("to")) return unexpected("'to'");
  advance(Expect::bound);
  auto high = parse_bound();
  if (!high) return tl::unexpected(high.error());
  const bool high_inclusive = at(TokenKind::close_bracket);
  if (!high_inclusive && !at(TokenKind::close_brace)) return unexpected("']' or '}'");
  advance(expected());
  range.name = std::move(name);
  if (*low) range.low = Range::Bound{std::move(**low), low_inclusive};
  if (*high) range.high = Range::Bound{std::move(**high), high_inclusive};
  return Node{std::move(range), since(begin)};
}

}  // namespace

Result<Node> parse_syntax(std::string_view text) {
  if (auto checked = check_query_text(text); !checked) return tl::unexpected(checked.error());
  return Parser(text).parse_query();
}

}  // namespace trailsift::query::kql
