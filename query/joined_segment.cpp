#include "query/joined_segment.h"

#include <algorithm>
#include <cassert>
#include <unordered_map>
#include <utility>

namespace trailsift::query {

JoinedSegment::JoinedSegment(std::shared_ptr<const store::Segment> segment, const Joins& joins,
                             const JoinedSegment* before)
    : segment_(std::move(segment)) {
  assert(before == nullptr || before->segment_ == segment_);
  for (const FieldIndex field : joined_fields()) {
    const auto& table = joins.table(field);
    const bool known = before != nullptr && before->slots_[slots_.size()]->table == table;
    slots_.push_back(known ? before->slots_[slots_.size()] : std::make_shared<Slot>(table));
  }
}

Result<const store::Column*> JoinedSegment::column(FieldIndex field) const {
  if (field_at(field).origin != Origin::joined) return segment_->column(field);
  const auto place = std::ranges::find(joined_fields(), field) - joined_fields().begin();
  Slot& slot = *slots_[static_cast<std::size_t>(place)];
  std::call_once(slot.once,
                 [&] { slot.made = JoinedColumn::make(field_at(field), *slot.table, *segment_); });
  if (!*slot.made) return tl::unexpected(slot.made->error());
  return (**slot.made)->column();
}

std::shared_ptr<const store::Snapshot> join(const store::Snapshot& snapshot, const Joins& joins,
                                            const store::Snapshot* before) {
  std::unordered_map<const store::Segment*, const JoinedSegment*> known;
  if (before != nullptr) {
    for (const auto& segment : before->segments) {
      const auto* joined = dynamic_cast<const JoinedSegment*>(segment.get());
      if (joined != nullptr) known.emplace(joined->base().get(), joined);
    }
  }
  auto result = std::make_shared<store::Snapshot>();
  result->generation = snapshot.generation;
  result->deletes = snapshot.deletes;
  for (const auto& segment : snapshot.segments) {
    const auto found = known.find(segment.get());
    result->segments.push_back(std::make_shared<const JoinedSegment>(
        segment, joins, found == known.end() ? nullptr : found->second));
  }
  return result;
}

}  // namespace trailsift::query
