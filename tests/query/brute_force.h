#pragma once

#include <algorithm>
#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "query/joins.h"
#include "query/matches.h"
#include "query/search.h"
#include "schema/event.h"
#include "schema/field.h"

namespace trailsift::query {

/// Answers to a search by a look at each event, written for being right and nothing else.
class BruteForce {
 public:
  explicit BruteForce(std::vector<Event> events) : events_(std::move(events)) {}

  const std::vector<Event>& events() const { return events_; }

  /// Gives the events other joined fields.
  void join(const Joins& joins) {
    for (Event& event : events_) {
      std::erase_if(event.values, [](const FieldValue& value) {
        return field_at(value.field).origin == Origin::joined;
      });
      joins.add_to(event);
    }
  }

  /// All hits in their order.
  std::vector<const Event*> hits(const SearchRequest& request) const {
    std::vector<const Event*> hits;
    for (const Event& event : events_) {
      const bool in_time = (!request.time.from || event.time >= *request.time.from) &&
                           (!request.time.to || event.time < *request.time.to);
      if (in_time && matches(request.query, event)) hits.push_back(&event);
    }
    std::ranges::sort(hits, [&](const Event* a, const Event* b) {
      for (const ComputedKey& key : request.computed_sort) {
        const auto left = computed(*key.expression, *a);
        const auto right = computed(*key.expression, *b);
        if (left != right) return key.descending ? left > right : left < right;
      }
      return stands_before(request.sort, *a, *b);
    });
    return hits;
  }

  static FacetResult facet(const FacetRequest& request, const std::vector<const Event*>& hits) {
    FacetResult result{request.field, {}};
    for (const Event* hit : hits) result.missing += values_of(*hit, request.field).empty() ? 1 : 0;
    if (!request.buckets.empty()) {
      for (const FacetBucket& bucket : request.buckets) {
        const auto count = std::ranges::count_if(
            hits, [&](const Event* hit) { return lies_in(request.field, bucket, *hit); });
        result.buckets.push_back({bucket.label, static_cast<std::uint64_t>(count)});
      }
      return result;
    }
    std::map<std::string, std::uint64_t> counts;
    for (const Event* hit : hits) {
      for (const FieldValue& value : values_of(*hit, request.field)) {
        if (folded(value.value).find(folded(request.containing)) == std::string::npos) continue;
        ++counts[value.value];
      }
    }
    result.distinct = counts.size();
    for (const auto& [value, count] : counts) result.buckets.push_back({value, count});
    std::ranges::sort(result.buckets, [&](const FacetCount& a, const FacetCount& b) {
      const bool rarest = request.order == FacetRequest::Order::rarest;
      const bool by_count = rarest || request.order == FacetRequest::Order::by_count;
      if (by_count && a.count != b.count) return rarest ? a.count < b.count : a.count > b.count;
      return std::is_lt(compare_values(field_at(request.field).type, a.value, b.value));
    });
    if (result.buckets.size() > request.size) result.buckets.resize(request.size);
    return result;
  }

  static NumberStats stats(FieldIndex field, const std::vector<const Event*>& hits) {
    NumberStats stats;
    stats.field = field;
    const FieldType type = field_at(field).type;
    for (const Event* hit : hits) {
      const auto value = value_of(*hit, field);
      if (!value) {
        ++stats.missing;
        continue;
      }
      ++stats.count;
      const std::string text(*value);
      if (!stats.min || std::is_lt(compare_values(type, text, *stats.min))) stats.min = text;
      if (!stats.max || std::is_gt(compare_values(type, text, *stats.max))) stats.max = text;
      if (type != FieldType::integer) continue;
      stats.sum += std::stod(text);
      stats.sum_of_squares += std::stod(text) * std::stod(text);
    }
    return stats;
  }

  /// Counts per bucket of the interval, from the oldest hit to the newest.
  static std::map<Timestamp, std::uint64_t> histogram(std::chrono::milliseconds interval,
                                                      const std::vector<const Event*>& hits) {
    std::map<Timestamp, std::uint64_t> counts;
    for (const Event* hit : hits) {
      auto into = hit->time.time_since_epoch() % interval;
      if (into.count() < 0) into += interval;
      ++counts[hit->time - into];
    }
    if (counts.empty()) return counts;
    const Timestamp last = counts.rbegin()->first;
    for (auto begin = counts.begin()->first; begin < last; begin += interval) counts[begin];
    return counts;
  }

 private:
  static std::string folded(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
  }

  static bool stands_before(const std::vector<SortKey>& keys, const Event& a, const Event& b) {
    for (const SortKey& key : keys) {
      const auto left = value_of(a, key.field);
      const auto right = value_of(b, key.field);
      if (left.has_value() != right.has_value()) return left.has_value();
      if (!left) continue;
      const auto order = compare_values(field_at(key.field).type, *left, *right);
      if (std::is_neq(order)) return key.descending ? std::is_gt(order) : std::is_lt(order);
    }
    if (a.time != b.time) return a.time > b.time;
    return a.id < b.id;
  }

  static std::uint64_t computed(const Expression& expression, const Event& event) {
    std::vector<double> operands;
    for (const auto& operand : expression.operands()) {
      operands.push_back(operand_value(operand, event));
    }
    return expression.evaluate(operands);
  }

  static bool lies_in(FieldIndex field, const FacetBucket& bucket, const Event& event) {
    return std::ranges::any_of(values_of(event, field), [&](const FieldValue& value) {
      if (bucket.value) return value.value == *bucket.value;
      const FieldType type = field_at(field).type;
      if (bucket.low) {
        const auto order = compare_values(type, value.value, bucket.low->value);
        if (std::is_lt(order) || (std::is_eq(order) && !bucket.low->inclusive)) return false;
      }
      if (bucket.high) {
        const auto order = compare_values(type, value.value, bucket.high->value);
        if (std::is_gt(order) || (std::is_eq(order) && !bucket.high->inclusive)) return false;
      }
      return true;
    });
  }

  std::vector<Event> events_;
};

}  // namespace trailsift::query
