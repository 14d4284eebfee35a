#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "query/expression.h"
#include "query/expression_ops.h"
#include "query/quote.h"
#include "schema/utf8.h"

namespace trailsift::query {

/// Recursive descent over the text of one expression, for each that it names once more.
class ExpressionCompiler {
 public:
  ExpressionCompiler(std::span<const NamedExpression> sources, Timestamp now)
      : sources_(sources), now_(now) {}

  Result<Expression> compile(std::size_t index) {
    Expression expression;
    if (auto done = compile_into(expression, index); !done) return tl::unexpected(done.error());
    return expression;
  }

 private:
  using Op = Expression::Op;

  struct Binary {
    std::string_view sign;
    int precedence;
    Op op;
  };
  struct Function {
    std::string_view name;
    std::size_t arguments;
    Op op;
  };
  static const std::array<Binary, 19> kBinaries;
  static const std::array<Function, 25> kFunctions;

  Result<void> compile_into(Expression& out, std::size_t index);
  Result<void> parse_choice(Expression& out);
  Result<void> parse_binary(Expression& out, int least);
  Result<void> parse_unary(Expression& out);
  Result<void> parse_primary(Expression& out);
  Result<void> parse_number(Expression& out);
  Result<void> parse_name(Expression& out);
  Result<void> parse_call(Expression& out, std::string_view name, Span at);
  Result<void> add_named(Expression& out, std::string_view name, Span at);
  Result<void> add_field(Expression& out, std::string_view name, Span at);
  Result<void> add(Expression& out, Op op, double number = 0, std::uint32_t operand = 0);
  Result<void> add_operand(Expression& out, Expression::Operand operand);
  const Binary* next_binary();
  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }
  bool take(char c) {
    skip_space();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  tl::unexpected<Error> unexpected(std::string_view wanted) const;

  /// Counts brackets and operators that are open, for the length of a call.
  struct Deeper {
    explicit Deeper(std::size_t& open) : depth(open) { ++depth; }
    ~Deeper() { --depth; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    std::size_t& depth;
  };

  const std::span<const NamedExpression> sources_;
  const Timestamp now_;
  std::vector<std::size_t> under_way_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
};

/// Longer signs before those that they begin with.
constinit const std::array<ExpressionCompiler::Binary, 19> ExpressionCompiler::kBinaries = {{
    {">>>", 8, Op::shift_right_unsigned},
    {"<<", 8, Op::shift_left},
    {">>", 8, Op::shift_right},
    {"<=", 7, Op::less_or_equal},
    {">=", 7, Op::greater_or_equal},
    {"==", 6, Op::equal},
    {"!=", 6, Op::not_equal},
    {"&&", 2, Op::logical_and},
    {"||", 1, Op::logical_or},
    {"<", 7, Op::less},
    {">", 7, Op::greater},
    {"&", 5, Op::bit_and},
    {"^", 4, Op::bit_xor},
    {"|", 3, Op::bit_or},
    {"+", 9, Op::add},
    {"-", 9, Op::subtract},
    {"*", 10, Op::multiply},
    {"/", 10, Op::divide},
    {"%", 10, Op::remainder},
}};

constinit const std::array<ExpressionCompiler::Function, 25> ExpressionCompiler::kFunctions = {{
    {"abs", 1, Op::abs},           {"ceil", 1, Op::ceil},   {"exp", 1, Op::exp},
    {"floor", 1, Op::floor},       {"ln", 1, Op::ln},       {"log10", 1, Op::log10},
    {"logn", 2, Op::logn},         {"max", 2, Op::max},     {"min", 2, Op::min},
    {"pow", 2, Op::pow},           {"sqrt", 1, Op::sqrt},   {"acos", 1, Op::acos},
    {"acosh", 1, Op::acosh},       {"asin", 1, Op::asin},   {"asinh", 1, Op::asinh},
    {"atan", 1, Op::atan},         {"atan2", 2, Op::atan2}, {"atanh", 1, Op::atanh},
    {"cos", 1, Op::cos},           {"cosh", 1, Op::cosh},   {"sin", 1, Op::sin},
    {"sinh", 1, Op::sinh},         {"tan", 1, Op::tan},     {"tanh", 1, Op::tanh},
    {"haversin", 4, Op::haversin},
}};

tl::unexpected<Error> ExpressionCompiler::unexpected(std::string_view wanted) const {
  const bool end = at_ == text_.size();
  const std::string_view rest = text_.substr(at_);
  const std::string got = end ? "the end" : in_quotes(rest.substr(0, first_character(rest).size));
  return fail(ErrorCode::bad_query, "expected " + std::string(wanted) + ", got " + got,
              Span{at_, end ? at_ : std::min(text_.size(), at_ + first_character(rest).size)});
}

Result<void> ExpressionCompiler::compile_into(Expression& out, std::size_t index) {
  const std::string_view text = sources_[index].text;
  if (text.size() > kMaxExpressionTextBytes) {
    return fail(ErrorCode::too_large, "expected an expression of at most " +
                                          std::to_string(kMaxExpressionTextBytes) + " bytes, got " +
                                          std::to_string(text.size()));
  }
  if (const auto bad = find_invalid_utf8(text)) {
    return fail(ErrorCode::bad_query, "expected UTF-8, got a byte that is not",
                Span{*bad, *bad + 1});
  }
  const auto outer_text = std::exchange(text_, text);
  const auto outer_at = std::exchange(at_, 0);
  under_way_.push_back(index);
  if (auto parsed = parse_choice(out); !parsed) return parsed;
  skip_space();
  if (at_ < text_.size()) return unexpected("an operator or the end");
  under_way_.pop_back();
  text_ = outer_text;
  at_ = outer_at;
  return {};
}

Result<void> ExpressionCompiler::add(Expression& out, Op op, double number, std::uint32_t operand) {
  if (out.steps_.size() == kMaxExpressionOperations) {
    return fail(ErrorCode::too_large, "expected an expression of at most " +
                                          std::to_string(kMaxExpressionOperations) +
                                          " steps with those that it names, got more");
  }
  out.steps_.push_back({op, number, operand});
  return {};
}

/// condition [ "?" choice ":" choice ]
Result<void> ExpressionCompiler::parse_choice(Expression& out) {
  const Deeper deeper(depth_);
  if (depth_ > kMaxExpressionDepth) {
    return fail(ErrorCode::too_large,
                "expected at most " + std::to_string(kMaxExpressionDepth) +
                    " brackets and operators inside each other, got more",
                Span{at_, at_});
  }
  if (auto parsed = parse_binary(out, 1); !parsed) return parsed;
  if (!take('?')) return {};
  if (auto parsed = parse_choice(out); !parsed) return parsed;
  if (!take(':')) return unexpected("':'");
  if (auto parsed = parse_choice(out); !parsed) return parsed;
  return add(out, Op::choose);
}

const ExpressionCompiler::Binary* ExpressionCompiler::next_binary() {
  skip_space();
  const auto* const found = std::ranges::find_if(
      kBinaries, [&](const Binary& row) { return text_.substr(at_).starts_with(row.sign); });
  return found == kBinaries.end() ? nullptr : found;
}

/// Operators of at least this precedence; those of the same are read from the left.
Result<void> ExpressionCompiler::parse_binary(Expression& out, int least) {
  if (auto parsed = parse_unary(out); !parsed) return parsed;
  for (const Binary* row = next_binary(); row != nullptr && row->precedence >= least;
       row = next_binary()) {
    at_ += row->sign.size();
    if (auto parsed = parse_binary(out, row->precedence + 1); !parsed) return parsed;
    if (auto added = add(out, row->op); !added) return added;
  }
  return {};
}

Result<void> ExpressionCompiler::parse_unary(Expression& out) {
  std::vector<Op> signs;
  while (true) {
    if (take('-')) {
      signs.push_back(Op::negate);
    } else if (take('!')) {
      signs.push_back(Op::logical_not);
    } else if (take('~')) {
      signs.push_back(Op::bit_not);
    } else if (!take('+')) {
      break;
    }
  }
  if (auto parsed = parse_primary(out); !parsed) return parsed;
  for (auto sign = signs.rbegin(); sign != signs.rend(); ++sign) {
    if (auto added = add(out, *sign); !added) return added;
  }
  return {};
}

Result<void> ExpressionCompiler::parse_primary(Expression& out) {
  if (take('(')) {
    if (auto parsed = parse_choice(out); !parsed) return parsed;
    if (!take(')')) return unexpected("')'");
    return {};
  }
  const char c = at_ < text_.size() ? text_[at_] : '\0';
  if ((c >= '0' && c <= '9') || c == '.') return parse_number(out);
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@') {
    return parse_name(out);
  }
  return unexpected("a number, a field or '('");
}

/// Decimal, hexadecimal (0x1F) or octal (017).
Result<void> ExpressionCompiler::parse_number(Expression& out) {
  const std::string_view rest = text_.substr(at_);
  const char* const last = rest.data() + rest.size();
  const bool hex = rest.starts_with("0x") || rest.starts_with("0X");
  const bool octal = !hex && rest.size() > 1 && rest[0] == '0' && rest[1] >= '0' && rest[1] <= '7';
  double number = 0;
  std::from_chars_result read{};
  if (hex || octal) {
    std::uint64_t value = 0;
    read = std::from_chars(rest.data() + (hex ? 2 : 1), last, value, hex ? 16 : 8);
    number = static_cast<double>(value);
  } else {
    read = std::from_chars(rest.data(), last, number);
  }
  if (read.ec != std::errc() || !std::isfinite(number)) return unexpected("a number");
  at_ += static_cast<std::size_t>(read.ptr - rest.data());
  return add(out, Op::constant, number);
}

Result<void> ExpressionCompiler::parse_name(Expression& out) {
  constexpr std::string_view kNameCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.@";
  const std::size_t begin = at_;
  at_ = std::min(text_.find_first_not_of(kNameCharacters, at_), text_.size());
  const std::string_view name = text_.substr(begin, at_ - begin);
  const Span at{begin, at_};
  if (take('(')) return parse_call(out, name, at);
  return add_named(out, name, at);
}

/// The bracket is taken.
Result<void> ExpressionCompiler::parse_call(Expression& out, std::string_view name, Span at) {
  const auto* const found = std::ranges::find(kFunctions, name, &Function::name);
  if (found == kFunctions.end()) {
    return fail(ErrorCode::bad_query, "there is no function " + in_quotes(name), at);
  }
  const Function& function = *found;
  for (std::size_t i = 0; i < function.arguments; ++i) {
    if (i > 0 && !take(',')) return unexpected("','");
    if (auto parsed = parse_choice(out); !parsed) return parsed;
  }
  if (!take(')')) return unexpected("')'");
  return add(out, function.op);
}

Result<void> ExpressionCompiler::add_named(Expression& out, std::string_view name, Span at) {
  constexpr std::string_view kRandom = "_rand";
  const auto source = std::ranges::find(sources_, name, &NamedExpression::name);
  if (source != sources_.end()) {
    const auto index = static_cast<std::size_t>(source - sources_.begin());
    if (std::ranges::find(under_way_, index) != under_way_.end()) {
      return fail(ErrorCode::bad_query, "expression " + in_quotes(name) + " names itself", at);
    }
    const Deeper deeper(depth_);
    return compile_into(out, index);
  }
  if (name == "_time") {
    return add(out, Op::constant, static_cast<double>(now_.time_since_epoch().count()));
  }
  if (name == "_score") {
    Expression::Operand score;
    score.kind = Expression::Operand::Kind::score;
    return add_operand(out, std::move(score));
  }
  if (!name.starts_with(kRandom)) return add_field(out, name, at);
  Expression::Operand random;
  random.kind = Expression::Operand::Kind::random;
  random.seed = name.substr(kRandom.size());
  return add_operand(out, std::move(random));
}

Result<void> ExpressionCompiler::add_field(Expression& out, std::string_view name, Span at) {
  const Field* const field = find_field(name);
  if (field == nullptr) {
    return fail(ErrorCode::bad_query, "field (" + shortened(name) + ") does not exist.", at);
  }
  const bool fits = field->column && !field->multi &&
                    (field->type == FieldType::integer || field->type == FieldType::time);
  if (!fits) {
    return fail(ErrorCode::bad_query,
                "expected a field of numbers or times, got " + in_quotes(name), at);
  }
  Expression::Operand operand;
  operand.field = index_of(*field);
  return add_operand(out, std::move(operand));
}

Result<void> ExpressionCompiler::add_operand(Expression& out, Expression::Operand operand) {
  auto& operands = out.operands_;
  auto found = std::ranges::find(operands, operand);
  if (found == operands.end()) found = operands.insert(operands.end(), std::move(operand));
  return add(out, Op::operand, 0, static_cast<std::uint32_t>(found - operands.begin()));
}

Result<std::vector<Expression>> compile_expressions(std::span<const NamedExpression> sources,
                                                    Timestamp now, std::size_t* wrong) {
  if (sources.size() > kMaxExpressions) {
    return fail(ErrorCode::too_large, "expected at most " + std::to_string(kMaxExpressions) +
                                          " expressions, got " + std::to_string(sources.size()));
  }
  std::vector<Expression> compiled;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    auto expression = ExpressionCompiler(sources, now).compile(i);
    if (wrong != nullptr) *wrong = i;
    if (!expression) return tl::unexpected(expression.error());
    compiled.push_back(std::move(*expression));
  }
  return compiled;
}

}  // namespace trailsift::query
