#include "store/live_segment.h"

#include <algorithm>
#include <utility>

namespace trailsift::store {
namespace {

class LiveSegment final : public Segment {
 public:
  LiveSegment(std::shared_ptr<const Segment> whole, std::vector<DocId> deleted)
      : whole_(std::move(whole)), deleted_(std::move(deleted)) {}

  const std::shared_ptr<const Segment>& whole() const { return whole_; }

  std::span<const DocId> deleted() const override { return deleted_; }
  Result<bool> contains(std::string_view event_id) const override {
    const auto there = whole_->contains(event_id);
    if (!there || !*there) return there;
    const auto doc = find(event_id);
    if (!doc) return tl::unexpected(doc.error());
    return doc->has_value();
  }
  Result<std::optional<DocId>> find(std::string_view event_id) const override {
    const auto doc = whole_->find(event_id);
    const bool gone = doc && *doc && std::ranges::binary_search(deleted_, **doc);
    return gone ? std::optional<DocId>() : doc;
  }

  const std::string& name() const override { return whole_->name(); }
  DocId size() const override { return whole_->size(); }
  Timestamp oldest() const override { return whole_->oldest(); }
  Timestamp newest() const override { return whole_->newest(); }
  SegmentSize bytes() const override { return whole_->bytes(); }
  Result<Timestamp> time(DocId doc) const override { return whole_->time(doc); }
  Result<DocRange> in_time(std::optional<Timestamp> from,
                           std::optional<Timestamp> to) const override {
    return whole_->in_time(from, to);
  }
  Result<std::vector<DocId>> first_before(std::span<const Timestamp> moments) const override {
    return whole_->first_before(moments);
  }
  Result<const Column*> column(FieldIndex field) const override { return whole_->column(field); }
  Result<const WordIndex*> words() const override { return whole_->words(); }
  Result<std::shared_ptr<TermReader>> terms() const override { return whole_->terms(); }
  Result<std::string> record(DocId doc) const override { return whole_->record(doc); }

 private:
  const std::shared_ptr<const Segment> whole_;
  const std::vector<DocId> deleted_;
};

}  // namespace

std::shared_ptr<const Segment> without_documents(std::shared_ptr<const Segment> segment,
                                                 std::vector<DocId> docs) {
  if (const auto* const live = dynamic_cast<const LiveSegment*>(segment.get())) {
    segment = std::shared_ptr<const Segment>(live->whole());
  }
  if (docs.empty()) return segment;
  return std::make_shared<LiveSegment>(std::move(segment), std::move(docs));
}

std::vector<bool> deleted_ids(const Segment& segment, const Column& ids) {
  if (segment.deleted().empty()) return {};
  std::vector<bool> deleted(ids.value_count());
  for (const DocId doc : segment.deleted()) deleted[ids.ordinal(doc) - 1] = true;
  return deleted;
}

}  // namespace trailsift::store
