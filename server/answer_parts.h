#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/search.h"
#include "server/search_call.h"

namespace trailsift::server {

/// What the answers in JSON and in XML have in common.

/// The values of a field as an answer shows them; none when the event has none.
std::vector<std::string_view> shown_values(const ReturnedField& returned, const Event& event);

/// The excerpts of one hit, by the name of the field: those that were asked for and found.
std::vector<std::pair<std::string_view, std::string>> excerpts_of(const SearchCall& call,
                                                                  const Event& event);

/// The expressions that are returned of one hit, by name.
std::vector<std::pair<std::string_view, std::string>> expressions_of(const SearchCall& call,
                                                                     const Event& event,
                                                                     double score);

/// One figure of a field's statistics: its name, and its text or its number.
struct StatsFigure {
  enum class Kind : std::uint8_t { text, count, real };
  std::string_view name;
  Kind kind = Kind::count;
  std::string text = {};
  std::uint64_t count = 0;
  double real = 0;
};
/// In the order of the contract. Times have neither sums nor means.
std::vector<StatsFigure> figures_of(const query::NumberStats& stats);

/// Shortest text that reads back as this number, with a point: "12.0".
std::string text_of(double number);

/// How much was searched, in whole percent.
std::uint64_t percent_of(const query::Coverage& coverage);

/// A score with as many digits as single precision has; the last of the others are noise.
std::string score_text(double score);

/// too_large when an answer has grown past kMaxAnswerBytes.
Result<void> check_answer_size(std::size_t bytes);

}  // namespace trailsift::server
