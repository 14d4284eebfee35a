#include "query/parser.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "query/lexer.h"
#include "query/parse.h"
#include "query/quote.h"
#include "schema/number.h"
#include "schema/utf8.h"

namespace trailsift::query {
namespace {

/// One row for each word that can follow a bracket.
struct Operator {
  std::string_view name;
  std::variant<MatchAll, Condition::Op, Group::Op> op;
};

constexpr std::array kOperators = {
    Operator{"and", Group::Op::all_of},
    Operator{"or", Group::Op::any_of},
    Operator{"not", Group::Op::none_of},
    Operator{"term", Condition::Op::term},
    Operator{"phrase", Condition::Op::phrase},
    Operator{"prefix", Condition::Op::prefix},
    Operator{"wildcard", Condition::Op::wildcard},
    Operator{"near", Condition::Op::near},
    Operator{"fuzzy", Condition::Op::fuzzy},
    Operator{"range", Condition::Op::range},
    Operator{"matchall", MatchAll{}},
};

constexpr std::string_view kOperatorWanted =
    "and, or, not, term, phrase, prefix, wildcard, near, fuzzy, range or matchall";

const Operator* find_operator(std::string_view name) {
  const auto* found = std::ranges::find(kOperators, name, &Operator::name);
  return found == kOperators.end() ? nullptr : found;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

/// What stands between an operator and its operands.
struct Options {
  std::optional<FieldName> field;
  std::optional<std::string> boost;
  std::optional<std::uint32_t> distance;
};

bool is_boost(std::string_view text) {
  const auto value = parse_number<double>(text);
  return value && *value > 0;
}

std::optional<std::uint32_t> read_distance(std::string_view text) {
  const auto value = parse_number<std::uint32_t>(text);
  return value && *value > 0 ? value : std::nullopt;
}

/// Recursive descent with one token in hand; each grammar rule is one function.
class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text), token_(lexer_.next()) {}

  Result<Node> parse_query();

 private:
  Result<Node> parse_expression(std::size_t depth);
  Result<Node> parse_brackets(std::size_t depth);
  Result<Node> parse_group(Group::Op op, std::size_t depth);
  Result<Node> parse_condition(Condition::Op op);
  Result<Node> parse_field_condition();
  Result<Options> parse_options(std::string_view operator_name);
  Result<void> parse_option(Options& options, std::string_view operator_name);
  Result<std::variant<Scalar, Range>> parse_operand(Condition::Op op);
  Result<Range> parse_range();
  Result<void> count_condition();

  bool at(TokenKind kind) const { return token_.kind == kind; }
  bool at_scalar() const { return at(TokenKind::string) || at(TokenKind::number); }
  void advance();
  Scalar take_scalar();
  Result<void> expect(TokenKind kind, std::string_view wanted);
  tl::unexpected<Error> unexpected(std::string_view wanted) const;
  tl::unexpected<Error> unknown_operator() const;

