#include "store/column_content.h"

#include <algorithm>
#include <compare>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace trailsift::store {
namespace {

std::span<const std::uint32_t> ranks_of(const DocRanks& docs, std::size_t doc) {
  const std::uint32_t begin = doc == 0 ? 0 : docs.ends[doc - 1];
  return std::span(docs.ranks).subspan(begin, docs.ends[doc] - begin);
}

void number_values(const DocRanks& docs, ColumnContent& column) {
  column.ordinal_count = static_cast<std::uint32_t>(column.values.size()) + 1;
  for (std::size_t doc = 0; doc < docs.ends.size(); ++doc) {
    const auto ranks = ranks_of(docs, doc);
    column.ordinals.push_back(ranks.empty() ? 0 : ranks.front() + 1);
  }
}

void number_tuples(const DocRanks& docs, ColumnContent& column) {
  std::map<std::vector<std::uint32_t>, std::uint32_t> tuples;
  for (std::size_t doc = 0; doc < docs.ends.size(); ++doc) {
    const auto ranks = ranks_of(docs, doc);
    if (!ranks.empty()) tuples.try_emplace({ranks.begin(), ranks.end()});
  }
  column.tuple_offsets.push_back(0);
  for (auto& [ranks, ordinal] : tuples) {
    ordinal = column.ordinal_count++;
    column.tuple_ranks.insert(column.tuple_ranks.end(), ranks.begin(), ranks.end());
    column.tuple_offsets.push_back(static_cast<std::uint32_t>(column.tuple_ranks.size()));
  }
  for (std::size_t doc = 0; doc < docs.ends.size(); ++doc) {
    const auto ranks = ranks_of(docs, doc);
    column.ordinals.push_back(ranks.empty() ? 0
                                            : tuples.at(std::vector(ranks.begin(), ranks.end())));
  }
}

/// The values of one field as they come: numbered in the order of their first appearance.
class FieldCollector {
 public:
  void add(std::size_t doc, std::string_view value) {
    docs_.ends.resize(doc, static_cast<std::uint32_t>(docs_.ranks.size()));
    const auto next = static_cast<std::uint32_t>(numbers_.size());
    docs_.ranks.push_back(numbers_.try_emplace(value, next).first->second);
    docs_.ends.push_back(static_cast<std::uint32_t>(docs_.ranks.size()));
  }

  ColumnContent finish(FieldType type, std::size_t doc_count) && {
    docs_.ends.resize(doc_count, static_cast<std::uint32_t>(docs_.ranks.size()));
    std::vector<std::string_view> values(numbers_.size());
    for (const auto& [value, number] : numbers_) values[number] = value;
    std::vector<std::uint32_t> order(values.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
      return std::is_lt(compare_values(type, values[a], values[b]));
    });
    std::vector<std::uint32_t> rank_of(order.size());
    std::vector<std::string_view> sorted;
    for (std::uint32_t rank = 0; rank < order.size(); ++rank) {
      rank_of[order[rank]] = rank;
      sorted.push_back(values[order[rank]]);
    }
    apply(rank_of);
    return make_column(std::move(sorted), docs_);
  }

 private:
  void apply(const std::vector<std::uint32_t>& rank_of) {
    for (auto& number : docs_.ranks) number = rank_of[number];
    auto begin = docs_.ranks.begin();
    for (const std::uint32_t end : docs_.ends) {
      const auto last = docs_.ranks.begin() + end;
      std::sort(begin, last);
      begin = last;
    }
  }

  std::unordered_map<std::string_view, std::uint32_t> numbers_;
  DocRanks docs_;
};

}  // namespace

bool has_column_section(const Field& field) {
  static const FieldIndex kEventTime = field_index("event_time");
  return field.column && index_of(field) != kEventTime;
}

ColumnContent make_column(std::vector<std::string_view> values, const DocRanks& docs) {
  ColumnContent column;
  column.values = std::move(values);
  column.ordinals.reserve(docs.ends.size());
  bool several = false;
  for (std::size_t doc = 0; doc < docs.ends.size() && !several; ++doc) {
    several = ranks_of(docs, doc).size() > 1;
  }
  if (several) {
    number_tuples(docs, column);
  } else {
    number_values(docs, column);
  }
  return column;
}

std::vector<ColumnContent> columns_of(std::span<const Event> events) {
  std::vector<FieldCollector> collectors(fields().size());
  for (std::size_t doc = 0; doc < events.size(); ++doc) {
    for (const auto& [field, value] : events[doc].values) {
      if (has_column_section(field_at(field))) collectors[field].add(doc, value);
    }
  }
  std::vector<ColumnContent> columns;
  columns.reserve(collectors.size());
  for (const Field& field : fields()) {
    auto& collector = collectors[index_of(field)];
    columns.push_back(std::move(collector).finish(field.type, events.size()));
  }
  return columns;
}

}  // namespace trailsift::store
