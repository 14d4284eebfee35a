#include "query/load_event.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "schema/field.h"
#include "schema/flatten.h"

namespace trailsift::query {
namespace {

/// Those that the record does not give.
const std::vector<FieldIndex>& outside_fields() {
  static const std::vector<FieldIndex> kOutside = [] {
    std::vector<FieldIndex> indexes;
    for (const Field& field : fields()) {
      const bool outside = field.origin == Origin::delivery || field.origin == Origin::joined;
      if (outside) indexes.push_back(index_of(field));
    }
    return indexes;
  }();
  return kOutside;
}

/// Loads hits of one segment. Borrows it.
class HitLoader {
 public:
  static Result<HitLoader> make(const store::Segment& segment, HitParts parts) {
    HitLoader loader(segment, parts);
    for (const Field& field : fields()) {
      if (field.origin == Origin::subtree) continue;
      const FieldIndex index = index_of(field);
      const auto column = segment.column(index);
      if (!column) return tl::unexpected(column.error());
      if (*column != nullptr || index == event_time_field())
        loader.columns_.emplace_back(index, *column);
    }
    return loader;
  }

  Result<Event> load(store::DocId doc) const {
    if (parts_ == HitParts::whole) return load_event(*segment_, doc);
    Event event;
    const auto time = segment_->time(doc);
    if (!time) return tl::unexpected(time.error());
    event.time = *time;
    if (!add_values(doc, event)) return load_event(*segment_, doc);
    event.id = value_of(event, event_id_field()).value_or("");
    if (parts_ == HitParts::values) return event;
    auto record = segment_->record(doc);
    if (!record) return tl::unexpected(record.error());
    event.json = std::move(*record);
    return event;
  }

 private:
  HitLoader(const store::Segment& segment, HitParts parts) : segment_(&segment), parts_(parts) {}

  /// False when the columns do not tell the order of the values.
  bool add_values(store::DocId doc, Event& event) const {
    event.values.reserve(columns_.size());
    for (const auto& [field, column] : columns_) {
      if (field == event_time_field()) {
        event.values.push_back({field, format_time(event.time)});
        continue;
      }
      const auto ranks = column->ranks(column->ordinal(doc));
      if (ranks.size() > 1) return false;
      if (!ranks.empty()) {
        event.values.push_back({field, column->value(ranks.front())});
      }
    }
    return true;
  }

  const store::Segment* segment_;
  HitParts parts_;
  std::vector<std::pair<FieldIndex, const store::Column*>> columns_;  // In the order of fields.
};

/// Loads those hits whose numbers are in `order`, which has those of one segment together.
Result<void> load_each(std::span<const Hit> hits, std::span<const std::size_t> order,
                       HitParts parts, const Deadline& deadline, std::vector<Event>& events) {
  const store::Segment* segment = nullptr;
  std::optional<HitLoader> loader;
  for (const std::size_t i : order) {
    if (auto in_time = deadline.check(); !in_time) return in_time;
    if (hits[i].segment != segment) {
      segment = hits[i].segment;
      auto made = HitLoader::make(*segment, parts);
      if (!made) return tl::unexpected(made.error());
      loader = std::move(*made);
    }
    auto event = loader->load(hits[i].doc);
    if (!event) return tl::unexpected(event.error());
    events[i] = std::move(*event);
  }
  return {};
}

}  // namespace

Result<Event> load_event(const store::Segment& segment, store::DocId doc) {
  const auto record = segment.record(doc);
  if (!record) return tl::unexpected(record.error());
  auto event = flatten(*record);
  if (!event) {
    return fail(ErrorCode::corrupt, "cannot read record " + std::to_string(doc) + " of segment " +
                                        segment.name() + ": " + event.error().detail);
  }
  for (const FieldIndex field : outside_fields()) {
    const auto column = segment.column(field);
    if (!column) return tl::unexpected(column.error());
    if (*column == nullptr) continue;
    for (const std::uint32_t rank : (*column)->ranks((*column)->ordinal(doc))) {
      add_value(*event, field, (*column)->value(rank));
    }
  }
  return std::move(*event);
}

Result<std::vector<Event>> load_hits(std::span<const Hit> hits, HitParts parts, ThreadPool* pool,
                                     const Deadline& deadline) {
  constexpr std::size_t kTaskHits = 25;
  // Neighbours lie in the same block of records.
  std::vector<std::size_t> order(hits.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {},
                    [&](std::size_t i) { return std::pair(hits[i].segment, hits[i].doc); });
  std::vector<Event> events(hits.size());
  const auto load_some = [&](std::size_t task) {
    const auto rest = std::span<const std::size_t>(order).subspan(task * kTaskHits);
    return load_each(hits, rest.first(std::min(rest.size(), kTaskHits)), parts, deadline, events);
  };
  const std::size_t tasks = (hits.size() + kTaskHits - 1) / kTaskHits;
  Result<void> loaded;
  if (pool != nullptr && tasks > 1) {
    loaded = pool->run(tasks, load_some);
  } else {
    for (std::size_t task = 0; task < tasks && loaded; ++task) loaded = load_some(task);
  }
  if (!loaded) return tl::unexpected(loaded.error());
  return events;
}

}  // namespace trailsift::query
