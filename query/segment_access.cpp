#include "query/segment_access.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

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

/// A set of ordinals, as Column::select() takes it.
class OrdinalBits {
 public:
  explicit OrdinalBits(const store::Column& column)
      : words_(store::accepted_words(column.ordinal_count())) {}

  std::span<const std::uint64_t> words() const { return words_; }
  bool contains(std::uint32_t ordinal) const {
    return (words_[ordinal / 64] >> (ordinal % 64) & 1U) != 0;
  }
  void add(std::uint32_t ordinal) { words_[ordinal / 64] |= std::uint64_t{1} << (ordinal % 64); }

  /// The ordinals as ranges; nullopt when there are more than `most`.
  std::optional<std::vector<store::OrdinalRange>> ranges(std::size_t most) const {
    std::vector<store::OrdinalRange> ranges;
    const auto fits = for_each([&](std::uint32_t ordinal) -> Result<void> {
      if (!ranges.empty() && ranges.back().last + 1 == ordinal) {
        ranges.back().last = ordinal;
      } else if (ranges.size() < most) {
        ranges.push_back({ordinal, ordinal});
      } else {
        return fail(ErrorCode::too_large, "there are more ranges");
      }
      return {};
    });
    return fits ? std::optional(std::move(ranges)) : std::nullopt;
  }

  /// Calls `visit` with each ordinal until it fails.
  template <class Visit>
  Result<void> for_each(const Visit& visit) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (std::uint64_t word = words_[i]; word != 0; word &= word - 1) {
        const auto bit = static_cast<unsigned>(std::countr_zero(word));
        if (auto done = visit(static_cast<std::uint32_t>(i * 64 + bit)); !done) return done;
      }
    }
    return {};
  }

 private:
  std::vector<std::uint64_t> words_;
};

/// The ordinals that documents of the set have; of a large set all that there are.
OrdinalBits occurring(const store::Column& column, const DocSet& docs) {
  OrdinalBits ordinals(column);
  if (docs.count() < column.ordinal_count()) {
    DocBlocks blocks(docs);
    for (auto block = blocks.next(); !block.empty(); block = blocks.next()) {
      for (const DocId doc : block) ordinals.add(column.ordinal(doc));
    }
  } else {
    for (std::uint32_t i = 0; i < column.ordinal_count(); ++i) ordinals.add(i);
  }
  return ordinals;
}

/// Whether to look at single documents of the set instead of at all from its first to its last.
bool is_sparse(const DocSet& docs) {
  constexpr std::uint64_t kScannedPerRead = 32;
  const DocRange span = docs.span();
  return docs.count() * kScannedPerRead < span.end - span.begin;
}

/// The documents of a sparse set whose ordinal `contains` takes.
template <class Contains>
DocSet read_each(const store::Column& column, const DocSet& docs, const Contains& contains) {
  std::vector<DocId> found;
  DocBlocks blocks(docs);
  for (auto block = blocks.next(); !block.empty(); block = blocks.next()) {
    for (const DocId doc : block) {
      if (contains(column.ordinal(doc))) found.push_back(doc);
    }
  }
  return DocSet(found);
}

/// The documents of the set whose ordinal is one of `ordinals`, by a scan.
template <class Ordinals>
DocSet scanned(const store::Column& column, const DocSet& docs, const Ordinals& ordinals) {
  DocRange span = docs.span();
  span.begin -= span.begin % DocBits::kWordDocs;
  std::vector<std::uint64_t> words((span.end - span.begin + DocBits::kWordDocs - 1) /
                                   DocBits::kWordDocs);
  column.select(span, ordinals, words.data());
  return DocSet(DocBits(span.begin, std::move(words))) & docs;
}

DocSet selected(const store::Column& column, const DocSet& docs, store::OrdinalRange ordinals) {
  if (!is_sparse(docs)) return scanned(column, docs, ordinals);
  return read_each(column, docs, [ordinals](std::uint32_t ordinal) {
    return ordinals.first <= ordinal && ordinal <= ordinals.last;
  });
}

DocSet selected(const store::Column& column, const DocSet& docs, const OrdinalBits& ordinals) {
  if (is_sparse(docs)) {
    return read_each(column, docs,
                     [&](std::uint32_t ordinal) { return ordinals.contains(ordinal); });
  }
  // A scan for a range takes a tenth of the time of one for any set.
  constexpr std::size_t kMostRanges = 6;
  const auto ranges = ordinals.ranges(kMostRanges);
  if (!ranges) return scanned(column, docs, ordinals.words());
  DocSet found;
  for (const auto& range : *ranges) found |= scanned(column, docs, range);
  return found;
}

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
  const auto frequency = (*reader)->frequency(term);
  if (!frequency) return tl::unexpected(frequency.error());
  if (*frequency == 0) return DocSet();
  if (*frequency == segment_.size()) return DocSet(DocRange{0, segment_.size()});
  std::vector<DocId> docs;
  docs.reserve(*frequency);
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
  OrdinalBits accepted(column);
  std::size_t asked = 0;
  const auto tested = occurring(column, within).for_each([&](std::uint32_t ordinal) {
    if (std::ranges::any_of(column.ranks(ordinal), accepts)) accepted.add(ordinal);
    return asked++ % kTermsPerCheck == 0 ? deadline_.check() : Result<void>();
  });
  if (!tested) return tl::unexpected(tested.error());
  return selected(column, within, accepted);
}

Result<DocSet> SegmentAccess::with_ranks(const store::Column& column, const DocSet& within,
                                         std::span<const std::uint32_t> ranks) const {
  if (ranks.empty()) return DocSet();
  if (column.has_tuples()) {
    std::vector<char> wanted(column.value_count());
    for (const std::uint32_t rank : ranks) wanted[rank] = 1;
    return with_rank(column, within, [&](std::uint32_t rank) { return wanted[rank] != 0; });
  }
  if (const auto in_time = deadline_.check(); !in_time) return tl::unexpected(in_time.error());
  OrdinalBits accepted(column);
  for (const std::uint32_t rank : ranks) accepted.add(rank + 1);
  return selected(column, within, accepted);
}

Result<DocSet> SegmentAccess::with_rank(const store::Column& column, const DocSet& within,
                                        RankRange range) const {
  if (range.begin >= range.end) return DocSet();
  if (column.has_tuples()) {
    return with_rank(column, within, [range](std::uint32_t rank) {
      return range.begin <= rank && rank < range.end;
    });
  }
  if (const auto in_time = deadline_.check(); !in_time) return tl::unexpected(in_time.error());
  return selected(column, within, store::OrdinalRange{range.begin + 1, range.end});
}

}  // namespace trailsift::query
