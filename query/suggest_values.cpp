#include "query/suggest_values.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "query/folded.h"
#include "query/live_values.h"

namespace trailsift::query {
namespace {

constexpr std::uint32_t kSmallDictionary = 4096;  // Values of it are all looked at.
constexpr std::uint32_t kMostVisited = 4096;      // Values of a larger one, for each beginning.
constexpr std::size_t kVariedLetters = 3;
constexpr store::DocId kMostCounted = 50'000;  // Events of a segment that are counted each time.

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

/// Gathers the values of all segments.
class Gathered {
 public:
  Gathered(FieldIndex field, std::string_view beginning) : field_(field), beginning_(beginning) {}

  Result<void> add(const store::Segment& segment) {
    const auto found = segment.column(field_);
    if (!found) return tl::unexpected(found.error());
    const store::Column* const column = *found;
    if (column == nullptr) return {};
    some_deleted_ = !segment.deleted().empty();
    if (some_deleted_) {
      counts_ = live_counts(segment, *column);
    } else {
      count_ranks(*column, segment.size());
    }
    const bool by_bytes = sorts_by_bytes(field_at(field_).type);
    if (column->value_count() <= kSmallDictionary || !by_bytes) {
      store::Dictionary::Cursor cursor(column->dictionary());
      visit(cursor, std::max(kSmallDictionary, kMostVisited),
            [this](std::string_view value) { return contains_folded(value, beginning_); });
      return {};
    }
    for (const std::string& variant : variants_of(beginning_)) {
      const std::uint32_t first = column->lower_bound(variant);
      if (first >= column->value_count()) continue;
      store::Dictionary::Cursor cursor(column->dictionary(), first);
      visit_beginning(cursor, variant);
    }
    return {};
  }

  SuggestedValues take(std::size_t limit) {
    SuggestedValues result{{}, complete_};
    for (auto& [value, count] : values_) result.values.push_back({value, count});
    std::ranges::stable_sort(result.values, [&](const auto& a, const auto& b) {
      const bool a_begins = starts_with_folded(a.value, beginning_);
      const bool b_begins = starts_with_folded(b.value, beginning_);
      if (a_begins != b_begins) return a_begins;
      return a.count.value_or(0) > b.count.value_or(0);
    });
    if (result.values.size() > limit) result.values.resize(limit);
    return result;
  }

 private:
  /// Leaves the counts empty where the column does not know how often its ordinals occur, and
  /// counting would take long.
  void count_ranks(const store::Column& column, store::DocId size) {
    counts_.clear();
    std::vector<std::uint32_t> counted;
    auto totals = column.totals();
    if (totals.empty()) {
      if (size > kMostCounted) return;
      counted.resize(column.ordinal_count());
      column.count(store::DocRange{0, size}, counted);
      totals = counted;
    }
    counts_.resize(column.value_count());
    for (std::uint32_t ordinal = 1; ordinal < totals.size(); ++ordinal) {
      if (!column.has_tuples()) {
        counts_[ordinal - 1] = totals[ordinal];
        continue;
      }
      for (const std::uint32_t rank : column.ranks(ordinal)) counts_[rank] += totals[ordinal];
    }
  }

  void add_value(std::string_view value, std::uint32_t rank) {
    if (some_deleted_ && counts_[rank] == 0) return;
    const auto [at, is_new] = values_.try_emplace(std::string(value), std::uint64_t{0});
    if (counts_.empty()) at->second.reset();
    if (at->second) *at->second += counts_[rank];
  }

  template <class Takes>
  void visit(store::Dictionary::Cursor& cursor, std::uint32_t most, const Takes& takes) {
    for (std::uint32_t visited = 0; !cursor.at_end(); cursor.next()) {
      if (++visited > most) {
        complete_ = false;
        return;
      }
      if (takes(cursor.value())) add_value(cursor.value(), cursor.rank());
    }
  }

  void visit_beginning(store::Dictionary::Cursor& cursor, const std::string& variant) {
    std::uint32_t visited = 0;
    for (; !cursor.at_end() && cursor.value().starts_with(variant); cursor.next()) {
      if (++visited > kMostVisited) {
        complete_ = false;
        return;
      }
      if (starts_with_folded(cursor.value(), beginning_)) add_value(cursor.value(), cursor.rank());
    }
  }

  const FieldIndex field_;
  const std::string_view beginning_;
  bool some_deleted_ = false;
  std::vector<std::uint64_t> counts_;  // By rank, of the segment that is looked at.
  std::map<std::string, std::optional<std::uint64_t>, std::less<>> values_;
  bool complete_ = true;
};

}  // namespace

Result<SuggestedValues> suggest_values(const store::Snapshot& snapshot, FieldIndex field,
                                       std::string_view beginning, std::size_t limit,
                                       const Deadline& deadline) {
  Gathered gathered(field, beginning);
  for (const auto& segment : snapshot.segments) {
    if (const auto in_time = deadline.check(); !in_time) return tl::unexpected(in_time.error());
    if (const auto added = gathered.add(*segment); !added) return tl::unexpected(added.error());
  }
  return gathered.take(limit);
}

}  // namespace trailsift::query
