#include "query/segment_order.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "query/evaluate_condition.h"

namespace trailsift::query {
namespace {

constexpr std::uint64_t kNoValue = std::numeric_limits<std::uint64_t>::max();
constexpr std::chrono::milliseconds kTick{1};

std::string id_of(const store::Column& ids, DocId doc) {
  const auto ranks = ids.ranks(ids.ordinal(doc));
  return ranks.empty() ? std::string() : ids.value(ranks.front());
}

/// The first document that is older than the time, or as old with a greater id.
Result<DocId> first_after(const store::Segment& segment, Timestamp time, std::string_view id) {
  const auto newer = documents_in(segment, {time + kTick, std::nullopt});
  if (!newer) return tl::unexpected(newer.error());
  const auto not_older = documents_in(segment, {time, std::nullopt});
  if (!not_older) return tl::unexpected(not_older.error());
  const auto ids = segment.column(event_id_field());
  if (!ids) return tl::unexpected(ids.error());
  DocId begin = newer->end;
  DocId end = not_older->end;
  while (*ids != nullptr && begin < end) {
    const DocId middle = begin + (end - begin) / 2;
    if (id_of(**ids, middle) <= id) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

}  // namespace

Result<SegmentOrder> SegmentOrder::make(std::span<const SortKey> keys,
                                        const store::Segment& segment,
                                        const std::optional<Position>& after) {
  SegmentOrder order(segment);
  for (const SortKey& key : keys) {
    order.keys_.push_back({key.field == event_time_field(), key.descending, nullptr});
    if (key.field == event_time_field()) continue;
    const auto column = segment.column(key.field);
    if (!column) return tl::unexpected(column.error());
    order.keys_.back().column = *column;
  }
  if (after) {
    if (const auto set = order.set_after(*after); !set) return tl::unexpected(set.error());
  }
  return order;
}

Result<void> SegmentOrder::set_after(const Position& after) {
  const auto doc = first_after(*segment_, after.time, after.id);
  if (!doc) return tl::unexpected(doc.error());
  after_doc_ = *doc;
  after_time_ = after.time;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    after_places_.push_back(keys_[i].is_time ? place_of_time(keys_[i], after.time)
                                             : place_of_value(keys_[i], after.values[i]));
  }
  return {};
}

Result<std::vector<DocId>> SegmentOrder::first(const DocSet& docs, std::size_t limit,
                                               const Deadline& deadline) {
  if (limit == 0) return std::vector<DocId>();
  // Documents are numbered newest first.
  if (keys_.empty()) return docs.first(limit, after_doc_);
  const auto near = keys_.front().is_time ? near_in_time(docs, limit) : Result<DocSet>(docs);
  if (!near) return tl::unexpected(near.error());
  if (const auto collected = collect(*near, limit, deadline); !collected) {
    return tl::unexpected(collected.error());
  }
  std::ranges::sort(best_, [this](const auto& a, const auto& b) { return before(a, b); });
  if (failure_) return tl::unexpected(*failure_);
  std::vector<DocId> first;
  for (const Candidate& candidate : best_) first.push_back(candidate.doc);
  return first;
}

/// When the first key is the time, all that is wanted lies between two moments: the position that
/// is asked to be passed, and that of the last document which is still wanted.
Result<DocSet> SegmentOrder::near_in_time(const DocSet& docs, std::size_t limit) const {
  const bool descending = keys_.front().descending;
  InTime beyond;  // Documents that are after the position whatever the other keys say.
  InTime wanted;
  if (after_time_ && descending) {
    beyond.to = *after_time_;
    wanted.to = *after_time_ + kTick;
  } else if (after_time_) {
    beyond.from = *after_time_ + kTick;
    wanted.from = *after_time_;
  }
  const auto range = documents_in(*segment_, beyond);
  if (!range) return tl::unexpected(range.error());
  const DocSet sure = docs & DocSet(*range);
  const std::uint64_t count = sure.count();
  if (count > limit) {
    const auto time = segment_->time(*sure.at(descending ? limit - 1 : count - limit));
    if (!time) return tl::unexpected(time.error());
    (descending ? wanted.from : wanted.to) = descending ? *time : *time + kTick;
  }
  const auto wanted_range = documents_in(*segment_, wanted);
  if (!wanted_range) return tl::unexpected(wanted_range.error());
  return docs & DocSet(*wanted_range);
}

/// Looks at ever longer stretches of documents: of the later ones only those that can still be
/// among the first, by the last of these so far.
Result<void> SegmentOrder::collect(const DocSet& docs, std::size_t limit,
                                   const Deadline& deadline) {
  constexpr DocId kShortest = 1U << 10U;
  constexpr DocId kLongest = 1U << 17U;
  const Key& key = keys_.front();
  const DocRange span = docs.span();
  DocId length = kShortest;
  for (DocId begin = span.begin; begin < span.end; begin += length, length *= 2) {
    if (auto in_time = deadline.check(); !in_time) return in_time;
    length = std::min({length, kLongest, span.end - begin});
    const DocRange stretch{begin, begin + length};
    DocSet candidates(stretch);
    if (key.column != nullptr && best_.size() == limit) candidates = promising(key, stretch);
    candidates &= docs;
    DocBlocks blocks(candidates);
    for (auto block = blocks.next(); !block.empty(); block = blocks.next()) {
      for (const DocId doc : block) offer({place(key, doc), doc}, limit);
    }
  }
  return {};
}

/// The documents of the range that could take the last one's place. They are numbered higher, so
/// they lose ties that no other key decides.
DocSet SegmentOrder::promising(const Key& key, DocRange range) const {
  const std::uint32_t step = keys_.size() == 1 ? 1 : 0;
  const Place last = best_.front().first;
  store::OrdinalRange ordinals{step, key.column->ordinal_count() - 1};
  if (last != kNoValue && key.descending) {
    ordinals.first = static_cast<std::uint32_t>((kNoValue - 1 - last) / 2) + step;
  } else if (last != kNoValue) {
    ordinals = {1, static_cast<std::uint32_t>(last / 2) - step};
  }
  const DocRange selected{range.begin - range.begin % DocBits::kWordDocs, range.end};
  std::vector<std::uint64_t> words((selected.end - selected.begin + DocBits::kWordDocs - 1) /
                                   DocBits::kWordDocs);
  key.column->select(selected, ordinals, words.data());
  // Those before the range were looked at with the one before it.
  return DocSet(DocBits(selected.begin, std::move(words))) & DocSet(range);
}

void SegmentOrder::offer(Candidate candidate, std::size_t limit) {
  const auto order = [this](const Candidate& a, const Candidate& b) { return before(a, b); };
  const bool full = best_.size() == limit;
  if (full && !before(candidate, best_.front())) return;
  if (after_time_ && !is_after(candidate)) return;
  if (full) {
    std::ranges::pop_heap(best_, order);
    best_.back() = candidate;
  } else {
    best_.push_back(candidate);
  }
  std::ranges::push_heap(best_, order);
}

bool SegmentOrder::is_after(const Candidate& candidate) {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const Place own = i == 0 ? candidate.first : place(keys_[i], candidate.doc);
    if (own != after_places_[i]) return own > after_places_[i];
  }
  return candidate.doc >= after_doc_;
}

bool SegmentOrder::before(const Candidate& a, const Candidate& b) {
  if (a.first != b.first) return a.first < b.first;
  for (std::size_t i = 1; i < keys_.size(); ++i) {
    const Place left = place(keys_[i], a.doc);
    const Place right = place(keys_[i], b.doc);
    if (left != right) return left < right;
  }
  return a.doc < b.doc;
}

SegmentOrder::Place SegmentOrder::place(const Key& key, DocId doc) {
  if (!key.is_time) {
    return key.column == nullptr ? kNoValue : place_of_ordinal(key, key.column->ordinal(doc));
  }
  const auto time = segment_->time(doc);
  if (!time) failure_ = time.error();
  return time ? place_of_time(key, *time) : kNoValue;
}

/// Even places belong to values; the odd ones between them to values of other segments.
SegmentOrder::Place SegmentOrder::place_of_ordinal(const Key& key, std::uint32_t ordinal) {
  if (ordinal == 0) return kNoValue;
  const Place ascending = Place{ordinal} * 2;
  return key.descending ? kNoValue - 1 - ascending : ascending;
}

SegmentOrder::Place SegmentOrder::place_of_time(const Key& key, Timestamp time) {
  constexpr Place kSign = Place{1} << 63U;  // Negative times before positive ones.
  const Place ascending = static_cast<Place>(time.time_since_epoch().count()) ^ kSign;
  return key.descending ? ~ascending : ascending;
}

SegmentOrder::Place SegmentOrder::place_of_value(const Key& key,
                                                 const std::optional<std::string>& value) {
  if (!value) return kNoValue;
  if (key.column == nullptr) return 0;
  const std::uint32_t rank = key.column->lower_bound(*value);
  if (key.column->find(*value)) return place_of_ordinal(key, rank + 1);
  const Place ascending = Place{rank} * 2 + 1;
  return key.descending ? kNoValue - 1 - ascending : ascending;
}

}  // namespace trailsift::query
