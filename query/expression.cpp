#include "query/expression.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>

#include "query/expression_ops.h"
#include "schema/number.h"

namespace trailsift::query {
namespace {

constexpr double kTwoTo63 = 9223372036854775808.0;

/// For operators on bits; what does not fit is the nearest that does, no number is 0.
std::int64_t whole(double number) {
  if (std::isnan(number)) return 0;
  if (number >= kTwoTo63) return std::numeric_limits<std::int64_t>::max();
  if (number <= -kTwoTo63) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(number);
}

std::uint64_t bits(double number) {
  return static_cast<std::uint64_t>(whole(number));
}

double of_bits(std::uint64_t value) {
  return static_cast<double>(static_cast<std::int64_t>(value));
}

unsigned distance(double number) {
  return static_cast<unsigned>(bits(number) & 63U);
}

/// The way over the surface of the earth between two points given in degrees, in kilometres.
double haversin(double lat1, double lon1, double lat2, double lon2) {
  constexpr double kEarthDiameter = 2 * 6371.0087714;
  constexpr double kRadians = std::numbers::pi / 180;
  const double half_lat = std::sin((lat2 - lat1) * kRadians / 2);
  const double half_lon = std::sin((lon2 - lon1) * kRadians / 2);
  const double h = half_lat * half_lat +
                   std::cos(lat1 * kRadians) * std::cos(lat2 * kRadians) * half_lon * half_lon;
  return kEarthDiameter * std::asin(std::min(1.0, std::sqrt(h)));
}

double take(std::vector<double>& stack) {
  const double top = stack.back();
  stack.pop_back();
  return top;
}

}  // namespace

/// Nothing for an operator of more than one number.
std::optional<double> Expression::of_one(Op op, double a) {
  switch (op) {
    case Op::negate: return -a;
    case Op::logical_not: return a == 0 ? 1 : 0;
    case Op::bit_not: return of_bits(~bits(a));
    case Op::abs: return std::abs(a);
    case Op::ceil: return std::ceil(a);
    case Op::exp: return std::exp(a);
    case Op::floor: return std::floor(a);
    case Op::ln: return std::log(a);
    case Op::log10: return std::log10(a);
    case Op::sqrt: return std::sqrt(a);
    case Op::acos: return std::acos(a);
    case Op::acosh: return std::acosh(a);
    case Op::asin: return std::asin(a);
    case Op::asinh: return std::asinh(a);
    case Op::atan: return std::atan(a);
    case Op::atanh: return std::atanh(a);
    case Op::cos: return std::cos(a);
    case Op::cosh: return std::cosh(a);
    case Op::sin: return std::sin(a);
    case Op::sinh: return std::sinh(a);
    case Op::tan: return std::tan(a);
    case Op::tanh: return std::tanh(a);
    default: return std::nullopt;
  }
}

double Expression::of_two(Op op, double a, double b) {
  switch (op) {
    case Op::multiply: return a * b;
    case Op::divide: return a / b;
    case Op::remainder: return std::fmod(a, b);
    case Op::add: return a + b;
    case Op::subtract: return a - b;
    case Op::shift_left: return of_bits(bits(a) << distance(b));
    case Op::shift_right: return static_cast<double>(whole(a) >> distance(b));
    case Op::shift_right_unsigned: return static_cast<double>(bits(a) >> distance(b));
    case Op::less: return a < b ? 1 : 0;
    case Op::less_or_equal: return a <= b ? 1 : 0;
    case Op::greater: return a > b ? 1 : 0;
    case Op::greater_or_equal: return a >= b ? 1 : 0;
    case Op::equal: return a == b ? 1 : 0;
    case Op::not_equal: return a != b ? 1 : 0;
    case Op::bit_and: return of_bits(bits(a) & bits(b));
    case Op::bit_xor: return of_bits(bits(a) ^ bits(b));
    case Op::bit_or: return of_bits(bits(a) | bits(b));
    case Op::logical_and: return a != 0 && b != 0 ? 1 : 0;
    case Op::logical_or: return a != 0 || b != 0 ? 1 : 0;
    case Op::logn: return std::log(b) / std::log(a);
    case Op::max: return std::max(a, b);
    case Op::min: return std::min(a, b);
    case Op::pow: return std::pow(a, b);
    case Op::atan2: return std::atan2(a, b);
    default: return b;
  }
}

void Expression::apply(Op op, std::vector<double>& stack) {
  const double last = take(stack);
  if (const auto result = of_one(op, last)) return stack.push_back(*result);
  if (op == Op::choose) {
    const double then = take(stack);
    stack.back() = stack.back() != 0 ? then : last;
  } else if (op == Op::haversin) {
    const double lat2 = take(stack);
    const double lon1 = take(stack);
    stack.back() = haversin(stack.back(), lon1, lat2, last);
  } else {
    stack.back() = of_two(op, stack.back(), last);
  }
}

std::uint64_t Expression::evaluate(std::span<const double> operands) const {
  thread_local std::vector<double> stack;
  stack.clear();
  for (const Step& step : steps_) {
    if (step.op == Op::constant) {
      stack.push_back(step.number);
    } else if (step.op == Op::operand) {
      stack.push_back(operands[step.operand]);
    } else {
      apply(step.op, stack);
    }
  }
  const double result = std::round(stack.back());
  if (!(result > 0) || std::isinf(result)) return 0;
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return result >= kTwoTo63 ? kMost : static_cast<std::uint64_t>(result);
}

double number_of_value(FieldType type, std::string_view value) {
  if (type == FieldType::time) {
    const auto time = parse_time(value);
    return time ? static_cast<double>(time->time_since_epoch().count()) : 0;
  }
  return parse_number<double>(value).value_or(0);
}

double random_of(std::string_view seed, std::string_view event_id) {
  // FNV-1a with a finish, since its high bits change little with the last bytes.
  std::uint64_t hash = 14695981039346656037U;
  for (const std::string_view text : {seed, std::string_view("\0", 1), event_id}) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }
  hash ^= hash >> 33U;
  hash *= 0xff51afd7ed558ccdU;
  return static_cast<double>(hash >> 33U);
}

double operand_value(const Expression::Operand& operand, const Event& event, double score) {
  if (operand.kind == Expression::Operand::Kind::random) return random_of(operand.seed, event.id);
  if (operand.kind == Expression::Operand::Kind::score) return score;
  const auto value = value_of(event, operand.field);
  return value ? number_of_value(field_at(operand.field).type, *value) : 0;
}

}  // namespace trailsift::query
