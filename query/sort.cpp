#include "query/sort.h"

#include <algorithm>
#include <compare>
#include <string_view>
#include <utility>

#include "query/segment_order.h"
#include "schema/field.h"

namespace trailsift::query {
namespace {

/// A hit with what it is compared by.
struct Placed {
  Hit hit;
  std::vector<std::optional<std::string>> values;
  Timestamp time;
  std::string id;
};

Result<std::optional<std::string>> value_in(const Hit& hit, FieldIndex field) {
  const auto column = hit.segment->column(field);
  if (!column) return tl::unexpected(column.error());
  if (*column == nullptr) return std::nullopt;
  const auto ranks = (*column)->ranks((*column)->ordinal(hit.doc));
  if (ranks.empty()) return std::nullopt;
  return (*column)->value(ranks.front());
}

Result<Placed> placed(std::span<const SortKey> keys, const Hit& hit) {
  Placed placed{hit, {}, {}, {}};
  for (const SortKey& key : keys) {
    placed.values.emplace_back();
    if (key.field == event_time_field()) continue;  // Kept as a time, not as text.
    auto value = value_in(hit, key.field);
    if (!value) return tl::unexpected(value.error());
    placed.values.back() = std::move(*value);
  }
  const auto time = hit.segment->time(hit.doc);
  if (!time) return tl::unexpected(time.error());
  placed.time = *time;
  auto id = value_in(hit, event_id_field());
  if (!id) return tl::unexpected(id.error());
  placed.id = std::move(*id).value_or(std::string());
  return placed;
}

std::strong_ordering reversed_if(bool reversed, std::strong_ordering order) {
  if (!reversed || std::is_eq(order)) return order;
  return std::is_lt(order) ? std::strong_ordering::greater : std::strong_ordering::less;
}

std::strong_ordering compare_by(const SortKey& key, std::size_t index, const Placed& a,
                                const Placed& b) {
  if (key.field == event_time_field()) return reversed_if(key.descending, a.time <=> b.time);
  const auto& left = a.values[index];
  const auto& right = b.values[index];
  if (!left || !right) return right.has_value() <=> left.has_value();  // None last, either way.
  return reversed_if(key.descending, compare_values(field_at(key.field).type, *left, *right));
}

bool before(std::span<const SortKey> keys, const Placed& a, const Placed& b) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto order = compare_by(keys[i], i, a, b);
    if (std::is_neq(order)) return std::is_lt(order);
  }
  if (a.time != b.time) return a.time > b.time;
  return a.id < b.id;
}

/// Merges the ordered hits of several segments, looking at no more of each than is taken.
class Merge {
 public:
  explicit Merge(std::span<const SortKey> keys) : later_{keys} {}

  Result<void> add(std::vector<Hit> hits) {
    sources_.push_back({std::move(hits), 0});
    return advance(sources_.size() - 1);
  }

  bool done() const { return heads_.empty(); }

  Result<Hit> next() {
    std::ranges::pop_heap(heads_, later_);
    const Hit hit = heads_.back().placed.hit;
    const std::size_t source = heads_.back().source;
    heads_.pop_back();
    if (const auto advanced = advance(source); !advanced) return tl::unexpected(advanced.error());
    return hit;
  }

 private:
  struct Source {
    std::vector<Hit> hits;
    std::size_t taken = 0;
  };
  struct Head {
    Placed placed;
    std::size_t source = 0;
  };
  /// The order of a heap that has the first hit on top.
  struct Later {
    std::span<const SortKey> keys;
    bool operator()(const Head& a, const Head& b) const { return before(keys, b.placed, a.placed); }
  };

  Result<void> advance(std::size_t index) {
    Source& source = sources_[index];
    if (source.taken == source.hits.size()) return {};
    auto next = placed(later_.keys, source.hits[source.taken++]);
    if (!next) return tl::unexpected(next.error());
    heads_.push_back({std::move(*next), index});
    std::ranges::push_heap(heads_, later_);
    return {};
  }

  std::vector<Source> sources_;
  Later later_;
  std::vector<Head> heads_;  // A heap by `later_`.
};

}  // namespace

Result<void> check_sort(std::span<const SortKey> keys) {
  if (keys.size() > kMaxSortKeys) {
    return fail(ErrorCode::too_large, "expected at most " + std::to_string(kMaxSortKeys) +
                                          " sort keys, got " + std::to_string(keys.size()));
  }
  for (const SortKey& key : keys) {
    const Field& field = field_at(key.field);
    if (field.column && !field.multi) continue;
    const std::string reason = field.multi ? "it can have several values" : "it has no column";
    return fail(ErrorCode::bad_request,
                "cannot sort by '" + std::string(field.name) + "': " + reason);
  }
  return {};
}

std::vector<SortKey> deciding_keys(std::span<const SortKey> keys) {
  std::vector<SortKey> deciding;
  for (const SortKey& key : keys) {
    if (std::ranges::find(deciding, key.field, &SortKey::field) == deciding.end()) {
      deciding.push_back(key);
    }
    if (key.field == event_id_field()) break;
  }
  const auto ends_in = [&](FieldIndex field, bool descending) {
    return !deciding.empty() && deciding.back().field == field &&
           deciding.back().descending == descending;
  };
  const bool time_decided =
      std::ranges::find(deciding, event_time_field(), &SortKey::field) != deciding.end();
  if (time_decided && ends_in(event_id_field(), false)) deciding.pop_back();
  if (ends_in(event_time_field(), true)) deciding.pop_back();
  return deciding;
}

Result<std::vector<Hit>> first_hits(std::span<const SortKey> keys,
                                    std::span<const SegmentHits> hits,
                                    const std::optional<Position>& after, std::size_t limit,
                                    const Deadline& deadline) {
  Merge merge(keys);
  for (const SegmentHits& segment : hits) {
    auto order = SegmentOrder::make(keys, *segment.segment, after);
    if (!order) return tl::unexpected(order.error());
    const auto docs = order->first(segment.docs, limit, deadline);
    if (!docs) return tl::unexpected(docs.error());
    std::vector<Hit> ordered;
    for (const DocId doc : *docs) ordered.push_back({segment.segment, doc});
    if (const auto added = merge.add(std::move(ordered)); !added) {
      return tl::unexpected(added.error());
    }
  }
  std::vector<Hit> first;
  while (first.size() < limit && !merge.done()) {
    const auto hit = merge.next();
    if (!hit) return tl::unexpected(hit.error());
    first.push_back(*hit);
  }
  return first;
}

Result<Position> position_of(std::span<const SortKey> keys, const Hit& hit) {
  const auto place = placed(keys, hit);
  if (!place) return tl::unexpected(place.error());
  Position position{{}, place->time, std::string(place->id)};
  for (const auto& value : place->values) {
    position.values.push_back(value ? std::optional(std::string(*value)) : std::nullopt);
  }
  return position;
}

}  // namespace trailsift::query
