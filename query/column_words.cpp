#include "query/column_words.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/evaluate_condition.h"
#include "query/value_search.h"
#include "schema/time.h"
#include "schema/uuid.h"

namespace trailsift::query {
namespace {

using Ranks = store::WordIndex::Ranks;

/// The values that the word index offers: those with the rarest piece.
std::vector<Ranks> candidates(const Words& words, const store::WordIndex& index) {
  if (!words.has_pieces()) return {};
  if (words.like) return index.with_pieces(words.like);
  if (words.complete.empty() && words.beginning.empty()) {
    return index.with_pieces([&words](std::string_view piece) {
      return piece.find(words.inside) != std::string_view::npos;
    });
  }
  if (words.complete.empty()) return index.with_beginning(words.beginning);
  const auto rarest = std::ranges::min_element(
      words.complete, {}, [&](std::string_view piece) { return index.frequency(piece); });
  return index.with_piece(*rarest);
}

/// Adds the UUIDs of a column that hold the words. They are not in the word index.
Result<void> add_uuids(const Words& words, const store::Column& column, const Deadline& deadline,
                       std::vector<std::uint32_t>& ranks) {
  constexpr std::uint32_t kRanksPerCheck = 1U << 14U;
  if (const auto uuid = words.whole_uuid()) {
    if (const auto rank = column.find(*uuid)) ranks.push_back(*rank);
    return {};
  }
  // Most UUIDs do not even have the first piece, and need not become text.
  const bool complete = !words.complete.empty();
  const UuidPiece piece(complete ? std::string_view(words.complete.front()) : words.beginning,
                        complete);
  Result<void> state;
  std::string text;
  column.dictionary().for_each_uuid([&](std::uint32_t rank, std::string_view packed) {
    if (rank % kRanksPerCheck == 0) state = deadline.check();
    if (!piece.stands_in(packed)) return state.has_value();
    unpack_uuid(packed, text);
    if ((words.are_one_piece() && !words.like) || words.test(text)) ranks.push_back(rank);
    return state.has_value();
  });
  return state;
}

class ColumnSearch {
 public:
  ColumnSearch(const Words& words, const DocSet& within, SegmentAccess& access)
      : words_(words), within_(within), access_(access) {}

  Result<DocSet> run() {
    const auto index = access_.segment().words();
    if (!index) return tl::unexpected(index.error());
    index_ = *index;
    candidates_ = candidates(words_, *index_);
    for (const Field& field : fields()) {
      if (!is_asked_for(field)) continue;
      if (auto done = search(field); !done) return tl::unexpected(done.error());
    }
    return std::move(found_);
  }

 private:
  bool is_asked_for(const Field& field) const {
    if (words_.field.origin == Origin::subtree) {
      if (field.origin == Origin::joined) return field.join.in_raw && words_.field.path.empty();
      return store::has_words(field) && lies_in(field.path, words_.field);
    }
    return index_of(field) == index_of(words_.field);
  }

  Result<void> search(const Field& field) {
    // Columns that cannot have the words are not even looked at: the first look verifies them.
    if (!may_match(field)) return {};
    const auto column = access_.segment().column(index_of(field));
    if (!column) return tl::unexpected(column.error());
    if (*column == nullptr) return {};
    const auto ranks = matching_ranks(field, **column);
    if (!ranks) return tl::unexpected(ranks.error());
    if (ranks->empty()) return {};
    const auto docs = access_.with_ranks(**column, within_ - found_, *ranks);
    if (!docs) return tl::unexpected(docs.error());
    found_ |= *docs;
    return {};
  }

  bool may_match(const Field& field) const {
    return is_read_whole(field) || offered_in(field) != nullptr || may_match_uuids(field);
  }

  /// Whether the word index does not help to find the values.
  bool is_read_whole(const Field& field) const {
    return !store::has_words(field) || !words_.has_pieces();
  }

