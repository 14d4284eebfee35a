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

void Expression::apply(Op op, std::vector<double>& stack) {
  const double b = take(stack);
  const auto unary = [&](double result) { stack.push_back(result); };
  switch (op) {
    case Op::negate: return unary(-b);
    case Op::logical_not: return unary(b == 0 ? 1 : 0);
    case Op::bit_not: return unary(of_bits(~bits(b)));
    case Op::abs: return unary(std::abs(b));
    case Op::ceil: return unary(std::ceil(b));
    case Op::exp: return unary(std::exp(b));
    case Op::floor: return unary(std::floor(b));
    case Op::ln: return unary(std::log(b));
    case Op::log10: return unary(std::log10(b));
    case Op::sqrt: return unary(std::sqrt(b));
    case Op::acos: return unary(std::acos(b));
    case Op::acosh: return unary(std::acosh(b));
    case Op::asin: return unary(std::asin(b));
    case Op::asinh: return unary(std::asinh(b));
    case Op::atan: return unary(std::atan(b));
    case Op::atanh: return unary(std::atanh(b));
    case Op::cos: return unary(std::cos(b));
    case Op::cosh: return unary(std::cosh(b));
    case Op::sin: return unary(std::sin(b));
    case Op::sinh: return unary(std::sinh(b));
    case Op::tan: return unary(std::tan(b));
    case Op::tanh: return unary(std::tanh(b));
    default: break;
  }
  double& a = stack.back();
  switch (op) {
    case Op::multiply: a *= b; break;
    case Op::divide: a /= b; break;
    case Op::remainder: a = std::fmod(a, b); break;
    case Op::add: a += b; break;
    case Op::subtract: a -= b; break;
    case Op::shift_left: a = of_bits(bits(a) << distance(b)); break;
    case Op::shift_right: a = static_cast<double>(whole(a) >> distance(b)); break;
    case Op::shift_right_unsigned: a = static_cast<double>(bits(a) >> distance(b)); break;
    case Op::less: a = a < b ? 1 : 0; break;
    case Op::less_or_equal: a = a <= b ? 1 : 0; break;
    case Op::greater: a = a > b ? 1 : 0; break;
    case Op::greater_or_equal: a = a >= b ? 1 : 0; break;
    case Op::equal: a = a == b ? 1 : 0; break;
    case Op::not_equal: a = a != b ? 1 : 0; break;
    case Op::bit_and: a = of_bits(bits(a) & bits(b)); break;
    case Op::bit_xor: a = of_bits(bits(a) ^ bits(b)); break;
    case Op::bit_or: a = of_bits(bits(a) | bits(b)); break;
    case Op::logical_and: a = a != 0 && b != 0 ? 1 : 0; break;
    case Op::logical_or: a = a != 0 || b != 0 ? 1 : 0; break;
    case Op::logn: a = std::log(b) / std::log(a); break;
    case Op::max: a = std::max(a, b); break;
    case Op::min: a = std::min(a, b); break;
    case Op::pow: a = std::pow(a, b); break;
    case Op::atan2: a = std::atan2(a, b); break;
    case Op::choose: {
      const double then = take(stack);
      stack.back() = stack.back() != 0 ? then : b;
      break;
    }
    case Op::haversin: {
      const double lat2 = take(stack);
      const double lon1 = take(stack);
      stack.back() = haversin(stack.back(), lon1, lat2, b);
      break;
    }
    default: break;
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
