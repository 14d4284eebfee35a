#include "query/joined_column.h"

#include <algorithm>
#include <set>
#include <utility>

namespace trailsift::query {
namespace {

/// `values` ascend; the empty value is none of them.
std::uint32_t ordinal_of(std::string_view value, std::span<const std::string_view> values) {
  if (value.empty()) return 0;
  return static_cast<std::uint32_t>(std::ranges::lower_bound(values, value) - values.begin()) + 1;
}

}  // namespace

Result<std::unique_ptr<const JoinedColumn>> JoinedColumn::make(const Field& field,
                                                               const JoinTable& table,
                                                               const store::Segment& segment) {
  const auto key = segment.column(field_index(field.join.key));
  if (!key) return tl::unexpected(key.error());
  std::unique_ptr<JoinedColumn> made(new JoinedColumn());
  if (*key != nullptr) {
    made->look_up(**key, table, field.join.otherwise);
  } else if (!field.join.otherwise.empty()) {
    made->give_all(segment.size(), field.join.otherwise);
  }
  return std::unique_ptr<const JoinedColumn>(std::move(made));
}

void JoinedColumn::look_up(const store::Column& key, const JoinTable& table,
                           std::string_view otherwise) {
  std::vector<std::string_view> names{otherwise};  // By number; the table's follow.
  names.insert(names.end(), table.values().begin(), table.values().end());
  joined_.assign(key.ordinal_count(), 0);
  JoinTable::Walk walk(table);
  for (store::Dictionary::Cursor at(key.dictionary()); !at.at_end(); at.next()) {
    if (const auto number = walk.find(at.value())) joined_[at.rank() + 1] = *number + 1;
  }
  std::set<std::string_view> used;
  for (const std::uint32_t number : joined_) used.insert(names[number]);
  used.erase("");
  if (used.empty()) return;

  const std::vector<std::string_view> values(used.begin(), used.end());
  for (std::uint32_t& number : joined_) number = ordinal_of(names[number], values);
  column_.emplace(key, joined_, dictionary_of(values));
}

/// A column of its own: a byte for each document.
void JoinedColumn::give_all(store::DocId documents, std::string_view value) {
  ordinals_.assign(documents, std::byte{1});
  store::Column::Arrays arrays;
  arrays.dictionary = dictionary_of({&value, 1});
  arrays.doc_count = documents;
  arrays.ordinal_count = 2;
  arrays.ordinals = ordinals_.data();
  column_.emplace(arrays);
}

store::Dictionary::Arrays JoinedColumn::dictionary_of(std::span<const std::string_view> values) {
  dictionary_ = store::encode_dictionary(values);
  store::Dictionary::Arrays arrays;
  arrays.value_count = static_cast<std::uint32_t>(values.size());
  arrays.offset_width = sizeof(dictionary_.block_offsets.front());
  arrays.block_offsets = reinterpret_cast<const std::byte*>(dictionary_.block_offsets.data());
  arrays.bytes = dictionary_.bytes;
  return arrays;
}

}  // namespace trailsift::query