  bool may_match_uuids(const Field& field) const {
    return words_.may_stand_in_uuid() && index_->has_uuids(index_of(field));
  }

  const Ranks* offered_in(const Field& field) const {
    const auto offered = std::ranges::find(candidates_, index_of(field), &Ranks::field);
    return offered == candidates_.end() ? nullptr : &*offered;
  }

  /// Ascending.
  Result<std::vector<std::uint32_t>> matching_ranks(const Field& field,
                                                    const store::Column& column) const {
    if (is_read_whole(field)) {
      return ranks_with_text(column, {0, column.value_count()}, words_.test, access_.deadline());
    }
    std::vector<std::uint32_t> ranks;
    if (const Ranks* offered = offered_in(field)) ranks = offered->ranks;
    if (!words_.are_one_piece()) {
      if (auto done = keep_passing(column, ranks); !done) return tl::unexpected(done.error());
    }
    if (!may_match_uuids(field)) return ranks;
    if (auto done = add_uuids(words_, column, access_.deadline(), ranks); !done) {
      return tl::unexpected(done.error());
    }
    std::ranges::sort(ranks);
    return ranks;
  }

  /// Leaves those of the ranks whose values pass the test.
  Result<void> keep_passing(const store::Column& column, std::vector<std::uint32_t>& ranks) const {
    constexpr std::size_t kRanksPerCheck = 1U << 12U;
    Result<void> state;
    std::size_t tested = 0;
    std::erase_if(ranks, [&](std::uint32_t rank) {
      if (tested++ % kRanksPerCheck == 0 && state) state = access_.deadline().check();
      return !state || !words_.test(column.value(rank));
    });
    return state;
  }

  const Words& words_;
  const DocSet& within_;
  SegmentAccess& access_;
  const store::WordIndex* index_ = nullptr;
  std::vector<Ranks> candidates_;
  DocSet found_;
};

/// Whether the piece could be one of a time such as 2021-07-29T23:53:26.120Z.
bool may_stand_in_time(std::string_view piece, bool complete) {
  constexpr std::size_t kLongestPiece = 5;  // 29t23
  const bool fits = piece.find_first_not_of("0123456789tz") == std::string_view::npos;
  if (!complete) return fits && piece.size() <= kLongestPiece;
  return fits && piece.size() >= 2 && piece.size() <= kLongestPiece;
}

/// The year, when a year is all that is looked for.
std::optional<int> wanted_year(const Words& words) {
  constexpr std::size_t kYearDigits = 4;
  if (!words.are_one_piece() || words.complete.empty()) return std::nullopt;
  const std::string& piece = words.complete.front();
  if (piece.size() != kYearDigits || piece.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  return std::stoi(piece);
}

Result<DocSet> in_year(int year, const DocSet& within, SegmentAccess& access) {
  const auto first_day = [](int number) {
    return Timestamp(std::chrono::sys_days(std::chrono::year(number) / 1 / 1));
  };
  const auto range = documents_in(access.segment(), InTime{first_day(year), first_day(year + 1)});
  if (!range) return tl::unexpected(range.error());
  return DocSet(*range) & within;
}

}  // namespace

Result<DocSet> with_column_words(const Words& words, const DocSet& within, SegmentAccess& access) {
  return ColumnSearch(words, within, access).run();
}

Result<DocSet> with_time_words(const Words& words, const DocSet& within, SegmentAccess& access) {
  static const Field& event_time = field_at(event_time_field());
  const bool possible =
      words.in_times && lies_in(event_time.path, words.field) &&
      std::ranges::all_of(words.complete,
                          [](auto& piece) { return may_stand_in_time(piece, true); }) &&
      may_stand_in_time(words.beginning, false) && may_stand_in_time(words.inside, false);
  if (!possible) return DocSet();
  if (const auto year = wanted_year(words)) return in_year(*year, within, access);
  return with_time_text(words.test, within, access);
}

}  // namespace trailsift::query
