#include "query/decide_by_leaves.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "store/terms.h"

namespace trailsift::query {
namespace {

using Verdict = SegmentAccess::Verdict;

/// A record takes as long as the new leaf values of about this many documents.
constexpr std::uint64_t kDocsPerRecord = 20;

bool lies_in(std::string_view path, const Field& subtree) {
  if (subtree.path.empty()) return true;
  return path.starts_with(subtree.path) &&
         (path.size() == subtree.path.size() || path[subtree.path.size()] == '.');
}

/// What the terms of all leaves in the subtree begin with; those of a few others do too.
std::string head_of(const Field& subtree) {
  std::string head = store::leaf_term_prefix(subtree.path, "").head;
  head.pop_back();  // After the path the term of a leaf below goes on with a dot.
  return head;
}

Result<Bounds> with_leaf_term(const LeafTest& question, const DocSet& open, SegmentAccess& access) {
  return access.with_terms(head_of(question.subtree), open, [&](std::string_view term) {
    if (store::is_hashed(term)) return Verdict::possible;
    const auto [path, value] = store::split_leaf_term(term);
    const bool passes = lies_in(path, question.subtree) && question.test(value);
    return passes ? Verdict::sure : Verdict::no;
  });
}

/// Leaves without a term of their own are values of such a field.
bool stands_for_leaf(const Field& field, const Field& subtree) {
  return field.origin == Origin::record && field.type != FieldType::text &&
         lies_in(field.path, subtree);
}

Result<DocSet> with_field_value(const LeafTest& question, const DocSet& open,
                                const SegmentAccess& access) {
  DocSet found;
  for (const Field& field : fields()) {
    if (!stands_for_leaf(field, question.subtree)) continue;
    const auto column = access.segment().column(index_of(field));
    if (!column) return tl::unexpected(column.error());
    if (*column == nullptr) continue;
    const auto docs = access.with_rank(**column, open - found, [&](std::uint32_t rank) {
      return question.test((*column)->value(rank));
    });
    if (!docs) return tl::unexpected(docs.error());
    found |= *docs;
  }
  return found;
}

}  // namespace

Result<Bounds> decide_by_leaves(const LeafTest& question, const DocSet& open,
                                SegmentAccess& access) {
  if (open.count() * kDocsPerRecord < access.segment().size()) return Bounds{DocSet(), open};
  auto bounds = with_leaf_term(question, open, access);
  if (!bounds) return bounds;
  const auto by_field = with_field_value(question, open - bounds->sure, access);
  if (!by_field) return tl::unexpected(by_field.error());
  bounds->sure |= *by_field;
  bounds->possible |= *by_field;
  // event_time has no dictionary.
  static const Field& event_time = field_at(field_index("event_time"));
  if (question.may_pass_event_time && lies_in(event_time.path, question.subtree)) {
    bounds->possible = open;
  }
  return bounds;
}

}  // namespace trailsift::query
