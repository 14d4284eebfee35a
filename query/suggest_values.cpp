#include "query/suggest_values.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <span>
#include <utility>

#include "query/folded.h"
#include "query/live_values.h"
#include "query/value_search.h"

namespace trailsift::query {
namespace {

constexpr std::uint32_t kSmallDictionary = 4096;  // Values of it are all looked at.
constexpr std::uint32_t kMostVisited = 4096;      // Values of larger ones, for each beginning.
constexpr std::size_t kVariedLetters = 3;
constexpr store::DocId kMostCounted = 50'000;  // Events of a segment that are counted each time.

/// Twice as many as are wanted are counted over all segments: what is frequent in one need not be
/// in others.
std::size_t candidates_for(std::size_t limit) {
  return std::clamp<std::size_t>(2 * limit, 32, kMostVisited);
}

/// The beginnings that differ from `text` in the case of their first letters.
std::set<std::string> variants_of(std::string_view text) {
  std::set<std::string> variants = {std::string(text.substr(0, kVariedLetters))};
  for (std::size_t i = 0; i < std::min(text.size(), kVariedLetters); ++i) {
    for (const std::string& variant : std::set(variants)) {
      std::string other = variant;
      const char c = other[i];
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (letter) other[i] = static_cast<char>(c ^ 0x20);
      variants.insert(std::move(other));
    }
  }
  return variants;
}

/// How many events of a segment have each value of a column.
class RankCounts {
 public:
  RankCounts(const store::Segment& segment, const store::Column& column) {
    if (!segment.deleted().empty()) {
      by_rank_ = live_counts(segment, column);
      return;
    }
    by_ordinal_ = column.totals();
    if (by_ordinal_.empty() && segment.size() <= kMostCounted) {
      counted_.resize(column.ordinal_count());
      column.count(store::DocRange{0, segment.size()}, counted_);
      by_ordinal_ = counted_;
    }
    if (!by_ordinal_.empty() && column.has_tuples()) add_up(column);
  }

  RankCounts(const RankCounts&) = delete;  // Its numbers may be its own.
  RankCounts(RankCounts&&) = default;
  RankCounts& operator=(const RankCounts&) = delete;
  RankCounts& operator=(RankCounts&&) = default;
  ~RankCounts() = default;

  /// False where the column does not know how often its ordinals occur, and counting would take
  /// long.
  bool known() const { return !by_rank_.empty() || !by_ordinal_.empty(); }
  /// If they are known.
  std::uint64_t operator[](std::uint32_t rank) const {
    return by_rank_.empty() ? by_ordinal_[rank + 1] : by_rank_[rank];
  }

 private:
  void add_up(const store::Column& column) {
    by_rank_.resize(column.value_count());
    for (std::uint32_t ordinal = 1; ordinal < by_ordinal_.size(); ++ordinal) {
      for (const std::uint32_t rank : column.ranks(ordinal)) by_rank_[rank] += by_ordinal_[ordinal];
    }
  }

  std::vector<std::uint64_t> by_rank_;
  std::vector<std::uint32_t> counted_;
  std::span<const std::uint32_t> by_ordinal_;  // Of the column, or of counted_.
};

/// Gathers the values of all segments.
class Gathered {
 public:
  Gathered(FieldIndex field, std::string_view beginning, std::size_t limit, std::size_t segments)
      : field_(field),
        beginning_(beginning),
        limit_(limit),
        most_visited_(std::max<std::uint32_t>(
            kMostVisited / static_cast<std::uint32_t>(std::max<std::size_t>(segments, 1)), 64)) {}

  Result<void> add(const store::Segment& segment) {
    const auto found = segment.column(field_);
    if (!found) return tl::unexpected(found.error());
    const store::Column* const column = *found;
    if (column == nullptr) return {};
    searched_.push_back({column, RankCounts(segment, *column)});
    const bool small = column->value_count() <= kSmallDictionary;
    if (small || !sorts_by_bytes(field_at(field_).type)) {
      visit(all_ranks(*column), {}, small ? kSmallDictionary : most_visited_,
            [this](std::string_view value) { return contains_folded(value, beginning_); });
      return {};
    }
    const RankRange exact = ranks_with_prefix(*column, beginning_);
    add_most_frequent(exact);
    for (const std::string& variant : variants_of(beginning_)) {
      visit(ranks_with_prefix(*column, variant), exact, most_visited_,
            [this](std::string_view value) { return starts_with_folded(value, beginning_); });
    }
    return {};
  }

