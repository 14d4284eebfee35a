#include "query/join_table.h"

#include <algorithm>
#include <utility>

namespace trailsift::query {

void JoinTable::Builder::add(std::string_view key, std::string_view value) {
  auto known = values_.find(value);
  if (known == values_.end()) {
    known = values_.emplace(value, static_cast<std::uint32_t>(values_.size())).first;
  }
  rows_.push_back({keys_.size(), static_cast<std::uint32_t>(key.size()), known->second});
  keys_ += key;
}

JoinTable JoinTable::Builder::build() {
  JoinTable table;
  table.keys_ = std::exchange(keys_, {});
  table.rows_ = std::exchange(rows_, {});
  auto& rows = table.rows_;
  const auto key_of = [&](const Row& row) { return table.key(row); };
  // The last of several with one key becomes the first, which unique() keeps.
  std::ranges::reverse(rows);
  std::ranges::stable_sort(rows, {}, key_of);
  const auto same_key = [&](const Row& a, const Row& b) { return key_of(a) == key_of(b); };
  rows.erase(std::unique(rows.begin(), rows.end(), same_key), rows.end());

  // Values that only an earlier row of its key had stay; no document will have them.
  std::vector<std::uint32_t> ranks(values_.size());
  for (auto& [value, number] : values_) {
    ranks[number] = static_cast<std::uint32_t>(table.values_.size());
    table.values_.push_back(value);
  }
  for (Row& row : rows) row.value = ranks[row.value];
  values_.clear();
  return table;
}

std::optional<std::uint32_t> JoinTable::find(std::string_view key) const {
  return value_at(lower_bound(0, rows_.size(), key), key);
}

std::optional<std::uint32_t> JoinTable::Walk::find(std::string_view key) {
  const std::size_t count = table_.rows_.size();
  // In steps that double, as the next key is often near.
  std::size_t begin = row_;
  std::size_t step = 1;
  while (begin + step < count && table_.key(table_.rows_[begin + step]) < key) {
    begin += step;
    step *= 2;
  }
  row_ = table_.lower_bound(begin, std::min(begin + step + 1, count), key);
  return table_.value_at(row_, key);
}

std::size_t JoinTable::lower_bound(std::size_t begin, std::size_t end, std::string_view key) const {
  const auto first = rows_.begin();
  const auto found = std::ranges::lower_bound(first + static_cast<std::ptrdiff_t>(begin),
                                              first + static_cast<std::ptrdiff_t>(end), key, {},
                                              [this](const Row& row) { return this->key(row); });
  return static_cast<std::size_t>(found - first);
}

std::optional<std::uint32_t> JoinTable::value_at(std::size_t row, std::string_view key) const {
  if (row == rows_.size() || this->key(rows_[row]) != key) return std::nullopt;
  return rows_[row].value;
}

}  // namespace trailsift::query
