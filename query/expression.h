#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"
#include "schema/event.h"
#include "schema/field.h"
#include "schema/time.h"

namespace trailsift::query {

constexpr std::size_t kMaxExpressionTextBytes = 10'240;
constexpr std::size_t kMaxExpressionDepth = 128;  ///< Brackets and operators inside each other.
constexpr std::size_t kMaxExpressionOperations = 10'000;  ///< With the expressions that it names.
constexpr std::size_t kMaxExpressions = 50;

/// A number worked out from an event's numbers and times, compiled. Any thread.
class Expression {
 public:
  /// What differs from event to event.
  struct Operand {
    enum class Kind : std::uint8_t {
      field,  ///< The value of an integer, or the milliseconds since 1970 of a time; 0 without one.
      random,  ///< random_of() the event's id.
      score,   ///< How well the event answers the query.
    };
    Kind kind = Kind::field;
    FieldIndex field{};
    std::string seed = {};
    friend bool operator==(const Operand&, const Operand&) = default;
  };

  std::span<const Operand> operands() const { return operands_; }
  bool has_operand(Operand::Kind kind) const {
    return std::ranges::any_of(operands_, [kind](const Operand& one) { return one.kind == kind; });
  }

  /// The result for these operands, rounded to a whole number from 0 to 2^63 - 1. What is below 0
  /// or no number is 0.
  std::uint64_t evaluate(std::span<const double> operands) const;

 private:
  friend class ExpressionCompiler;

  enum class Op : std::uint8_t;
  struct Step {
    Op op;
    double number = 0;          ///< Of a constant.
    std::uint32_t operand = 0;  ///< Of an operand: which.
  };
  static void apply(Op op, std::vector<double>& stack);
  static std::optional<double> of_one(Op op, double a);
  static double of_two(Op op, double a, double b);

  std::vector<Step> steps_;  // In the order of a stack machine.
  std::vector<Operand> operands_;
};

struct NamedExpression {
  std::string name;
  std::string text;
};

/// Compiles expressions, which may name each other but not in a circle. Operators are those of
/// JavaScript with its precedence; docs/api.md lists them and the functions. An error is a
/// bad_query or too_large about the first wrong expression, which `wrong`, if given, is set to;
/// positions are in its text.
Result<std::vector<Expression>> compile_expressions(std::span<const NamedExpression> sources,
                                                    Timestamp now, std::size_t* wrong = nullptr);

/// The value of an operand in one event with this score.
double operand_value(const Expression::Operand& operand, const Event& event, double score = 0);

/// A value as a number: times as milliseconds since 1970.
double number_of_value(FieldType type, std::string_view value);

/// A whole number below 2^31 that a seed gives an event, the same each time.
double random_of(std::string_view seed, std::string_view event_id);

}  // namespace trailsift::query
