#include "query/segment_access.h"

#include <algorithm>
#include <utility>

#include "query/ordinal_scan.h"

namespace trailsift::query {
namespace {

/// Documents gathered from several posting lists before they are put into a set.
constexpr std::size_t kGathered = 1U << 20;

enum class Verdict : std::uint8_t { unknown, no, yes };

}  // namespace

Bounds exactly(DocSet docs) {
  Bounds bounds{docs, {}};
  bounds.possible = std::move(docs);
  return bounds;
}

Result<store::TermReader*> SegmentAccess::terms() {
  if (!terms_) {
    auto leased = segment_.terms();
    if (!leased) return tl::unexpected(leased.error());
    terms_ = std::move(*leased);
  }
  return terms_.get();
}

Result<std::uint32_t> SegmentAccess::frequency(const std::string& term) {
  const auto reader = terms();
  if (!reader) return tl::unexpected(reader.error());
  return (*reader)->frequency(term);
}

Result<DocSet> SegmentAccess::with_term(const std::string& term) {
  if (const auto in_time = deadline_.check(); !in_time) return tl::unexpected(in_time.error());
  const auto reader = terms();
  if (!reader) return tl::unexpected(reader.error());
  std::vector<DocId> docs;
  if (const auto read = (*reader)->documents(term, docs); !read) {
    return tl::unexpected(read.error());
  }
  return DocSet(docs);
}

Result<DocSet> SegmentAccess::with_terms(const std::string& head, const AcceptTerm& accepts) {
  const auto reader = terms();
  if (!reader) return tl::unexpected(reader.error());
  DocSet found;
  std::vector<DocId> gathered;
  Result<void> state;
  const auto flush = [&] {
    found.add(gathered);
    gathered.clear();
  };
  const auto visit = [&](std::string_view term, std::uint32_t) {
    state = deadline_.check();
    if (!state) return false;
    if (!accepts(term)) return true;
    state = (*reader)->documents(std::string(term), gathered);
    if (gathered.size() >= kGathered) flush();
    return state.has_value();
  };
  const auto walked = (*reader)->for_each_term(head, visit);
  if (!walked) return tl::unexpected(walked.error());
  if (!state) return tl::unexpected(state.error());
  flush();
  return found;
}

Result<DocSet> SegmentAccess::with_rank(const store::Column& column, const DocSet& within,
                                        const AcceptRank& accepts) const {
  std::vector<Verdict> verdicts(column.ordinal_count(), Verdict::unknown);
  const auto judged = [&](std::uint32_t ordinal) {
    Verdict& verdict = verdicts[ordinal];
    if (verdict == Verdict::unknown) {
      const bool accepted = std::ranges::any_of(column.ranks(ordinal), accepts);
      verdict = accepted ? Verdict::yes : Verdict::no;
    }
    return verdict == Verdict::yes;
  };
  std::vector<DocId> docs;
  const auto visit = [&](DocId doc, std::uint32_t ordinal) {
    if (judged(ordinal)) docs.push_back(doc);
  };
  const auto scanned = for_each_ordinal(column, within, deadline_, visit);
  if (!scanned) return tl::unexpected(scanned.error());
  return DocSet(docs);
}

bool SegmentAccess::prefers_postings(std::uint64_t frequency, const DocSet& within) {
  constexpr std::uint64_t kPostingCost = 12;
  return frequency * kPostingCost < within.count();
}

}  // namespace trailsift::query
