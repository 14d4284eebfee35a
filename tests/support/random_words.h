#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>

#include "schema/event.h"

namespace trailsift::test {

/// Makes random queries about given events in the languages that are words with signs between
/// them. Each one parses. The same seed and events give the same queries. Borrows the events, of
/// which there must be one.
class RandomWords {
 public:
  RandomWords(std::uint64_t seed, std::span<const Event> events);

  std::string simple();
  std::string lucene();
  std::string dismax();

 private:
  std::string simple_clauses(int depth);
  std::string lucene_clauses(int depth);
  std::string lucene_clause(int depth);
  std::string lucene_field();
  std::string lucene_value(const Field& field, const std::string& value);
  std::string word();
  std::string phrase(bool slop);
  std::string edits();

  std::size_t below(std::size_t count) { return static_cast<std::size_t>(random_() % count); }
  bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }
  const Event& event() { return events_[below(events_.size())]; }

  std::mt19937_64 random_;
  std::span<const Event> events_;
};

}  // namespace trailsift::test
