#include "query/new_hits.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "query/evaluate.h"
#include "schema/field.h"

namespace trailsift::query {
namespace {

using Segments = std::vector<const store::Segment*>;

/// The segments of `one` that `other` lacks.
Segments only_in(const store::Snapshot& one, const store::Snapshot& other) {
  Segments only;
  for (const auto& segment : one.segments) {
    const bool known = std::ranges::any_of(
        other.segments, [&](const auto& kept) { return kept->name() == segment->name(); });
    if (!known) only.push_back(segment.get());
  }
  return only;
}

std::uint64_t size_of(const Segments& segments) {
  std::uint64_t size = 0;
  for (const store::Segment* segment : segments) size += segment->size();
  return size;
}

Result<bool> has_any(const Segments& segments, const store::Segment& segment, DocId doc) {
  const auto column = segment.column(event_id_field());
  if (!column) return tl::unexpected(column.error());
  if (*column == nullptr) return false;
  const auto ranks = (*column)->ranks((*column)->ordinal(doc));
  const std::string id = ranks.empty() ? std::string() : (*column)->value(ranks.front());
  for (const store::Segment* other : segments) {
    const auto contained = other->contains(id);
    if (!contained) return contained;
    if (*contained) return true;
  }
  return false;
}

/// Those of the documents that came from none of the segments that a merge may have taken.
Result<DocSet> without_merged(const store::Segment& segment, const DocSet& docs,
                              const Segments& merged, const Deadline& deadline) {
  std::vector<DocId> fresh;
  DocBlocks blocks(docs);
  for (auto block = blocks.next(); !block.empty(); block = blocks.next()) {
    if (auto in_time = deadline.check(); !in_time) return tl::unexpected(in_time.error());
    for (const DocId doc : block) {
      const auto old = has_any(merged, segment, doc);
      if (!old) return tl::unexpected(old.error());
      if (!*old) fresh.push_back(doc);
    }
  }
  return DocSet(fresh);
}

}  // namespace

Result<std::vector<SegmentHits>> find_new_hits(const store::Snapshot& before,
                                               const store::Snapshot& after, const Tree& query,
                                               const InTime& time, const Deadline& deadline) {
  const Segments added = only_in(after, before);
  const Segments gone = only_in(before, after);
  std::vector<SegmentHits> hits;
  // Merges alone; one that leaves out what was deleted makes less of more.
  if (before.deletes == after.deletes && size_of(added) <= size_of(gone)) return hits;
  for (const store::Segment* segment : added) {
    auto docs = evaluate(query, *segment, time, deadline);
    if (docs && !gone.empty()) docs = without_merged(*segment, *docs, gone, deadline);
    if (!docs) return tl::unexpected(docs.error());
    if (!docs->empty()) hits.push_back({segment, std::move(*docs)});
  }
  return hits;
}

}  // namespace trailsift::query
