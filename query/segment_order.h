#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "query/deadline.h"
#include "query/docset.h"
#include "query/search.h"
#include "query/sort.h"
#include "schema/error.h"
#include "store/segment.h"

namespace trailsift::query {

/// An order of the documents of one segment. Values are compared by their ranks in the segment's
/// dictionaries, so nothing but numbers is read. Borrows the segment; one thread.
class SegmentOrder {
 public:
  /// `keys` are deciding_keys(). With `after`, only documents strictly after it count.
  static Result<SegmentOrder> make(std::span<const SortKey> keys, const store::Segment& segment,
                                   const std::optional<Position>& after);

  /// The first `limit` of `docs` in the order.
  Result<std::vector<DocId>> first(const DocSet& docs, std::size_t limit, const Deadline& deadline);

 private:
  /// A number that sorts as the document's value does: ascending, none last.
  using Place = std::uint64_t;

  struct Key {
    bool is_time = false;
    bool descending = false;
    const store::Column* column = nullptr;  ///< Null for the time, and when there are no values.
  };

  /// A document with its place by the first key; the places by the others are seldom needed.
  struct Candidate {
    Place first;
    DocId doc;
  };

  explicit SegmentOrder(const store::Segment& segment) : segment_(&segment) {}

  Result<void> set_after(const Position& after);
  Result<DocSet> near_in_time(const DocSet& docs, std::size_t limit) const;
  Result<void> collect(const DocSet& docs, std::size_t limit, const Deadline& deadline);
  DocSet promising(const Key& key, DocRange range) const;
  void offer(Candidate candidate, std::size_t limit);
  bool is_after(const Candidate& candidate);
  bool before(const Candidate& a, const Candidate& b);
  Place place(const Key& key, DocId doc);
  static Place place_of_ordinal(const Key& key, std::uint32_t ordinal);
  static Place place_of_time(const Key& key, Timestamp time);
  static Place place_of_value(const Key& key, const std::optional<std::string>& value);

  const store::Segment* segment_;
  std::vector<Key> keys_;
  std::vector<Candidate> best_;  // A heap: the last in the order on top.
  std::optional<Timestamp> after_time_;
  std::vector<Place> after_places_;
  DocId after_doc_ = 0;  // The first document after the position among those with equal keys.
  std::optional<Error> failure_;
};

}  // namespace trailsift::query
