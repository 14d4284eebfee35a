#include "store/column_content.h"

#include <algorithm>
#include <compare>
#include <utility>

#include "schema/interner.h"
#include "store/sort_head.h"

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

std::string_view bytes_of(std::span<const std::uint32_t> ranks) {
  return {reinterpret_cast<const char*>(ranks.data()), ranks.size_bytes()};
}

void number_tuples(const DocRanks& docs, ColumnContent& column) {
  Interner tuples;
  column.tuple_offsets.push_back(0);
  for (std::size_t doc = 0; doc < docs.ends.size(); ++doc) {
    const auto ranks = ranks_of(docs, doc);
    const std::size_t known = tuples.size();
    const std::uint32_t ordinal = ranks.empty() ? 0 : tuples.intern(0, bytes_of(ranks)) + 1;
    column.ordinals.push_back(ordinal);
    if (tuples.size() == known) continue;
    column.tuple_ranks.insert(column.tuple_ranks.end(), ranks.begin(), ranks.end());
    column.tuple_offsets.push_back(static_cast<std::uint32_t>(column.tuple_ranks.size()));
  }
  column.ordinal_count = static_cast<std::uint32_t>(tuples.size()) + 1;
}

/// A leaf that gives a field its value.
struct FieldLeaf {
  std::string_view value;
  LeafId leaf = 0;
  std::uint64_t head = 0;  // Of the value, for sorting.
};

/// The leaves that some event has, by the field that takes its value from them.
std::vector<std::vector<FieldLeaf>> leaves_by_field(const EventBatch& batch,
                                                    const LeafPostings& postings, Arena& texts) {
  std::vector<std::vector<FieldLeaf>> by_field(fields().size());
  for (LeafId leaf = 0; leaf < batch.leaf_count(); ++leaf) {
    const auto field = batch.use(leaf).field;
    if (!field || !has_column_section(field_at(*field)) || postings.docs(leaf).empty()) continue;
    switch (batch.gives(leaf)) {
      case EventBatch::Gives::nothing: break;
      case EventBatch::Gives::its_text:
        by_field[*field].push_back({batch.value(leaf), leaf});
        break;
      case EventBatch::Gives::a_form:
        by_field[*field].push_back({texts.add(*batch.field_value(leaf)), leaf});
        break;
    }
  }
  return by_field;
}

/// Sorts the leaves by their values; returns the distinct ones. Equal values get equal ranks.
std::vector<std::string_view> rank_values(FieldType type, std::vector<FieldLeaf>& leaves,
                                          std::vector<std::uint32_t>& ranks) {
  if (sorts_by_bytes(type)) {
    for (FieldLeaf& leaf : leaves) leaf.head = sort_head(leaf.value);
    std::ranges::sort(leaves, [](const FieldLeaf& a, const FieldLeaf& b) {
      return a.head != b.head ? a.head < b.head : a.value < b.value;
    });
  } else {
    std::ranges::sort(leaves, [&](const FieldLeaf& a, const FieldLeaf& b) {
      return std::is_lt(compare_values(type, a.value, b.value));
    });
  }
  std::vector<std::string_view> values;
  for (const FieldLeaf& leaf : leaves) {
    if (values.empty() || values.back() != leaf.value) values.push_back(leaf.value);
    ranks.push_back(static_cast<std::uint32_t>(values.size()) - 1);
  }
  return values;
}

/// Leaves in the order of their values have their documents all over the memory.
void prefetch(std::span<const FieldLeaf> leaves, const LeafPostings& postings) {
  constexpr std::size_t kStep = 8;
  if (leaves.size() > 2 * kStep) postings.prefetch(leaves[2 * kStep].leaf);
  if (leaves.size() > kStep) postings.prefetch_docs(leaves[kStep].leaf);
}

/// A field with at most one value in an event: each document's ordinal can be set right away.
ColumnContent single_column(std::vector<std::string_view> values, std::span<const FieldLeaf> leaves,
                            std::span<const std::uint32_t> ranks, const LeafPostings& postings,
                            std::uint32_t doc_count) {
  ColumnContent column;
  column.ordinal_count = static_cast<std::uint32_t>(values.size()) + 1;
  column.values = std::move(values);
  column.ordinals.resize(doc_count);
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    prefetch(leaves.subspan(i), postings);
    for (const DocId doc : postings.docs(leaves[i].leaf)) column.ordinals[doc] = ranks[i] + 1;
  }
  return column;
}

/// The ranks of each document, ascending.
DocRanks ranks_by_doc(std::span<const FieldLeaf> leaves, std::span<const std::uint32_t> ranks,
                      const LeafPostings& postings, std::uint32_t doc_count) {
  std::vector<std::pair<DocId, std::uint32_t>> pairs;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    prefetch(leaves.subspan(i), postings);
    for (const DocId doc : postings.docs(leaves[i].leaf)) pairs.emplace_back(doc, ranks[i]);
  }
  std::ranges::sort(pairs);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  DocRanks docs;
  auto pair = pairs.begin();
  for (DocId doc = 0; doc < doc_count; ++doc) {
    for (; pair != pairs.end() && pair->first == doc; ++pair) docs.ranks.push_back(pair->second);
    docs.ends.push_back(static_cast<std::uint32_t>(docs.ranks.size()));
  }
  return docs;
}

}  // namespace

bool has_column_section(const Field& field) {
  return field.column && index_of(field) != event_time_field();
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

BatchColumns columns_of(const EventBatch& batch, const LeafPostings& postings,
                        std::uint32_t doc_count) {
  BatchColumns content;
  auto by_field = leaves_by_field(batch, postings, content.texts);
  for (const Field& field : fields()) {
    auto& leaves = by_field[index_of(field)];
    std::vector<std::uint32_t> ranks;
    auto values = rank_values(field.type, leaves, ranks);
    if (values.empty()) {
      content.columns.emplace_back();
    } else if (field.multi) {
      content.columns.push_back(
          make_column(std::move(values), ranks_by_doc(leaves, ranks, postings, doc_count)));
    } else {
      content.columns.push_back(
          single_column(std::move(values), leaves, ranks, postings, doc_count));
    }
  }
  return content;
}

}  // namespace trailsift::store
