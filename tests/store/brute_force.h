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
#include "store/terms.h"
#include "tests/store/store_fixture.h"

namespace trailsift::store {

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

inline void expect_terms_hold(const Segment& segment, const std::vector<Event>& events) {
  std::map<std::string, std::vector<DocId>> want;
  for (DocId doc = 0; doc < events.size(); ++doc) {
    for (const auto& term : terms_of(events[doc])) want[term].push_back(doc);
  }
  const auto reader = value_of(segment.terms());
  std::vector<std::string> found;
  expect_ok(reader->for_each_term("", [&](std::string_view term, std::uint32_t frequency) {
    found.emplace_back(term);
    EXPECT_EQ(frequency, want[found.back()].size()) << term;
    return true;
  }));
  ASSERT_EQ(found.size(), want.size());
  for (const auto& [term, docs] : want) {
    std::vector<DocId> documents;
    expect_ok(reader->documents(term, documents));
    ASSERT_EQ(documents, docs) << term;
    ASSERT_EQ(value_of(reader->frequency(term)), docs.size());
  }
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
}

}  // namespace trailsift::store
