#include "query/hit_walk.h"

#include <algorithm>
#include <span>
#include <utility>

#include "schema/field.h"

namespace trailsift::query {

/// The hits of one segment, and where the walk is among them.
struct HitWalk::Road {
  explicit Road(SegmentHits found) : hits(std::move(found)), blocks(hits.docs) {}

  /// False at the end.
  Result<bool> step() {
    if (++at >= block.size()) {
      block = blocks.next();
      at = 0;
    }
    if (block.empty()) return false;
    const auto read = hits.segment->time(block[at]);
    if (!read) return tl::unexpected(read.error());
    time = *read;
    return true;
  }

  Result<std::string> id() const {
    const auto column = hits.segment->column(event_id_field());
    if (!column) return tl::unexpected(column.error());
    if (*column == nullptr) return std::string();
    const auto ranks = (*column)->ranks((*column)->ordinal(block[at]));
    return ranks.empty() ? std::string() : (*column)->value(ranks.front());
  }

  SegmentHits hits;
  DocBlocks blocks;
  std::span<const DocId> block;
  std::size_t at = 0;
  Timestamp time;
};

HitWalk::HitWalk(std::shared_ptr<const store::Snapshot> snapshot, std::vector<SegmentHits> hits)
    : snapshot_(std::move(snapshot)) {
  for (SegmentHits& segment : hits) roads_.push_back(std::make_unique<Road>(std::move(segment)));
}

HitWalk::~HitWalk() = default;
HitWalk::HitWalk(HitWalk&&) noexcept = default;
HitWalk& HitWalk::operator=(HitWalk&&) noexcept = default;

Result<bool> HitWalk::stands_before(const Road& a, const Road& b) {
  if (a.time != b.time) return a.time > b.time;
  const auto left = a.id();
  if (!left) return tl::unexpected(left.error());
  const auto right = b.id();
  if (!right) return tl::unexpected(right.error());
  return *left < *right;
}

Result<void> HitWalk::start() {
  started_ = true;
  std::vector<std::unique_ptr<Road>> roads = std::move(roads_);
  roads_.clear();
  for (auto& road : roads) {
    const auto more = road->step();
    if (!more) return tl::unexpected(more.error());
    if (*more) roads_.push_back(std::move(road));
  }
  return {};
}

// Segments are few, and neighbours in time mostly lie in the same one, so the next is looked for
// among all of them and then kept for as long as it stands before the second.
Result<std::vector<Hit>> HitWalk::next(std::size_t limit) {
  std::vector<Hit> found;
  if (!started_) {
    if (auto started = start(); !started) return tl::unexpected(started.error());
  }
  while (found.size() < limit && !roads_.empty()) {
    std::size_t first = 0;
    std::optional<Timestamp> second;
    for (std::size_t i = 1; i < roads_.size(); ++i) {
      const auto before = stands_before(*roads_[i], *roads_[first]);
      if (!before) return tl::unexpected(before.error());
      const Timestamp behind = *before ? roads_[first]->time : roads_[i]->time;
      if (!second || behind > *second) second = behind;
      if (*before) first = i;
    }
    Road& road = *roads_[first];
    do {
      found.push_back({road.hits.segment, road.block[road.at]});
      const auto more = road.step();
      if (!more) return tl::unexpected(more.error());
      if (!*more) {
        roads_.erase(roads_.begin() + static_cast<std::ptrdiff_t>(first));
        break;
      }
    } while (found.size() < limit && (!second || road.time > *second));
  }
  return found;
}

}  // namespace trailsift::query
