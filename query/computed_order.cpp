#include "query/computed_order.h"

#include <algorithm>
#include <bit>
#include <compare>
#include <string>
#include <utility>

#include "schema/field.h"
#include "schema/number.h"

namespace trailsift::query {
namespace {

using Operand = Expression::Operand;

/// What hits are compared by, of a hit or of the place that a page begins after.
struct Place {
  ComputedValues values;
  Timestamp time;
  std::string id;
};

/// The operands of one expression for the documents of one segment.
class SegmentOperands {
 public:
  static Result<SegmentOperands> make(const Expression& expression, const store::Segment& segment) {
    SegmentOperands made;
    made.segment_ = &segment;
    for (const Operand& operand : expression.operands()) {
      auto column = make_column(operand, segment);
      if (!column) return tl::unexpected(column.error());
      made.columns_.push_back(std::move(*column));
    }
    made.values_.resize(made.columns_.size());
    return made;
  }

  /// Valid until the next call.
  Result<std::span<const double>> of(DocId doc, const std::string& id, double score) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Column& column = columns_[i];
      if (column.operand.kind == Operand::Kind::score) {
        values_[i] = score;
      } else if (column.operand.kind == Operand::Kind::random) {
        values_[i] = random_of(column.operand.seed, id);
      } else if (column.operand.field == event_time_field()) {
        const auto time = segment_->time(doc);
        if (!time) return tl::unexpected(time.error());
        values_[i] = static_cast<double>(time->time_since_epoch().count());
      } else {
        values_[i] = column.values == nullptr ? 0 : column.numbers[column.values->ordinal(doc)];
      }
    }
    return std::span<const double>(values_);
  }

 private:
  struct Column {
    Operand operand;
    const store::Column* values = nullptr;  // Null where the segment has none.
    std::vector<double> numbers;            // By ordinal.
  };

  static Result<Column> make_column(const Operand& operand, const store::Segment& segment) {
    Column made;
    made.operand = operand;
    const bool has_column =
        operand.kind == Operand::Kind::field && operand.field != event_time_field();
    if (!has_column) return made;
    const auto column = segment.column(operand.field);
    if (!column) return tl::unexpected(column.error());
    made.values = *column;
    if (made.values == nullptr) return made;
    const FieldType type = field_at(operand.field).type;
    made.numbers.resize(made.values->ordinal_count());
    for (std::uint32_t ordinal = 1; ordinal < made.numbers.size(); ++ordinal) {
      const auto ranks = made.values->ranks(ordinal);
      if (ranks.empty()) continue;
      made.numbers[ordinal] = number_of_value(type, made.values->value(ranks.front()));
    }
    return made;
  }

  const store::Segment* segment_ = nullptr;
  std::vector<Column> columns_;
  std::vector<double> values_;
};

Result<std::string> id_of(const store::Segment& segment, DocId doc) {
  const auto column = segment.column(event_id_field());
  if (!column) return tl::unexpected(column.error());
  if (*column == nullptr) return std::string();
  const auto ranks = (*column)->ranks((*column)->ordinal(doc));
  return ranks.empty() ? std::string() : (*column)->value(ranks.front());
}

/// One key for the documents of one segment.
class SegmentKey {
 public:
  static Result<SegmentKey> make(const ComputedKey& key, const store::Segment& segment) {
    SegmentKey made;
    made.expression_ = key.expression.get();
    if (made.expression_ == nullptr) return made;
    auto operands = SegmentOperands::make(*key.expression, segment);
    if (!operands) return tl::unexpected(operands.error());
    made.operands_ = std::move(*operands);
    return made;
  }

  Result<std::uint64_t> of(DocId doc, const std::string& id, double score) {
    if (expression_ == nullptr) return score_place(score);
    const auto values = operands_.of(doc, id, score);
    if (!values) return tl::unexpected(values.error());
    return expression_->evaluate(*values);
  }

 private:
  const Expression* expression_ = nullptr;  // Null: the score.
  SegmentOperands operands_;
};

bool needs(const ComputedKey& key, Operand::Kind kind) {
  return key.expression != nullptr && key.expression->has_operand(kind);
}

/// Keeps the first hits in the order.
class FirstHits {
 public:
  FirstHits(std::span<const ComputedKey> keys, const std::optional<Position>& after,
            std::size_t limit)
      : keys_(keys), limit_(limit) {
    if (!after) return;
    after_ = Place{{}, after->time, after->id};
    for (const auto& value : after->values) {
      const auto number = value ? parse_number<std::uint64_t>(*value) : std::nullopt;
      after_->values.push_back(number.value_or(0));
    }
  }

