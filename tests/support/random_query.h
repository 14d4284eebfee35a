#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/event.h"

namespace trailsift::test {

/// Makes random queries in structured syntax about given events: every operator, option and form,
/// with values that the events have (hits) and values changed a little (misses). Each one parses.
/// The same seed and events give the same queries. Borrows the events, of which there must be one.
class RandomQuery {
 public:
  RandomQuery(std::uint64_t seed, std::span<const Event> events);

  std::string next();

 private:
  std::string expression(int depth);
  std::string group(int depth);
  std::string condition();
  std::string field_condition();
  std::string leaf_condition();
  std::string time_condition();
  std::string account_words();
  std::string words_condition();
  std::string pieces_condition();
  std::string text_prefix_condition();
  std::string scoped_group();

  std::string equals(std::string_view name, const std::string& operand);
  std::string wildcard(std::string_view name, std::string_view value);
  std::string prefix(std::string_view name, std::string_view value);
  std::string range(std::string_view name, const std::string& a, const std::string& b);
  std::string field_option(std::string_view name);
  std::string boost();
  std::string space();
  std::string field_name(const Field& field);
  std::string text_field_of(const Leaf& from);
  std::string changed(std::string value);
  std::string recased(std::string text);
  std::string value_near(const Field& field, const std::string& value);
  std::string time_near(Timestamp time);
  std::vector<std::string> run_of_pieces(const Leaf& from, std::size_t most);

  std::size_t below(std::size_t count);
  bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }
  const Event& event() { return events_[below(events_.size())]; }
  const Leaf& leaf();

  std::mt19937_64 random_;
  std::span<const Event> events_;
};

}  // namespace trailsift::test
