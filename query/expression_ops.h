#pragma once

#include <cstdint>

#include "query/expression.h"

namespace trailsift::query {

/// What a step does with the numbers on top of the stack.
enum class Expression::Op : std::uint8_t {
  constant,
  operand,
  negate,
  logical_not,
  bit_not,
  multiply,
  divide,
  remainder,
  add,
  subtract,
  shift_left,
  shift_right,
  shift_right_unsigned,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  equal,
  not_equal,
  bit_and,
  bit_xor,
  bit_or,
  logical_and,
  logical_or,
  choose,
  abs,
  ceil,
  exp,
  floor,
  ln,
  log10,
  logn,
  max,
  min,
  pow,
  sqrt,
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cos,
  cosh,
  sin,
  sinh,
  tan,
  tanh,
  haversin,
};

}  // namespace trailsift::query
