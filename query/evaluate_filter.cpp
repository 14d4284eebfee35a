#include "query/evaluate_filter.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "query/evaluate_condition.h"
#include "query/evaluate_text.h"
#include "query/holds.h"
#include "query/loose_words.h"
#include "query/value_search.h"
#include "schema/field.h"
#include "schema/utf8.h"
#include "schema/words.h"
#include "store/terms.h"
#include "store/word_index.h"

namespace trailsift::query {
namespace {

/// A test of single values, and what a value must have to pass it.
struct Filter {
  const Target& target;
  TextTest passes;
  std::string head = {};        // It begins so, byte for byte.
  Pieces complete = {};         // It has these pieces,
  std::string beginning = {};   // and one that begins so,
  std::string inside = {};      // and one with these letters.
  std::string identifier = {};  // See Words.
  bool pieces_first = false;    // Whether its pieces lead to few documents with little work.
};

Words words_of(const Filter& filter, const Field& field) {
  return {field, filter.complete, filter.beginning, filter.identifier, filter.passes, filter.inside,
          true};
}

const Field& whole_record() {
  static const Field& kRaw = field_at(field_index("raw"));
  return kRaw;
}

Result<Bounds> filter_leaf(const LeafPath& leaf, const Filter& filter, const DocSet& within,
                           SegmentAccess& access) {
  const Words words = words_of(filter, whole_record());
  DocSet loose = within;
  if (filter.pieces_first && words.has_pieces() && !is_time(leaf)) {
    auto docs = with_all_words(words, within, access);
    if (!docs) return tl::unexpected(docs.error());
    loose = std::move(*docs);
  }
  Bounds bounds;
  if (!loose.empty()) {
    const std::string head = store::leaf_term_prefix(leaf.path, filter.head).head;
    auto found = access.with_terms(head, loose, LeafJudge(leaf, filter.passes));
    if (!found) return found;
    bounds = std::move(*found);
  }
  auto held = add_held(leaf, filter.passes, std::move(bounds), within, access);
  if (!held || is_time(leaf)) return held ? add_told(leaf, std::move(*held), within, access) : held;
  auto told = told_by_record(leaf, loose - held->sure, access);
  if (told && !told->empty()) told = with_rare_beginning(filter.head, *told, access);
  if (told && !told->empty() && !filter.pieces_first) told = with_all_words(words, *told, access);
  if (!told) return tl::unexpected(told.error());
  held->possible |= *told;
  return held;
}

/// Whether to ask the word index for values instead of looking at each.
bool is_by_words(const Filter& filter, const Field& field, const store::Column& column) {
  constexpr std::uint32_t kFewValues = 64;
  constexpr std::uint32_t kManyValues = 1U << 16U;  // About as many as there are pieces.
  if (!store::has_words(field) || !filter.head.empty()) return false;
  const bool looked_up = !filter.complete.empty() || !filter.beginning.empty();
  return looked_up ? column.value_count() > kFewValues
                   : !filter.inside.empty() && column.value_count() > kManyValues;
}

Result<Bounds> filter_field(FieldIndex index, const Filter& filter, const DocSet& within,
                            SegmentAccess& access) {
  const Field& field = field_at(index);
  if (field.origin == Origin::subtree) {
    return evaluate_words(words_of(filter, field), within, access);
  }
  if (index == event_time_field()) {
    auto docs = with_time_text(filter.passes, within, access);
    if (!docs) return tl::unexpected(docs.error());
    return exactly(std::move(*docs));
  }
  const auto column = access.segment().column(index);
  if (!column) return tl::unexpected(column.error());
  if (*column == nullptr) return Bounds{};
  if (is_by_words(filter, field, **column)) {
    return evaluate_words(words_of(filter, field), within, access);
  }
  const RankRange ranks = sorts_by_bytes(field_at(index).type)
                              ? ranks_with_prefix(**column, filter.head)
                              : all_ranks(**column);
  auto docs = with_text(**column, ranks, filter.passes, within, access);
  if (!docs) return tl::unexpected(docs.error());
  return exactly(std::move(*docs));
}

Result<Bounds> evaluate(const Filter& filter, const DocSet& within, SegmentAccess& access) {
  if (const auto* leaf = std::get_if<LeafPath>(&filter.target)) {
    return filter_leaf(*leaf, filter, within, access);
  }
  return filter_field(std::get<FieldIndex>(filter.target), filter, within, access);
}

/// Texts of which the beginning of a long piece is like one, if the piece is like `text`: its
/// beginnings that are longer or shorter than that by no more than the edits.
std::vector<FuzzyText> beginnings_of(const FuzzyText& text) {
  std::vector<FuzzyText> beginnings;
  const std::string_view whole = text.text();
  for (std::size_t at = 0, letters = 0; at <= whole.size(); ++at) {
    if (at < whole.size() && continues_character(whole[at])) continue;
    const std::size_t size = letters++;
    if (size + text.edits() < store::kLongPieceHead) continue;
    if (size > store::kLongPieceHead + text.edits()) break;
    beginnings.emplace_back(std::string(whole.substr(0, at)), text.edits());
  }
  return beginnings;
}

/// Of two texts that a piece must have the longer one, which fewer pieces have.
void take_longer(std::string& text, std::string&& other) {
  if (other.size() > text.size()) text = std::move(other);
}

}  // namespace

Result<Bounds> evaluate_condition(const Like& like, const DocSet& within, SegmentAccess& access) {
  Filter filter{like.target,
                [&like](std::string_view value) { return like.pattern.matches(value); }};
  filter.head = like.pattern.head();
  for (auto& piece : like.pattern.pieces()) {
    switch (piece.place) {
      case Wildcard::Piece::Place::complete:
        filter.complete.push_back(std::move(piece.text));
        break;
      case Wildcard::Piece::Place::beginning:
        take_longer(filter.beginning, std::move(piece.text));
        break;
      case Wildcard::Piece::Place::inside: take_longer(filter.inside, std::move(piece.text)); break;
    }
  }
  return evaluate(filter, within, access);
}

Result<Bounds> evaluate_condition(const Found& found, const DocSet& within, SegmentAccess& access) {
  const Filter filter{found.target,
                      [&found](std::string_view value) { return found.expression.matches(value); }};
  return evaluate(filter, within, access);
}

Result<Bounds> evaluate_condition(const InNetwork& in, const DocSet& within,
                                  SegmentAccess& access) {
  const Filter filter{in.target,
                      [&in](std::string_view value) { return in.network.contains(value); }};
  return evaluate(filter, within, access);
}

Result<Bounds> evaluate_condition(const Fuzzy& fuzzy, const DocSet& within, SegmentAccess& access) {
  const FuzzyText& text = fuzzy.text;
  const auto is_like = [&text](std::string_view value) { return text.is_like(value); };
  if (!has_words(fuzzy.target)) return evaluate(Filter{fuzzy.target, is_like}, within, access);
  Words words{
      field_at(std::get<FieldIndex>(fuzzy.target)), {}, {}, {}, [&fuzzy](std::string_view value) {
        return holds(value, fuzzy);
      }};
  words.like = is_like;
  if (text.may_be_longer_than(store::kLongestWholePiece)) {
    words.like_beginning = [beginnings = beginnings_of(text)](std::string_view beginning) {
      return !is_ascii(beginning) || std::ranges::any_of(beginnings, [&](const FuzzyText& one) {
        return one.is_like(beginning);
      });
    };
  }
  words.in_uuids = text.may_stand_in_uuid();
  words.in_times = text.may_stand_in_time();
  return evaluate_words(words, within, access);
}

Result<Bounds> evaluate_any_case(const Equals& equals, const DocSet& within,
                                 SegmentAccess& access) {
  Filter filter{equals.target,
                [&equals](std::string_view value) { return is_equal(value, equals); }};
  filter.complete = pieces_of(equals.value);
  if (filter.complete.size() > 1) filter.identifier = store::identifier_term(filter.complete);
  filter.pieces_first = true;
  return evaluate(filter, within, access);
}

}  // namespace trailsift::query