  Result<void> add(const SegmentHits& hits, const Scorer* scorer, const Deadline& deadline) {
    std::vector<SegmentKey> keys;
    for (const ComputedKey& key : keys_) {
      auto made = SegmentKey::make(key, *hits.segment);
      if (!made) return tl::unexpected(made.error());
      keys.push_back(std::move(*made));
    }
    const bool needs_id = std::ranges::any_of(
        keys_, [](const ComputedKey& key) { return needs(key, Operand::Kind::random); });
    std::vector<double> scores;
    if (scorer != nullptr) {
      auto made = scorer->scores(*hits.segment, hits.docs, deadline);
      if (!made) return tl::unexpected(made.error());
      scores = std::move(*made);
    }
    auto score = scores.begin();
    DocBlocks blocks(hits.docs);
    for (auto block = blocks.next(); !block.empty(); block = blocks.next()) {
      if (auto in_time = deadline.check(); !in_time) return in_time;
      for (const DocId doc : block) {
        const double own = score == scores.end() ? 0 : *score++;
        if (auto added = add({hits.segment, doc}, own, keys, needs_id); !added) return added;
      }
    }
    return {};
  }

  std::vector<ComputedHit> take() {
    std::ranges::sort(best_,
                      [&](const Kept& a, const Kept& b) { return before(a.place, b.place); });
    std::vector<ComputedHit> hits;
    for (Kept& kept : best_) hits.push_back({kept.hit, std::move(kept.place.values)});
    return hits;
  }

 private:
  struct Kept {
    Hit hit;
    Place place;
  };

  Result<void> add(const Hit& hit, double score, std::vector<SegmentKey>& keys, bool needs_id) {
    std::string id;
    if (needs_id) {
      auto read = id_of(*hit.segment, hit.doc);
      if (!read) return tl::unexpected(read.error());
      id = std::move(*read);
    }
    Place place;
    for (SegmentKey& key : keys) {
      const auto value = key.of(hit.doc, id, score);
      if (!value) return tl::unexpected(value.error());
      place.values.push_back(*value);
    }
    if (limit_ == 0) return {};
    const bool full = best_.size() == limit_;
    const auto order =
        full ? compare_values(place, best_.front().place) : std::strong_ordering::less;
    // Most documents are told by their numbers alone, and many of those that are equal by the time.
    if (std::is_gt(order)) return {};
    const auto time = hit.segment->time(hit.doc);
    if (!time) return tl::unexpected(time.error());
    place.time = *time;
    if (std::is_eq(order) && place.time < best_.front().place.time) return {};
    auto read = id_of(*hit.segment, hit.doc);
    if (!read) return tl::unexpected(read.error());
    place.id = std::move(*read);
    keep({hit, std::move(place)});
    return {};
  }

  void keep(Kept kept) {
    if (after_ && !before(*after_, kept.place)) return;
    const auto order = [&](const Kept& a, const Kept& b) { return before(a.place, b.place); };
    if (best_.size() == limit_) {
      if (!order(kept, best_.front())) return;
      std::ranges::pop_heap(best_, order);
      best_.pop_back();
    }
    best_.push_back(std::move(kept));
    std::ranges::push_heap(best_, order);
  }

  std::strong_ordering compare_values(const Place& a, const Place& b) const {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      const auto order =
          keys_[i].descending ? b.values[i] <=> a.values[i] : a.values[i] <=> b.values[i];
      if (std::is_neq(order)) return order;
    }
    return std::strong_ordering::equal;
  }

  bool before(const Place& a, const Place& b) const {
    const auto order = compare_values(a, b);
    if (std::is_neq(order)) return std::is_lt(order);
    if (a.time != b.time) return a.time > b.time;
    return a.id < b.id;
  }

  const std::span<const ComputedKey> keys_;
  const std::size_t limit_;
  std::optional<Place> after_;
  std::vector<Kept> best_;  // A heap: the last in the order on top.
};

}  // namespace

Result<std::vector<ComputedHit>> first_computed(std::span<const ComputedKey> keys,
                                                std::span<const SegmentHits> hits,
                                                const Scorer* scorer,
                                                const std::optional<Position>& after,
                                                std::size_t limit, const Deadline& deadline) {
  const bool by_score = std::ranges::any_of(keys, [](const ComputedKey& key) {
    return key.expression == nullptr || needs(key, Operand::Kind::score);
  });
  FirstHits first(keys, after, limit);
  for (const SegmentHits& segment : hits) {
    auto added = first.add(segment, by_score ? scorer : nullptr, deadline);
    if (!added) return tl::unexpected(added.error());
  }
  return first.take();
}

std::uint64_t score_place(double score) {
  // Numbers that are not negative are in the order of their bits.
  return std::bit_cast<std::uint64_t>(std::max(score, 0.0));
}

Result<Position> position_of(const ComputedHit& hit) {
  const auto time = hit.hit.segment->time(hit.hit.doc);
  if (!time) return tl::unexpected(time.error());
  auto id = id_of(*hit.hit.segment, hit.hit.doc);
  if (!id) return tl::unexpected(id.error());
  Position position{{}, *time, std::move(*id)};
  for (const std::uint64_t value : hit.values) position.values.emplace_back(std::to_string(value));
  return position;
}

}  // namespace trailsift::query
