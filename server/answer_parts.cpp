#include "server/answer_parts.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include <fmt/chrono.h>
#include <fmt/core.h>

#include "schema/flatten.h"
#include "schema/number.h"
#include "server/search_answer.h"

namespace trailsift::server {
namespace {

using Kind = StatsFigure::Kind;

/// With milliseconds, whatever they are.
std::string stats_time(const std::string& canonical) {
  const auto time = parse_time(canonical);
  if (!time) return canonical;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(*time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", seconds, (*time - seconds).count());
}

template <class Number>
std::string shortest(Number number) {
  std::array<char, 64> digits{};
  const auto [end, error] = std::to_chars(digits.begin(), digits.end(), number);
  std::string text(digits.begin(), end);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string bound_text(const query::NumberStats& stats, const std::string& value) {
  const bool time = field_at(stats.field).type == FieldType::time;
  return time ? stats_time(value) : text_of(parse_number<double>(value).value_or(0));
}

}  // namespace

std::string text_of(double number) {
  return shortest(number);
}

std::uint64_t percent_of(const query::Coverage& coverage) {
  return coverage.events == 0 ? 100 : coverage.searched * 100 / coverage.events;
}

std::string score_text(double score) {
  return shortest(static_cast<float>(score));
}

std::vector<std::string_view> shown_values(const ReturnedField& returned, const Event& event) {
  const Field& field = field_at(returned.field);
  std::vector<std::string_view> shown;
  if (field.origin == Origin::subtree) {
    if (field.path.empty()) {
      shown.emplace_back(event.json);
    } else if (const auto text = subtree_json(event.json, field)) {
      shown.push_back(*text);
    }
    return shown;
  }
  for (const FieldValue& value : values_of(event, returned.field)) {
    shown.emplace_back(value.value);
    if (!field.multi) break;
  }
  return shown;
}

std::vector<std::pair<std::string_view, std::string>> excerpts_of(const SearchCall& call,
                                                                  const Event& event) {
  std::vector<std::pair<std::string_view, std::string>> excerpts;
  for (const HighlightedField& one : call.highlights) {
    const query::HighlightWords words(call.main_query, one.field);
    for (const std::string_view text : shown_values({one.label, one.field}, event)) {
      auto excerpt = words.excerpt(text, one.style);
      if (!excerpt) continue;
      excerpts.emplace_back(one.label, std::move(*excerpt));
      break;
    }
  }
  return excerpts;
}

std::vector<std::pair<std::string_view, std::string>> expressions_of(const SearchCall& call,
                                                                     const Event& event,
                                                                     double score) {
  std::vector<std::pair<std::string_view, std::string>> values;
  for (const std::size_t index : call.returned_expressions) {
    const query::Expression& expression = *call.compiled[index];
    std::vector<double> operands;
    for (const auto& operand : expression.operands()) {
      operands.push_back(query::operand_value(operand, event, score));
    }
    values.emplace_back(call.expressions[index].name,
                        std::to_string(expression.evaluate(operands)));
  }
  return values;
}

std::vector<StatsFigure> figures_of(const query::NumberStats& stats) {
  std::vector<StatsFigure> figures;
  if (stats.min) figures.push_back({"min", Kind::text, bound_text(stats, *stats.min)});
  if (stats.max) figures.push_back({"max", Kind::text, bound_text(stats, *stats.max)});
  figures.push_back({"count", Kind::count, {}, stats.count});
  figures.push_back({"missing", Kind::count, {}, stats.missing});
  if (field_at(stats.field).type == FieldType::time) return figures;
  figures.push_back({"sum", Kind::real, {}, 0, stats.sum});
  figures.push_back({"sumOfSquares", Kind::real, {}, 0, stats.sum_of_squares});
  const auto count = static_cast<double>(stats.count);
  if (stats.count > 0) figures.push_back({"mean", Kind::text, text_of(stats.sum / count)});
  const double variance = stats.count < 2 ? 0
                                          : (count * stats.sum_of_squares - stats.sum * stats.sum) /
                                                (count * (count - 1));
  figures.push_back({"stddev", Kind::real, {}, 0, std::sqrt(std::max(variance, 0.0))});
  return figures;
}

Result<void> check_answer_size(std::size_t bytes) {
  if (bytes <= kMaxAnswerBytes) return {};
  return fail(ErrorCode::too_large, "the answer passes the limit of " +
                                        std::to_string(kMaxAnswerBytes) +
                                        " bytes: ask for fewer hits or fields");
}

}  // namespace trailsift::server
