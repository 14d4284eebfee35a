#include "query/segment_access.h"

#include <algorithm>
#include <utility>

#include "query/ordinal_scan.h"

namespace trailsift::query {
namespace {

/// Terms that are visited between two looks at the clock.
constexpr std::size_t kTermsPerCheck = 64;

/// Gathers the documents of many terms, as far as they can change the answer: a few frequent terms
/// often have all documents, then the many rare ones need not be read.
class Gathering {
 public:
  using Verdict = SegmentAccess::Verdict;

  Gathering(store::TermReader& reader, const DocSet& within, const SegmentAccess& access)
      : reader_(reader),
        within_(within),
        deadline_(access.deadline()),
        frequent_(access.segment().size() / 64) {}

  Result<void> add(std::string_view term, std::uint32_t frequency, Verdict verdict) {
    constexpr std::size_t kMostWaiting = 1U << 17U;
    if (frequency > frequent_) return read(std::string(term), verdict);
    waiting_.emplace_back(term, verdict);
    return waiting_.size() < kMostWaiting ? Result<void>() : read_waiting();
  }

  Result<Bounds> finish() {
    if (const auto read = read_waiting(); !read) return tl::unexpected(read.error());
    flush(Verdict::sure);
    flush(Verdict::possible);
    bounds_.possible |= bounds_.sure;
    return std::move(bounds_);
  }

 private:
  std::vector<DocId>& recent(Verdict verdict) {
    return verdict == Verdict::sure ? recent_sure_ : recent_possible_;
  }

  void flush(Verdict verdict) {
    DocSet& docs = verdict == Verdict::sure ? bounds_.sure : bounds_.possible;
    docs |= DocSet(recent(verdict)) & within_;
    recent(verdict).clear();
  }

  Result<void> read(const std::string& term, Verdict verdict) {
    constexpr std::size_t kMostRecent = 1U << 18U;
    auto& recent = this->recent(verdict);
    if (auto read = reader_.documents(term, recent); !read) return read;
    if (recent.size() >= kMostRecent) flush(verdict);
    return {};
  }

  Result<void> read_waiting() {
    flush(Verdict::sure);
    if (bounds_.sure.count() == within_.count()) waiting_.clear();
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
      auto done = i % kTermsPerCheck == 0 ? deadline_.check() : Result<void>();
      if (done) done = read(waiting_[i].first, waiting_[i].second);
      if (!done) return done;
    }
    waiting_.clear();
    return {};
  }

  store::TermReader& reader_;
  const DocSet& within_;
  const Deadline& deadline_;
  const std::uint32_t frequent_;  // More documents than this are many.
  std::vector<std::pair<std::string, Verdict>> waiting_;
  std::vector<DocId> recent_sure_;
  std::vector<DocId> recent_possible_;
  Bounds bounds_;
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

Result<Bounds> SegmentAccess::with_terms(const std::string& head, const DocSet& within,
                                         const JudgeTerm& judge) {
  const auto reader = terms();
  if (!reader) return tl::unexpected(reader.error());
  Gathering gathering(**reader, within, *this);
  Result<void> state;
  std::size_t visited = 0;
  const auto visit = [&](std::string_view term, std::uint32_t frequency) {
    if (visited++ % kTermsPerCheck == 0) state = deadline_.check();
    if (!state) return false;
    const Verdict verdict = judge(term);
    if (verdict != Verdict::no) state = gathering.add(term, frequency, verdict);
    return state.has_value();
  };
  const auto walked = (*reader)->for_each_term(head, visit);
  if (!walked) return tl::unexpected(walked.error());
  if (!state) return tl::unexpected(state.error());
  return gathering.finish();
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
