#include "store/column_merge.h"

#include <algorithm>
#include <compare>
#include <queue>
#include <string_view>
#include <utility>

namespace trailsift::store {
namespace {

/// The dictionaries of all inputs as one.
struct MergedDictionary {
  std::vector<std::string_view> values;
  std::vector<std::vector<std::uint32_t>> new_ranks;  ///< Per input and old rank.
};

/// The next value of one input's dictionary.
struct Head {
  std::string_view value;
  std::size_t input;
};

/// Reads the dictionaries side by side.
std::vector<Dictionary::Cursor> cursors_of(std::span<const Column* const> columns) {
  static const Dictionary kEmpty{Dictionary::Arrays{}};
  std::vector<Dictionary::Cursor> cursors;
  for (const Column* column : columns) {
    cursors.emplace_back(column == nullptr ? kEmpty : column->dictionary());
  }
  return cursors;
}

MergedDictionary merge_dictionaries(FieldType type, std::span<const Column* const> columns,
                                    Arena& texts) {
  auto cursors = cursors_of(columns);
  const auto is_greater = [&](const Head& a, const Head& b) {
    return std::is_gt(compare_values(type, a.value, b.value));
  };
  std::priority_queue<Head, std::vector<Head>, decltype(is_greater)> heads(is_greater);
  MergedDictionary merged;
  merged.new_ranks.resize(columns.size());
  const auto push_next = [&](std::size_t input) {
    if (!cursors[input].at_end()) heads.push({cursors[input].value(), input});
  };
  for (std::size_t input = 0; input < columns.size(); ++input) push_next(input);
  while (!heads.empty()) {
    const Head head = heads.top();
    heads.pop();
    if (merged.values.empty() || merged.values.back() != head.value) {
      merged.values.push_back(texts.add(head.value));
    }
    merged.new_ranks[head.input].push_back(static_cast<std::uint32_t>(merged.values.size()) - 1);
    cursors[head.input].next();
    push_next(head.input);
  }
  return merged;
}

/// Drops the values that no rank names, and numbers the others anew.
void drop_unused(std::vector<std::string_view>& values, std::vector<std::uint32_t>& ranks) {
  std::vector<std::uint32_t> new_rank(values.size(), 0);
  for (const std::uint32_t rank : ranks) new_rank[rank] = 1;
  std::uint32_t kept = 0;
  for (std::size_t rank = 0; rank < values.size(); ++rank) {
    if (new_rank[rank] == 0) continue;
    values[kept] = values[rank];
    new_rank[rank] = kept++;
  }
  values.resize(kept);
  for (std::uint32_t& rank : ranks) rank = new_rank[rank];
}

}  // namespace

ColumnContent merge_columns(FieldType type, std::span<const Column* const> columns,
                            std::span<const MergedDoc> order, bool some_dropped, Arena& texts) {
  auto merged = merge_dictionaries(type, columns, texts);
  DocRanks docs;
  docs.ends.reserve(order.size());
  for (const auto& [input, doc] : order) {
    const auto begin = static_cast<std::ptrdiff_t>(docs.ranks.size());
    if (const Column* column = columns[input]) {
      for (const std::uint32_t rank : column->ranks(column->ordinal(doc))) {
        docs.ranks.push_back(merged.new_ranks[input][rank]);
      }
    }
    std::sort(docs.ranks.begin() + begin, docs.ranks.end());
    docs.ends.push_back(static_cast<std::uint32_t>(docs.ranks.size()));
  }
  if (some_dropped) drop_unused(merged.values, docs.ranks);
  return make_column(std::move(merged.values), docs);
}

}  // namespace trailsift::store
