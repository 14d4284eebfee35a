#include "query/statistics.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "query/find_hits.h"
#include "query/histogram.h"
#include "schema/field.h"

namespace trailsift::query {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMaxKeys = kMaxGroupFields + 1;  // With the field of distinct values.

/// What is counted by, in one segment: ordinals, and the number of the bucket.
struct SegmentKey {
  std::int64_t bucket = 0;
  std::array<std::uint32_t, kMaxKeys> ordinals{};
  friend bool operator==(const SegmentKey&, const SegmentKey&) = default;
};

struct KeyHash {
  std::size_t operator()(const SegmentKey& key) const {
    auto hash = static_cast<std::uint64_t>(key.bucket);
    for (const std::uint32_t ordinal : key.ordinals) {
      hash = (hash ^ ordinal) * 0x9E3779B97F4A7C15U;
      hash ^= hash >> 29U;
    }
    return hash;
  }
};

struct Tally {
  std::uint64_t count = 0;
  Timestamp first;
  Timestamp last;

  void add(const Tally& other) {
    if (count == 0) {
      *this = other;
      return;
    }
    count += other.count;
    first = std::min(first, other.first);
    last = std::max(last, other.last);
  }
};

/// What is counted by, in all segments.
struct GroupKey {
  std::int64_t bucket = 0;
  std::vector<std::optional<std::string>> values;
  friend auto operator<=>(const GroupKey&, const GroupKey&) = default;
};

using Groups = std::map<GroupKey, Tally>;

tl::unexpected<Error> too_many() {
  return fail(ErrorCode::too_large, "the hits have more than the limit of " +
                                        std::to_string(kMaxGroups) +
                                        " groups: count by fewer fields or narrow the query");
}

/// Counts the hits of one segment by ordinals, and then adds them to the groups of all.
class SegmentCounter {
 public:
  SegmentCounter(const SegmentHits& hits, std::optional<milliseconds> interval)
      : hits_(hits), interval_(interval) {}

  Result<void> count(std::span<const FieldIndex> fields, const Deadline& deadline) {
    for (const FieldIndex field : fields) {
      const auto column = hits_.segment->column(field);
      if (!column) return tl::unexpected(column.error());
      columns_.push_back(*column);
    }
    DocBlocks blocks(hits_.docs);
    for (auto block = blocks.next(); !block.empty(); block = blocks.next()) {
      if (auto in_time = deadline.check(); !in_time) return in_time;
      for (const DocId doc : block) {
        if (auto added = add(doc); !added) return added;
      }
      if (counts_.size() > kMaxGroups) return too_many();
    }
    return {};
  }

  Result<void> add_to(Groups& groups) const {
    for (const auto& [key, tally] : counts_) {
      GroupKey group{key.bucket, {}};
      add_values(key, tally, group, groups);
      if (groups.size() > kMaxGroups) return too_many();
    }
    return {};
  }

 private:
  Result<void> add(DocId doc) {
    const auto time = hits_.segment->time(doc);
    if (!time) return tl::unexpected(time.error());
    SegmentKey key;
    if (interval_) {
      const auto since = time->time_since_epoch();
      key.bucket = since / *interval_ - (since % *interval_ < milliseconds(0) ? 1 : 0);
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      key.ordinals.at(i) = columns_[i] == nullptr ? 0 : columns_[i]->ordinal(doc);
    }
    counts_[key].add({1, *time, *time});
    return {};
  }

  /// Ordinals name values, or tuples of them: then the hits count for each.
  void add_values(const SegmentKey& key, const Tally& tally, GroupKey& group,
                  Groups& groups) const {
    const std::size_t at = group.values.size();
    if (at == columns_.size()) return groups[group].add(tally);
    const store::Column* const column = columns_[at];
    std::vector<std::uint32_t> ranks;
    if (column != nullptr) {
      const auto all = column->ranks(key.ordinals.at(at));
      ranks.assign(all.begin(), all.end());
    }
    if (ranks.empty()) {
      group.values.emplace_back();
      add_values(key, tally, group, groups);
      group.values.pop_back();
    }
    for (const std::uint32_t rank : ranks) {
      group.values.emplace_back(column->value(rank));
      add_values(key, tally, group, groups);
      group.values.pop_back();
    }
  }

