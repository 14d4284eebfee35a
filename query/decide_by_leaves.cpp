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

Result<Bounds> with_leaf(const Field& subtree, const TextTest& test, SegmentAccess& access) {
  return access.with_terms(head_of(subtree), [&](std::string_view term) {
    if (store::is_hashed(term)) return Verdict::possible;
    const auto [path, value] = store::split_leaf_term(term);
    return lies_in(path, subtree) && test(value) ? Verdict::sure : Verdict::no;
  });
}

/// Fields whose leaves have no term of their own: they are asked for through the field.
bool lacks_leaf_terms(const Field& field) {
  return field.origin == Origin::record && field.type != FieldType::text;
}

/// Of `open`, the documents in whose fields the text stands. Other types than these do not keep
/// the text of the leaf.
Result<DocSet> with_field(const Field& subtree, const TextTest& test, const DocSet& open,
                          const SegmentAccess& access) {
  DocSet found;
  for (const Field& field : fields()) {
    const bool keeps_text = field.type == FieldType::keyword || field.type == FieldType::ip;
    if (!keeps_text || !lacks_leaf_terms(field) || !lies_in(field.path, subtree)) continue;
    const auto column = access.segment().column(index_of(field));
    if (!column) return tl::unexpected(column.error());
    if (*column == nullptr) continue;
    const auto docs = access.with_rank(
        **column, open - found, [&](std::uint32_t rank) { return test((*column)->value(rank)); });
    if (!docs) return docs;
    found |= *docs;
  }
  return found;
}

}  // namespace

Result<Bounds> decide_by_leaves(const Field& subtree, const TextTest& test, const DocSet& open,
                                SegmentAccess& access) {
  if (open.count() * kDocsPerRecord < access.segment().size()) return Bounds{DocSet(), open};
  auto bounds = with_leaf(subtree, test, access);
  if (!bounds) return bounds;
  bounds->sure &= open;
  bounds->possible &= open;
  const bool all_leaves_have_terms = std::ranges::none_of(fields(), [&](const Field& field) {
    return lacks_leaf_terms(field) && lies_in(field.path, subtree);
  });
  if (all_leaves_have_terms) return bounds;
  const auto by_field = with_field(subtree, test, open - bounds->sure, access);
  if (!by_field) return tl::unexpected(by_field.error());
  return Bounds{std::move(bounds->sure) | *by_field, open};
}

}  // namespace trailsift::query
