#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace trailsift::cli {

/// What each clause of a query does, as a list: a clause, then its parts one deeper.
struct ExplainedQuery {
  struct Clause {
    std::size_t depth = 0;
    std::string text;
    std::optional<std::uint64_t> hits, without;  ///< See query/explain.h.
  };
  std::vector<Clause> clauses;
  std::uint64_t total = 0;
  std::uint64_t any_time = 0;  ///< Of a query with a time range, hits without it.
};

}  // namespace trailsift::cli
