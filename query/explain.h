#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "query/deadline.h"
#include "query/outline.h"
#include "query/search.h"
#include "schema/error.h"
#include "store/store.h"

namespace trailsift::query {

constexpr std::size_t kMaxExplained = 100;  ///< Clauses with counts; further ones have none.

/// What a clause does to the number of hits.
struct ExplainedClause {
  std::optional<std::uint64_t> hits;     ///< Events in the time range that answer it alone.
  std::optional<std::uint64_t> without;  ///< Hits of the whole query if it were left out.
  std::vector<ExplainedClause> children;
};

struct Explanation {
  std::uint64_t total = 0;               ///< Hits of the whole, in the time range.
  std::uint64_t any_time = 0;            ///< And without the time range.
  std::vector<ExplainedClause> clauses;  ///< As they were given.
};

/// Counts what each of the clauses does, all of which hits must answer.
Result<Explanation> explain(const store::Snapshot& snapshot, const std::vector<Outline>& clauses,
                            const InTime& time, const Help& help, const Deadline& deadline);

}  // namespace trailsift::query
