#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "query/joined_column.h"
#include "query/joins.h"
#include "store/segment.h"
#include "store/store.h"

namespace trailsift::query {

/// A segment that has columns of the joined fields too, so that whoever reads columns need not know
/// of joins. Such a column is made when it is asked for first. Any thread.
class JoinedSegment final : public store::Segment {
 public:
  /// What `before` made of the same tables is shared; it is null, or of the same segment.
  JoinedSegment(std::shared_ptr<const store::Segment> segment, const Joins& joins,
                const JoinedSegment* before);

  const std::shared_ptr<const store::Segment>& base() const { return segment_; }

  Result<const store::Column*> column(FieldIndex field) const override;

  const std::string& name() const override { return segment_->name(); }
  store::DocId size() const override { return segment_->size(); }
  Timestamp oldest() const override { return segment_->oldest(); }
  Timestamp newest() const override { return segment_->newest(); }
  store::SegmentSize bytes() const override { return segment_->bytes(); }
  Result<Timestamp> time(store::DocId doc) const override { return segment_->time(doc); }
  Result<store::DocRange> in_time(std::optional<Timestamp> from,
                                  std::optional<Timestamp> to) const override {
    return segment_->in_time(from, to);
  }
  Result<std::vector<store::DocId>> first_before(
      std::span<const Timestamp> moments) const override {
    return segment_->first_before(moments);
  }
  Result<const store::WordIndex*> words() const override { return segment_->words(); }
  Result<std::shared_ptr<store::TermReader>> terms() const override { return segment_->terms(); }
  Result<std::string> record(store::DocId doc) const override { return segment_->record(doc); }
  std::span<const store::DocId> deleted() const override { return segment_->deleted(); }
  Result<bool> contains(std::string_view event_id) const override {
    return segment_->contains(event_id);
  }
  Result<std::optional<store::DocId>> find(std::string_view event_id) const override {
    return segment_->find(event_id);
  }

 private:
  /// One field's column, or that it is not made yet.
  struct Slot {
    explicit Slot(std::shared_ptr<const JoinTable> from) : table(std::move(from)) {}
    const std::shared_ptr<const JoinTable> table;
    std::once_flag once;  // Guards the making of `made`.
    std::optional<Result<std::unique_ptr<const JoinedColumn>>> made;
  };

  std::shared_ptr<const store::Segment> segment_;
  std::vector<std::shared_ptr<Slot>> slots_;  // As joined_fields().
};

/// `snapshot` with joined fields. Of `before`, an earlier answer or null, what still holds is
/// shared.
std::shared_ptr<const store::Snapshot> join(const store::Snapshot& snapshot, const Joins& joins,
                                            const store::Snapshot* before = nullptr);

}  // namespace trailsift::query