  SuggestedValues take() {
    SuggestedValues result{{}, complete_};
    for (auto& [value, count] : values_) result.values.push_back({value, count});
    keep_first(result.values, candidates_for(limit_));
    for (SuggestedValue& suggested : result.values) suggested.count = count_of(suggested.value);
    keep_first(result.values, limit_);
    return result;
  }

 private:
  struct Searched {
    const store::Column* column;
    RankCounts counts;
  };

  void keep_first(std::vector<SuggestedValue>& values, std::size_t most) const {
    std::ranges::stable_sort(values, [&](const SuggestedValue& a, const SuggestedValue& b) {
      const bool a_begins = starts_with_folded(a.value, beginning_);
      const bool b_begins = starts_with_folded(b.value, beginning_);
      if (a_begins != b_begins) return a_begins;
      constexpr auto kUnknown = std::numeric_limits<std::uint64_t>::max();
      return a.count.value_or(kUnknown) > b.count.value_or(kUnknown);
    });
    if (values.size() > most) values.resize(most);
  }

  /// In all segments.
  std::optional<std::uint64_t> count_of(std::string_view value) const {
    std::uint64_t count = 0;
    for (const auto& [column, counts] : searched_) {
      const auto rank = column->find(value);
      if (!rank) continue;
      if (!counts.known()) return std::nullopt;
      count += counts[*rank];
    }
    return count;
  }

  void add_value(std::string_view value, std::uint32_t rank) {
    const RankCounts& counts = searched_.back().counts;
    if (counts.known() && counts[rank] == 0) return;  // All deleted.
    const auto [at, is_new] = values_.try_emplace(std::string(value), std::uint64_t{0});
    if (!counts.known()) at->second.reset();
    if (at->second) *at->second += counts[rank];
  }

  /// Of these values, all of which begin so, those that most events have.
  void add_most_frequent(RankRange exact) {
    const auto& [column, counts] = searched_.back();
    std::vector<std::uint32_t> all(exact.end - exact.begin);
    std::iota(all.begin(), all.end(), exact.begin);
    std::vector<std::uint32_t> ranks(std::min(candidates_for(limit_), all.size()));
    complete_ = complete_ && ranks.size() == all.size();
    if (counts.known()) {
      const auto count = [&counts = counts](std::uint32_t rank) { return counts[rank]; };
      std::ranges::partial_sort_copy(all, ranks, std::greater{}, count, count);
    } else {
      std::copy_n(all.begin(), ranks.size(), ranks.begin());
    }
    for (const std::uint32_t rank : ranks) add_value(column->value(rank), rank);
  }

  /// Adds the values of the range that are taken, but for those that were looked at before.
  template <class Takes>
  void visit(RankRange range, RankRange before, std::uint32_t most, const Takes& takes) {
    store::Dictionary::Cursor cursor(searched_.back().column->dictionary(), range.begin);
    for (std::uint32_t visited = 0; cursor.rank() < range.end; cursor.next()) {
      if (cursor.rank() == before.begin && before.begin < before.end) cursor.seek(before.end);
      if (cursor.rank() >= range.end) return;
      if (++visited > most) {
        complete_ = false;
        return;
      }
      if (takes(cursor.value())) add_value(cursor.value(), cursor.rank());
    }
  }

  const FieldIndex field_;
  const std::string_view beginning_;
  const std::size_t limit_;
  const std::uint32_t most_visited_;  // Values of a segment, for each beginning.
  std::vector<Searched> searched_;
  std::map<std::string, std::optional<std::uint64_t>, std::less<>> values_;
  bool complete_ = true;
};

}  // namespace

Result<SuggestedValues> suggest_values(const store::Snapshot& snapshot, FieldIndex field,
                                       std::string_view beginning, std::size_t limit,
                                       const Deadline& deadline) {
  Gathered gathered(field, beginning, limit, snapshot.segments.size());
  for (const auto& segment : snapshot.segments) {
    if (const auto in_time = deadline.check(); !in_time) return tl::unexpected(in_time.error());
    if (const auto added = gathered.add(*segment); !added) return tl::unexpected(added.error());
  }
  return gathered.take();
}

}  // namespace trailsift::query
