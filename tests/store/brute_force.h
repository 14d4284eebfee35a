#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "schema/event.h"
#include "store/column_content.h"
#include "store/segment.h"
#include "store/segment_builder.h"
#include "tests/store/loose_leaves.h"
#include "tests/store/store_fixture.h"

namespace trailsift::store {

/// The order of the documents of a segment: newest first, then by event id.
inline bool stands_before(const Event& a, const Event& b) {
  return a.time != b.time ? a.time > b.time : a.id < b.id;
}

/// The values that a column says a document has.
inline std::set<std::string> values_at(const Column& column, DocId doc) {
  std::set<std::string> values;
  for (const auto rank : column.ranks(column.ordinal(doc))) values.emplace(column.value(rank));
  return values;
}

inline std::set<std::string> values_in(const Event& event, FieldIndex field) {
  std::set<std::string> values;
  for (const auto& value : trailsift::values_of(event, field)) values.insert(value.value);
  return values;
}

inline void expect_columns_hold(const Segment& segment, const std::vector<Event>& events) {
  for (const Field& field : fields()) {
    if (!has_column_section(field)) continue;
    const Column* column = value_of(segment.column(index_of(field)));
    std::set<std::string> distinct;
    for (DocId doc = 0; doc < segment.size(); ++doc) {
      const auto want = values_in(events[doc], index_of(field));
      distinct.insert(want.begin(), want.end());
      const auto found = column == nullptr ? std::set<std::string>() : values_at(*column, doc);
      ASSERT_EQ(found, want) << field.name << " of document " << doc;
    }
    ASSERT_EQ(column == nullptr, distinct.empty()) << field.name;
    if (column == nullptr) continue;
    ASSERT_EQ(column->value_count(), distinct.size()) << field.name;
    for (DocId doc = 0; doc < segment.size(); ++doc) {
      ASSERT_LT(column->ordinal(doc), column->ordinal_count());
    }
    for (std::uint32_t rank = 0; rank < column->value_count(); ++rank) {
      ASSERT_EQ(column->find(column->value(rank)), rank) << field.name;
    }
  }
}

inline void expect_times_hold(const Segment& segment, const std::vector<Event>& events) {
  ASSERT_EQ(segment.newest(), events.front().time);
  ASSERT_EQ(segment.oldest(), events.back().time);
  for (DocId doc = 0; doc < segment.size(); ++doc) {
    ASSERT_EQ(value_of(segment.time(doc)), events[doc].time);
  }
}

inline void expect_records_hold(const Segment& segment, const std::vector<Event>& events) {
  for (DocId doc = 0; doc < segment.size(); ++doc) {
    ASSERT_EQ(value_of(segment.record(doc)), events[doc].json);
    ASSERT_EQ(value_of(segment.find(events[doc].id)), doc);
  }
}

/// The inverted index as a map.
inline std::map<std::string, std::set<DocId>> postings_of(const Segment& segment) {
  const auto reader = value_of(segment.terms());
  std::map<std::string, std::set<DocId>> postings;
  std::map<std::string, std::uint32_t> frequencies;
  expect_ok(reader->for_each_term("", [&](std::string_view term, std::uint32_t frequency) {
    frequencies.emplace(term, frequency);
    return true;
  }));
  for (const auto& [term, frequency] : frequencies) {
    std::vector<DocId> documents;
    expect_ok(reader->documents(term, documents));
    EXPECT_EQ(documents.size(), frequency) << term;
    EXPECT_EQ(value_of(reader->frequency(term)), frequency);
    EXPECT_TRUE(std::ranges::is_sorted(documents)) << term;
    postings[term] = {documents.begin(), documents.end()};
  }
  return postings;
}

/// Every term that is demanded must be there, and each that is there must be allowed.
inline void expect_terms_hold(const Segment& segment, const std::vector<Event>& events) {
  auto postings = postings_of(segment);
  std::map<std::string, std::set<DocId>> allowed;
  const auto has = [&](const std::string& term, DocId doc) {
    const auto found = postings.find(term);
    return found != postings.end() && found->second.contains(doc);
  };
  for (DocId doc = 0; doc < events.size(); ++doc) {
    for (const LooseLeaf& leaf : loose_leaves(events[doc])) {
      for (const auto& word : leaf.words) {
        ASSERT_TRUE(has(word, doc)) << word << " of document " << doc;
        allowed[word].insert(doc);
      }
      ASSERT_TRUE(has(leaf.value, doc) || has(leaf.rare, doc)) << leaf.value;
      allowed[leaf.value].insert(doc);
      allowed[leaf.rare].insert(doc);
      for (const auto& identifier : leaf.identifiers) {
        ASSERT_TRUE(!has(leaf.value, doc) || has(identifier, doc)) << identifier;
        allowed[identifier].insert(doc);
      }
    }
  }
  for (const auto& [term, docs] : postings) {
    ASSERT_TRUE(std::ranges::includes(allowed[term], docs)) << term;
  }
}

/// Of each piece of a column's values, UUIDs aside: the ranks of the values that have it.
using RanksByField = std::map<FieldIndex, std::vector<std::uint32_t>>;
using WordsOfColumns = std::map<std::string, RanksByField>;

/// Adds the words of one column; whether it has values that are UUIDs.
inline bool add_words(const Column& column, FieldIndex field, WordsOfColumns& words) {
  bool uuids = false;
  for (std::uint32_t rank = 0; rank < column.value_count(); ++rank) {
    const std::string value = column.value(rank);
    uuids = uuids || is_uuid(value);
    if (is_uuid(value)) continue;
    for (const auto& piece : pieces_of(value)) {
      auto& ranks = words[piece][field];
      if (ranks.empty() || ranks.back() != rank) ranks.push_back(rank);
    }
  }
  return uuids;
}

/// All the values of each column have some piece that begins with nothing.
inline void expect_no_beginning_finds_all(const WordIndex& words, const WordsOfColumns& want) {
  std::map<FieldIndex, std::set<std::uint32_t>> all;
  for (const auto& [piece, by_field] : want) {
    for (const auto& [field, ranks] : by_field) all[field].insert(ranks.begin(), ranks.end());
  }
  for (const auto& [field, ranks] : words.with_beginning("")) {
    ASSERT_EQ(std::set<std::uint32_t>(ranks.begin(), ranks.end()), all[field]);
  }
}

/// Every piece of a column's values, UUIDs aside, leads to exactly the values that have it.
inline void expect_words_hold(const Segment& segment) {
  WordsOfColumns want;
  const WordIndex* words = value_of(segment.words());
  for (const Field& field : fields()) {
    const Column* column = has_words(field) ? value_of(segment.column(index_of(field))) : nullptr;
    if (column == nullptr) continue;
    const bool uuids = add_words(*column, index_of(field), want);
    ASSERT_EQ(words->has_uuids(index_of(field)), uuids) << field.name;
  }
  for (const auto& [piece, ranks] : want) {
    RanksByField found;
    for (const auto& [field, values] : words->with_piece(piece)) found[field] = values;
    ASSERT_EQ(found, ranks) << piece;
    ASSERT_GT(words->frequency(piece), 0U);
    ASSERT_EQ(words->with_piece(piece + "\x01").size(), 0U);
  }
  ASSERT_NO_FATAL_FAILURE(expect_no_beginning_finds_all(*words, want));
}

/// Compares everything that a segment answers with what `events` say: every column, the times,
/// every record, every term with its documents.
inline void expect_segment_holds(const Segment& segment, std::vector<Event> events) {
  ASSERT_EQ(segment.size(), events.size());
  std::ranges::sort(events, stands_before);
  ASSERT_NO_FATAL_FAILURE(expect_columns_hold(segment, events));
  ASSERT_NO_FATAL_FAILURE(expect_times_hold(segment, events));
  ASSERT_NO_FATAL_FAILURE(expect_records_hold(segment, events));
  ASSERT_NO_FATAL_FAILURE(expect_terms_hold(segment, events));
  ASSERT_NO_FATAL_FAILURE(expect_words_hold(segment));
}

}  // namespace trailsift::store
