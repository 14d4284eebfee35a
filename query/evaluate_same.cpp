#include "query/evaluate_same.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "query/evaluate_condition.h"
#include "query/target.h"
#include "schema/field.h"
#include "schema/words.h"

namespace trailsift::query {
namespace {

constexpr std::uint32_t kRanksPerCheck = 1U << 12U;

/// A number for each value of two columns: the same one for values that are the same.
struct Classes {
  static constexpr std::uint32_t kNone = 0;  // Of values that only one of the columns has.
  std::vector<std::uint32_t> small;          // By rank.
  std::vector<std::uint32_t> large;
};

/// Calls `visit` with each value and its rank.
template <class Visit>
Result<void> for_each_value(const store::Column& column, const Deadline& deadline,
                            const Visit& visit) {
  for (store::Dictionary::Cursor at(column.dictionary()); !at.at_end(); at.next()) {
    visit(at.rank(), at.value());
    if (at.rank() % kRanksPerCheck != 0) continue;
    if (auto in_time = deadline.check(); !in_time) return in_time;
  }
  return {};
}

Result<Classes> classes_of(const store::Column& small, const store::Column& large,
                           LetterCase letters, const Deadline& deadline) {
  Classes classes{std::vector<std::uint32_t>(small.value_count(), Classes::kNone),
                  std::vector<std::uint32_t>(large.value_count(), Classes::kNone)};
  std::string text;
  const auto normalise = [&](std::string_view value) {
    if (letters == LetterCase::any) {
      fold(value, text);
    } else {
      text = value;
    }
  };
  std::unordered_map<std::string, std::uint32_t> numbers;
  const auto number = [&](std::uint32_t rank, std::string_view value) {
    normalise(value);
    const auto next = static_cast<std::uint32_t>(numbers.size() + 1);
    classes.small[rank] = numbers.emplace(text, next).first->second;
  };
  if (auto done = for_each_value(small, deadline, number); !done) {
    return tl::unexpected(done.error());
  }
  const auto look_up = [&](std::uint32_t rank, std::string_view value) {
    normalise(value);
    const auto found = numbers.find(text);
    if (found != numbers.end()) classes.large[rank] = found->second;
  };
  if (auto done = for_each_value(large, deadline, look_up); !done) {
    return tl::unexpected(done.error());
  }
  return classes;
}

/// Of `within`, the documents that `are_same` accepts by their ordinals.
template <class AreSame>
Result<DocSet> with_ordinals(const store::Column& one, const store::Column& other,
                             const DocSet& within, const Deadline& deadline,
                             const AreSame& are_same) {
  std::vector<DocId> docs;
  DocBlocks blocks(within);
  for (auto block = blocks.next(); !block.empty(); block = blocks.next()) {
    if (const auto in_time = deadline.check(); !in_time) return tl::unexpected(in_time.error());
    for (const DocId doc : block) {
      if (are_same(one.ordinal(doc), other.ordinal(doc))) docs.push_back(doc);
    }
  }
  return DocSet(docs);
}

std::vector<std::uint32_t> classes_of_ordinal(const store::Column& column, std::uint32_t ordinal,
                                              const std::vector<std::uint32_t>& classes) {
  std::vector<std::uint32_t> found;
  for (const std::uint32_t rank : column.ranks(ordinal)) {
    if (classes[rank] != Classes::kNone) found.push_back(classes[rank]);
  }
  return found;
}

Result<DocSet> in_columns(const store::Column& small, const store::Column& large,
                          LetterCase letters, const DocSet& within, const SegmentAccess& access) {
  const auto classes = classes_of(small, large, letters, access.deadline());
  if (!classes) return tl::unexpected(classes.error());
  if (!small.has_tuples() && !large.has_tuples()) {
    return with_ordinals(
        small, large, within, access.deadline(), [&](std::uint32_t one, std::uint32_t other) {
          return one != 0 && other != 0 && classes->small[one - 1] == classes->large[other - 1];
        });
  }
  return with_ordinals(small, large, within, access.deadline(),
                       [&](std::uint32_t one, std::uint32_t other) {
                         const auto ours = classes_of_ordinal(small, one, classes->small);
                         const auto theirs = classes_of_ordinal(large, other, classes->large);
                         return std::ranges::find_first_of(ours, theirs) != ours.end();
                       });
}

/// Of `within`, no fewer than the documents with a value of the target.
Result<DocSet> with_any_value(const Target& target, const DocSet& within, SegmentAccess& access) {
  if (is_event_time(target)) return within;
  auto bounds = evaluate_condition(Between{target, std::nullopt, std::nullopt}, within, access);
  if (!bounds) return tl::unexpected(bounds.error());
  return std::move(bounds->possible);
}

/// The column of a target; nullptr when it is none.
Result<const store::Column*> column_of(const Target& target, const SegmentAccess& access) {
  const auto* field = std::get_if<FieldIndex>(&target);
  if (field == nullptr || *field == event_time_field()) return nullptr;
  return access.segment().column(*field);
}

}  // namespace

Result<Bounds> evaluate_condition(const SameValue& same, const DocSet& within,
                                  SegmentAccess& access) {
  auto docs = with_any_value(same.one, within, access);
  if (docs) docs = with_any_value(same.other, *docs, access);
  if (!docs) return tl::unexpected(docs.error());
  if (docs->empty()) return Bounds{};
  const auto one = column_of(same.one, access);
  if (!one) return tl::unexpected(one.error());
  const auto other = column_of(same.other, access);
  if (!other) return tl::unexpected(other.error());
  if (*one == nullptr || *other == nullptr) return Bounds{DocSet(), std::move(*docs)};
  const bool in_order = (*one)->value_count() <= (*other)->value_count();
  auto found = in_order ? in_columns(**one, **other, same.letters, *docs, access)
                        : in_columns(**other, **one, same.letters, *docs, access);
  if (!found) return tl::unexpected(found.error());
  return exactly(std::move(*found));
}

}  // namespace trailsift::query
