#include "store/merge_order.h"

#include <algorithm>
#include <queue>
#include <string>
#include <utility>

namespace trailsift::store {
namespace {

/// The next document of one input, with what it is ordered by.
struct Head {
  MergedDoc at;
  Timestamp time;
  std::string id;
};

/// For a queue that gives out its largest first.
struct StandsAfter {
  bool operator()(const Head& a, const Head& b) const {
    return a.time != b.time ? a.time < b.time : a.id > b.id;
  }
};

Result<Head> head_of(const MergeInput& input, MergedDoc at) {
  const auto time = input.segment->time(at.doc);
  if (!time) return tl::unexpected(time.error());
  const auto ids = input.segment->column(event_id_field());
  if (!ids) return tl::unexpected(ids.error());
  const std::uint32_t ordinal = *ids == nullptr ? 0 : (*ids)->ordinal(at.doc);
  if (ordinal == 0) {
    return fail(ErrorCode::corrupt, "'" + input.directory.string() + "' has an event without id");
  }
  return Head{at, *time, (*ids)->value(ordinal - 1)};
}

/// The first document from `doc` on that is not deleted; size() when there is none.
DocId live_from(const Segment& segment, DocId doc) {
  const auto deleted = segment.deleted();
  for (auto gone = std::ranges::lower_bound(deleted, doc); gone != deleted.end() && *gone == doc;
       ++gone) {
    ++doc;
  }
  return doc;
}

}  // namespace

Result<std::vector<MergedDoc>> merge_order(const std::vector<MergeInput>& inputs) {
  std::priority_queue<Head, std::vector<Head>, StandsAfter> heads;
  const auto push = [&](MergedDoc at) -> Result<void> {
    auto head = head_of(inputs[at.input], at);
    if (!head) return tl::unexpected(head.error());
    heads.push(*head);
    return {};
  };
  for (std::uint32_t input = 0; input < inputs.size(); ++input) {
    const DocId first = live_from(*inputs[input].segment, 0);
    if (first == inputs[input].segment->size()) continue;
    if (auto done = push({input, first}); !done) return tl::unexpected(done.error());
  }
  std::vector<MergedDoc> order;
  while (!heads.empty()) {
    const MergedDoc at = heads.top().at;
    heads.pop();
    order.push_back(at);
    const DocId next = live_from(*inputs[at.input].segment, at.doc + 1);
    if (next == inputs[at.input].segment->size()) continue;
    if (auto done = push({at.input, next}); !done) return tl::unexpected(done.error());
  }
  return order;
}

bool is_concatenation(const std::vector<MergeInput>& inputs) {
  for (std::size_t i = 1; i < inputs.size(); ++i) {
    if (inputs[i - 1].segment->oldest() <= inputs[i].segment->newest()) return false;
  }
  return true;
}

}  // namespace trailsift::store