  Lexer lexer_;
  Token token_;
  std::size_t last_end_ = 0;  ///< Where the token before token_ ended.
  std::size_t conditions_ = 0;
};

void Parser::advance() {
  last_end_ = token_.at.end;
  token_ = lexer_.next();
}

Scalar Parser::take_scalar() {
  Scalar scalar{std::move(token_.text), at(TokenKind::string), token_.at};
  advance();
  return scalar;
}

/// "expected X, got Y", pointing at the token in hand.
tl::unexpected<Error> Parser::unexpected(std::string_view wanted) const {
  if (at(TokenKind::broken)) return fail(ErrorCode::bad_query, token_.text, token_.at);
  return fail(ErrorCode::bad_query, "expected " + std::string(wanted) + ", got " + describe(token_),
              token_.at);
}

Result<void> Parser::expect(TokenKind kind, std::string_view wanted) {
  if (!at(kind)) return unexpected(wanted);
  advance();
  return {};
}

/// query = expr
Result<Node> Parser::parse_query() {
  auto node = parse_expression(0);
  if (!node) return node;
  if (!at(TokenKind::end)) return unexpected("end of query");
  return node;
}

Result<void> Parser::count_condition() {
  if (++conditions_ <= kMaxQueryClauses) return {};
  return fail(ErrorCode::too_large,
              "expected at most " + std::to_string(kMaxQueryClauses) + " conditions, got more",
              token_.at);
}

/// expr, told by its first token
Result<Node> Parser::parse_expression(std::size_t depth) {
  if (at(TokenKind::open_paren)) return parse_brackets(depth);
  if (auto counted = count_condition(); !counted) return tl::unexpected(counted.error());
  if (at(TokenKind::string)) {
    Condition condition;
    condition.operand = take_scalar();
    const Span span = std::get<Scalar>(condition.operand).at;
    return Node{std::move(condition), span};
  }
  if (!at(TokenKind::word)) return unexpected("a condition");
  if (lexer_.next_is(':')) return parse_field_condition();
  if (lexer_.next_is('=')) {
    return fail(
        ErrorCode::bad_query,
        "expected options before the operands, got " + in_quotes(token_.text + "=") + " after one",
        token_.at);
  }
  const Span span = token_.at;
  if (token_.text == "matchall") {
    advance();
    return Node{MatchAll{}, span};
  }
  if (lower(token_.text) == "matchall") return unknown_operator();
  return fail(ErrorCode::bad_query, "expected ':' after " + in_quotes(token_.text), span);
}

/// NAME ":" ( string | number | range )
Result<Node> Parser::parse_field_condition() {
  Condition condition;
  const Span begin = token_.at;
  condition.field = FieldName{std::move(token_.text), token_.at};
  advance();
  advance();  // ":"
  if (at_scalar()) {
    condition.operand = take_scalar();
  } else if (at(TokenKind::open_bracket) || at(TokenKind::open_brace)) {
    auto range = parse_range();
    if (!range) return tl::unexpected(range.error());
    condition.op = Condition::Op::range;
    condition.operand = std::move(*range);
  } else {
    return unexpected("a value in single quotes, a number or a range");
  }
  return Node{std::move(condition), {begin.begin, last_end_}};
}

tl::unexpected<Error> Parser::unknown_operator() const {
  if (!at(TokenKind::word)) return unexpected("an operator after '('");
  const std::string folded = lower(token_.text);
  if (find_operator(folded) != nullptr) {
    return fail(ErrorCode::bad_query,
                "expected '" + folded + "', got " + in_quotes(token_.text) +
                    ": operator names are lower case",
                token_.at);
  }
  return unexpected(kOperatorWanted);
}

/// "(" OPERATOR options operands ")"
Result<Node> Parser::parse_brackets(std::size_t depth) {
  if (depth == kMaxQueryDepth) {
    return fail(ErrorCode::too_large,
                "expected at most " + std::to_string(kMaxQueryDepth) +
                    " operators inside each other, got more",
                token_.at);
  }
  const std::size_t begin = token_.at.begin;
  advance();  // "("
  const Operator* const row = at(TokenKind::word) ? find_operator(token_.text) : nullptr;
  if (row == nullptr) return unknown_operator();
  auto node = Result<Node>(Node{MatchAll{}, {}});
  if (const auto* group = std::get_if<Group::Op>(&row->op)) {
    node = parse_group(*group, depth);
  } else if (const auto* condition = std::get_if<Condition::Op>(&row->op)) {
    node = parse_condition(*condition);
  } else {
    if (auto counted = count_condition(); !counted) return tl::unexpected(counted.error());
    advance();  // "matchall"
  }
  if (!node) return node;
  if (auto closed = expect(TokenKind::close_paren, "')'"); !closed) {
    return tl::unexpected(closed.error());
  }
  node->at = {begin, last_end_};
  return node;
}

/// ( "and" | "or" | "not" ) options expr { expr }
Result<Node> Parser::parse_group(Group::Op op, std::size_t depth) {
  auto options = parse_options(name(op));
  if (!options) return tl::unexpected(options.error());
  Group group{op, std::move(options->field), std::move(options->boost), {}};
  do {
    auto child = parse_expression(depth + 1);
    if (!child) return child;
    group.children.push_back(std::move(*child));
  } while (op != Group::Op::none_of && !at(TokenKind::close_paren) && !at(TokenKind::end));
  return Node{std::move(group), {}};
}

/// ( "term" | "phrase" | "prefix" | "wildcard" | "near" | "fuzzy" | "range" ) options operand
Result<Node> Parser::parse_condition(Condition::Op op) {
  if (auto counted = count_condition(); !counted) return tl::unexpected(counted.error());
  auto options = parse_options(name(op));
  if (!options) return tl::unexpected(options.error());
  auto operand = parse_operand(op);
  if (!operand) return tl::unexpected(operand.error());
  return Node{Condition{op, std::move(options->field), std::move(*operand),
                        std::move(options->boost), options->distance},
              {}};
}

Result<std::variant<Scalar, Range>> Parser::parse_operand(Condition::Op op) {
  if (op == Condition::Op::range) {
    auto range = parse_range();
    if (!range) return tl::unexpected(range.error());
    return std::move(*range);
  }
  const bool fits = op == Condition::Op::term ? at_scalar() : at(TokenKind::string);
  if (fits) return take_scalar();
  return unexpected(op == Condition::Op::term ? "a value in single quotes or a number"
                                              : "a value in single quotes");
}

/// options = { NAME "=" value }; the operator's name is the token in hand
Result<Options> Parser::parse_options(std::string_view operator_name) {
  Options options;
  advance();
  while (at(TokenKind::word) && lexer_.next_is('=')) {
    if (auto read = parse_option(options, operator_name); !read) {
      return tl::unexpected(read.error());
    }
  }
  return options;
}

Result<void> Parser::parse_option(Options& options, std::string_view operator_name) {
  const Token option = std::exchange(token_, lexer_.next());  // "=" is now in hand.
  advance();
  const bool has_distance =
      operator_name == name(Condition::Op::near) || operator_name == name(Condition::Op::fuzzy);
  const bool is_distance = option.text == "distance" && has_distance;
  if (option.text != "field" && option.text != "boost" && !is_distance) {
    return fail(ErrorCode::bad_query,
                std::string("expected option 'field'") +
                    (has_distance ? ", 'boost' or 'distance'" : " or 'boost'") + ", got " +
                    in_quotes(option.text),
                option.at);
  }
  const bool twice = option.text == "field"   ? options.field.has_value()
                     : option.text == "boost" ? options.boost.has_value()
                                              : options.distance.has_value();
  if (twice) {
    return fail(ErrorCode::bad_query,
                "expected option " + in_quotes(option.text) + " once, got it twice", option.at);
  }
  if (!at(TokenKind::word) && !at_scalar() && !at(TokenKind::double_quoted)) {
    return unexpected("a value for option '" + option.text + "'");
  }
  if (option.text == "field") {
    options.field = FieldName{token_.text, token_.at};
  } else if (option.text == "boost") {
    if (!is_boost(token_.text)) return unexpected("a boost greater than 0");
    options.boost = token_.text;
  } else {
    options.distance = read_distance(token_.text);
    if (!options.distance) return unexpected("a distance of 1 or more");
  }
  advance();
  return {};
}

/// range = ( "[" | "{" ) [ bound ] "," [ bound ] ( "]" | "}" )
Result<Range> Parser::parse_range() {
  if (!at(TokenKind::open_bracket) && !at(TokenKind::open_brace)) {
    return unexpected("a range such as [1,5] or ['a','b'}");
  }
  Range range;
  const Token open = std::exchange(token_, lexer_.next());
  if (at_scalar()) {
    range.low = Range::Bound{take_scalar(), open.kind == TokenKind::open_bracket};
  } else if (open.kind == TokenKind::open_bracket && at(TokenKind::comma)) {
    return fail(ErrorCode::bad_query, "expected '{' before a bound that is left out, got '['",
                open.at);
  }
  const std::string_view low_wanted = range.low ? "','" : "a bound or ','";
  if (auto comma = expect(TokenKind::comma, low_wanted); !comma) {
    return tl::unexpected(comma.error());
  }
  std::optional<Scalar> high;
  if (at_scalar()) high = take_scalar();
  const bool inclusive = at(TokenKind::close_bracket);
  if (!inclusive && !at(TokenKind::close_brace)) {
    return unexpected(high ? "']' or '}'" : "a bound or '}'");
  }
  if (inclusive && !high) return unexpected("'}' after a bound that is left out");
  if (high) range.high = Range::Bound{std::move(*high), inclusive};
  advance();
  range.at = {open.at.begin, last_end_};
  return range;
}

}  // namespace

Result<void> check_query_text(std::string_view text) {
  if (text.size() > kMaxQueryBytes) {
    return fail(ErrorCode::too_large, "expected a query of at most " +
                                          std::to_string(kMaxQueryBytes) + " bytes, got " +
                                          std::to_string(text.size()));
  }
  if (const auto at = find_invalid_utf8(text)) {
    return fail(ErrorCode::bad_query, "expected UTF-8, got a byte that is not", Span{*at, *at + 1});
  }
  return {};
}

Result<Node> parse_syntax(std::string_view text) {
  if (auto fits = check_query_text(text); !fits) return tl::unexpected(fits.error());
  return Parser(text).parse_query();
}

}  // namespace trailsift::query
