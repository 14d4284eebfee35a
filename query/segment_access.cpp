#include "query/segment_access.h"

#include <algorithm>
#include <utility>

#include "query/ordinal_scan.h"

namespace trailsift::query {
namespace {

/// Terms that are visited between two looks at the clock.
constexpr std::size_t kTermsPerCheck = 64;

/// Gathers the documents of many posting lists, putting them into a set by and by.
class Gathering {
 public:
  /// Where to append more documents.
  std::vector<DocId>& room() {
    constexpr std::size_t kMost = 1U << 20U;
    if (recent_.size() >= kMost) flush();
    return recent_;
  }

  DocSet docs() {
    flush();
    return std::move(docs_);
  }

 private:
  void flush() {
    docs_.add(recent_);
    recent_.clear();
  }

  DocSet docs_;
  std::vector<DocId> recent_;
};

/// What is known of the documents with an ordinal.
enum class Known : std::uint8_t { nothing, no, yes };

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

/// One pass over terms: either those that many documents have, or the others.
struct SegmentAccess::TermWalk {
  bool frequent = true;
  Gathering sure;
  Gathering possible;
};

Result<Bounds> SegmentAccess::with_terms(const std::string& head, const DocSet& within,
                                         const JudgeTerm& judge) {
  Bounds found;
  // A few frequent terms often have all documents; then the many rare ones need not be read.
  for (const bool frequent : {true, false}) {
    TermWalk walk{frequent, {}, {}};
    const auto visited = visit_terms(head, judge, walk);
    if (!visited) return tl::unexpected(visited.error());
    found.sure |= walk.sure.docs() & within;
    found.possible |= walk.possible.docs() & within;
    if (found.sure.count() == within.count()) break;
  }
  found.possible |= found.sure;
  return found;
}

Result<void> SegmentAccess::visit_terms(const std::string& head, const JudgeTerm& judge,
                                        TermWalk& walk) {
  constexpr std::uint32_t kFrequentShare = 64;  // One document in so many.
  const auto reader = terms();
  if (!reader) return tl::unexpected(reader.error());
  Result<void> state;
  std::size_t visited = 0;
  const auto visit = [&](std::string_view term, std::uint32_t frequency) {
    if (visited++ % kTermsPerCheck == 0) state = deadline_.check();
    if (!state) return false;
    const bool frequent = frequency > segment_.size() / kFrequentShare;
    const Verdict verdict = frequent == walk.frequent ? judge(term) : Verdict::no;
    if (verdict == Verdict::no) return true;
    Gathering& gathering = verdict == Verdict::sure ? walk.sure : walk.possible;
    state = (*reader)->documents(std::string(term), gathering.room());
    return state.has_value();
  };
  if (auto walked = (*reader)->for_each_term(head, visit); !walked) return walked;
  return state;
}

Result<DocSet> SegmentAccess::with_rank(const store::Column& column, const DocSet& within,
                                        const AcceptRank& accepts) const {
  std::vector<Known> known(column.ordinal_count(), Known::nothing);
  const auto accepted = [&](std::uint32_t ordinal) {
    Known& answer = known[ordinal];
    if (answer == Known::nothing) {
      answer = std::ranges::any_of(column.ranks(ordinal), accepts) ? Known::yes : Known::no;
    }
    return answer == Known::yes;
  };
  std::vector<DocId> docs;
  const auto visit = [&](DocId doc, std::uint32_t ordinal) {
    if (accepted(ordinal)) docs.push_back(doc);
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
