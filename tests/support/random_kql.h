#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "query/kql_syntax.h"
#include "schema/event.h"

namespace trailsift::test {

/// Makes random queries in the everyday language about given events: every kind of condition, with
/// values that the events have and values changed a little. Each one parses. The same seed and
/// events give the same queries. Borrows the events, of which there must be one.
class RandomKql {
 public:
  RandomKql(std::uint64_t seed, std::span<const Event> events) : random_(seed), events_(events) {}

  std::string next();

 private:
  using Node = query::kql::Node;
  using Name = query::kql::Name;
  using Value = query::kql::Value;
  using Parts = query::kql::Parts;

  Node expression(int depth);
  Node group(int depth);
  Node condition();
  Node field_condition();
  Node typed_condition(Name name, const FieldValue& from);
  Node leaf_condition();
  Node free_condition();
  Node time_condition();
  Node address_condition();
  Node list_condition();
  Node reference_condition();
  Node expression_condition();
  Node range(Name name, std::string_view a, std::string_view b);

  Value text(Parts parts) { return {Value::Kind::text, std::move(parts), {}}; }
  Node compare(Name name, Value value);
  Parts parts_of(std::string value);
  Name name_of(const Field& field);
  std::string changed(std::string value);
  std::string recased(std::string value);
  std::string stretch_of(const std::string& value);
  std::string time_text(Timestamp time);

  std::size_t below(std::size_t count) { return static_cast<std::size_t>(random_() % count); }
  bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }
  const Event& event() { return events_[below(events_.size())]; }
  const Leaf& leaf();

  std::mt19937_64 random_;
  std::span<const Event> events_;
};

}  // namespace trailsift::test
