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

Result<Bounds> SegmentAccess::with_terms(const std::string& head, const JudgeTerm& judge) {
  const auto reader = terms();
  if (!reader) return tl::unexpected(reader.error());
  Gathering sure;
  Gathering possible;
  Result<void> state;
  std::size_t visited = 0;
  const auto visit = [&](std::string_view term, std::uint32_t) {
    if (visited++ % kTermsPerCheck == 0) state = deadline_.check();
    if (!state) return false;
    const Verdict verdict = judge(term);
    if (verdict == Verdict::no) return true;
    Gathering& gathering = verdict == Verdict::sure ? sure : possible;
    state = (*reader)->documents(std::string(term), gathering.room());
    return state.has_value();
  };
  const auto walked = (*reader)->for_each_term(head, visit);
  if (!walked) return tl::unexpected(walked.error());
  if (!state) return tl::unexpected(state.error());
  Bounds bounds;
  bounds.sure = sure.docs();
  bounds.possible = possible.docs() | bounds.sure;
  return bounds;
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