  const SegmentHits& hits_;
  const std::optional<milliseconds> interval_;
  std::vector<const store::Column*> columns_;  // Null where no document has a value.
  std::unordered_map<SegmentKey, Tally, KeyHash> counts_;
};

Result<Groups> count_by(std::span<const FieldIndex> fields, std::optional<milliseconds> interval,
                        std::span<const SegmentHits> hits, const Help& help,
                        const Deadline& deadline) {
  Groups groups;
  std::mutex mutex;  // Guards groups.
  std::uint64_t documents = 0;
  for (const SegmentHits& segment : hits) documents += segment.docs.count();
  const auto counted = run_all(hits.size(), documents, help, [&](std::size_t i) -> Result<void> {
    SegmentCounter counter(hits[i], interval);
    if (auto done = counter.count(fields, deadline); !done) return done;
    const std::scoped_lock lock(mutex);
    return counter.add_to(groups);
  });
  if (!counted) return tl::unexpected(counted.error());
  return groups;
}

/// The different values of the last field, per group of the others.
std::map<GroupKey, std::uint64_t> distinct_in(const Groups& with_values) {
  std::map<GroupKey, std::uint64_t> counts;
  for (const auto& [key, tally] : with_values) {
    if (!key.values.back()) continue;
    GroupKey group = key;
    group.values.pop_back();
    ++counts[group];
  }
  return counts;
}

using Group = StatisticsResult::Group;

bool stands_before(StatisticsRequest::Order order, const Group& a, const Group& b) {
  using Order = StatisticsRequest::Order;
  switch (order) {
    case Order::by_count: return a.count > b.count;
    case Order::rarest: return a.count < b.count;
    case Order::last_seen: return a.last_seen > b.last_seen;
    case Order::first_seen: return a.first_seen < b.first_seen;
    case Order::by_time: return a.bucket < b.bucket;
  }
  return false;
}

Result<void> check_column(FieldIndex index) {
  const Field& field = field_at(index);
  if (field.column && index != event_time_field()) return {};
  return fail(ErrorCode::bad_request,
              "cannot count by '" + std::string(field.name) + "': the field has no column");
}

}  // namespace

Result<void> check_statistics(const StatisticsRequest& request) {
  if (request.by.size() > kMaxGroupFields) {
    return fail(ErrorCode::too_large, "expected at most " + std::to_string(kMaxGroupFields) +
                                          " fields to count by, got " +
                                          std::to_string(request.by.size()));
  }
  for (const FieldIndex field : request.by) {
    if (auto checked = check_column(field); !checked) return checked;
    if (std::ranges::count(request.by, field) > 1) {
      return fail(ErrorCode::bad_request, "expected each field to count by once, got '" +
                                              std::string(field_at(field).name) + "' again");
    }
  }
  if (request.distinct) {
    if (auto checked = check_column(*request.distinct); !checked) return checked;
  }
  return check_histogram({request.interval, 60, {}, 5});
}

Result<StatisticsResult> count_groups(const StatisticsRequest& request,
                                      std::span<const SegmentHits> hits, const Help& help,
                                      const Deadline& deadline) {
  const auto groups = count_by(request.by, request.interval, hits, help, deadline);
  if (!groups) return tl::unexpected(groups.error());
  std::map<GroupKey, std::uint64_t> distinct;
  if (request.distinct) {
    std::vector<FieldIndex> fields = request.by;
    fields.push_back(*request.distinct);
    const auto with_values = count_by(fields, request.interval, hits, help, deadline);
    if (!with_values) return tl::unexpected(with_values.error());
    distinct = distinct_in(*with_values);
  }
  StatisticsResult result{groups->size(), {}};
  for (const auto& [key, tally] : *groups) {
    Group group{key.values, {}, tally.count, 0, tally.first, tally.last};
    if (request.interval) group.bucket = Timestamp(key.bucket * *request.interval);
    if (const auto found = distinct.find(key); found != distinct.end()) {
      group.distinct = found->second;
    }
    result.groups.push_back(std::move(group));
  }
  std::ranges::stable_sort(result.groups, [&](const Group& a, const Group& b) {
    return stands_before(request.order, a, b);
  });
  if (result.groups.size() > request.size) result.groups.resize(request.size);
  return result;
}

}  // namespace trailsift::query
