#include "store/column.h"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "store/columns_reader.h"
#include "store/columns_writer.h"
#include "tests/store/store_fixture.h"

namespace trailsift::store {
namespace {

using Random = std::mt19937_64;

/// Documents with random values of one field, and the column made of them.
struct RandomColumn {
  std::vector<std::string> values;
  std::vector<std::set<std::uint32_t>> ranks_of_doc;
  ColumnContent content;

  RandomColumn(Random& random, std::size_t value_count, std::size_t docs, std::size_t most) {
    std::set<std::string> distinct;
    while (distinct.size() < value_count) {
      distinct.insert(std::string(random() % 5, 'v') + std::to_string(random() % 10'000'000));
    }
    values.assign(distinct.begin(), distinct.end());
    DocRanks doc_ranks;
    for (std::size_t doc = 0; doc < docs; ++doc) {
      std::set<std::uint32_t> ranks;
      for (std::size_t n = random() % (most + 1); n > 0; --n) {
        ranks.insert(static_cast<std::uint32_t>(random() % value_count));
      }
      doc_ranks.ranks.insert(doc_ranks.ranks.end(), ranks.begin(), ranks.end());
      doc_ranks.ends.push_back(static_cast<std::uint32_t>(doc_ranks.ranks.size()));
      ranks_of_doc.push_back(std::move(ranks));
    }
    content = make_column({values.begin(), values.end()}, doc_ranks);
  }
};

const Field& keyword() {
  return *find_field("event_name");
}

/// Writes a file with the one column (and the sections that every file has) and opens it again.
std::unique_ptr<ColumnsReader> written(const std::filesystem::path& path, const Field& field,
                                       const ColumnContent& column) {
  const auto docs = static_cast<std::uint32_t>(column.ordinals.size());
  auto writer = value_of(ColumnsWriter::create(path, docs));
  expect_ok(writer.add_column(field, column));
  expect_ok(writer.add_times(std::vector<Timestamp>(docs)));
  expect_ok(writer.add_id_filter({}));
  value_of(writer.finish(false));
  return value_of(ColumnsReader::open(path));
}

TEST(Column, RoundTripsAtEveryWidthWithAndWithoutTuples) {
  const struct {
    std::size_t values, docs, most;
  } cases[] = {
      {1, 1, 1},           {1, 100, 1},  {255, 3000, 1},   {256, 3000, 1}, {65'535, 70'000, 1},
      {65'536, 70'000, 1}, {3, 1000, 3}, {100, 20'000, 4}, {1, 10, 3},
  };
  constexpr std::uint64_t kSeed = 7;
  Random random(kSeed);
  const test::TempDirectory directory;
  for (const auto& c : cases) {
    const RandomColumn wanted(random, c.values, c.docs, c.most);
    const auto reader = written(directory.path() / "columns", keyword(), wanted.content);
    const Column& column = *value_of(reader->column(index_of(keyword())));
    ASSERT_EQ(column.value_count(), wanted.values.size());
    for (std::uint32_t rank = 0; rank < column.value_count(); ++rank) {
      ASSERT_EQ(column.value(rank), wanted.values[rank]);
    }
    for (DocId doc = 0; doc < c.docs; ++doc) {
      const auto ranks = column.ranks(column.ordinal(doc));
      ASSERT_TRUE(std::ranges::equal(ranks, wanted.ranks_of_doc[doc])) << doc;
      ASSERT_EQ(column.ordinal(doc) == 0, wanted.ranks_of_doc[doc].empty());
    }
    const DocRange middle{static_cast<DocId>(c.docs / 3), static_cast<DocId>(c.docs / 2)};
    std::vector<std::uint32_t> copied(middle.end - middle.begin);
    column.ordinals(middle, copied.data());
    for (DocId doc = middle.begin; doc < middle.end; ++doc) {
      ASSERT_EQ(copied[doc - middle.begin], column.ordinal(doc));
    }
    EXPECT_TRUE(reader->check().empty());
  }
}

TEST(Column, LooksValuesUpInTheOrderOfTheirType) {
  const struct {
    const char* field;
    std::vector<std::string_view> values;
    const char* wanted;
    std::uint32_t lower_bound;
    bool found;
  } cases[] = {
      {"event_name", {"B", "a", "b"}, "a", 1, true},
      {"event_name", {"B", "a", "b"}, "A", 0, false},
      {"event_name", {"B", "a", "b"}, "c", 3, false},
      {"event_name", {"B", "a", "b"}, "", 0, false},
      {"bytes_in", {"-5", "9", "10"}, "10", 2, true},
      {"bytes_in", {"-5", "9", "10"}, "-6", 0, false},
      {"bytes_in", {"-5", "9", "10"}, "11", 3, false},
      {"read_only", {"false", "true"}, "true", 1, true},
      {"session_creation_date",
       {"2021-07-29T23:53:26Z", "2021-07-29T23:53:26.5Z", "2021-07-29T23:53:27Z"},
       "2021-07-29T23:53:26.4Z",
       1,
       false},
  };
  const test::TempDirectory directory;
  for (const auto& c : cases) {
    DocRanks docs;
    for (std::uint32_t rank = 0; rank < c.values.size(); ++rank) {
      docs.ranks.push_back(rank);
      docs.ends.push_back(rank + 1);
    }
    const Field& field = *find_field(c.field);
    const auto reader = written(directory.path() / "columns", field, make_column(c.values, docs));
    const Column& column = *value_of(reader->column(index_of(field)));
    EXPECT_EQ(column.lower_bound(c.wanted), c.lower_bound) << c.field << " " << c.wanted;
    EXPECT_EQ(column.find(c.wanted).has_value(), c.found) << c.field << " " << c.wanted;
  }
}

TEST(Column, OfAFieldWithoutValuesOrRowReadsAsAbsent) {
  Random random(1);
  const RandomColumn some(random, 5, 10, 1);
  const test::TempDirectory directory;
  Field gone = keyword();
  gone.name = "field_of_the_past";
  // add_column() takes any row; the reader knows only those of the schema.
  const auto reader = written(directory.path() / "columns", gone, some.content);
  for (const Field& field : fields()) {
    EXPECT_EQ(value_of(reader->column(index_of(field))), nullptr) << field.name;
  }
  EXPECT_TRUE(reader->check().empty());
}

TEST(Column, OfAFieldThatHasAnotherTypeNowReadsAsAbsent) {
  Random random(1);
  const RandomColumn some(random, 5, 10, 1);
  const test::TempDirectory directory;
  Field changed = keyword();
  changed.type = FieldType::integer;
  const auto reader = written(directory.path() / "columns", changed, some.content);
  EXPECT_EQ(value_of(reader->column(index_of(keyword()))), nullptr);
}

TEST(Column, CheckFindsADictionaryOutOfOrder) {
  DocRanks docs{{1, 2}, {0, 1}};
  const test::TempDirectory directory;
  const auto reader =
      written(directory.path() / "columns", keyword(), make_column({"b", "a"}, docs));
  ASSERT_EQ(reader->check().size(), 1U);
  EXPECT_NE(reader->check().front().find("the column 'event_name' is not in order"),
            std::string::npos);
}

TEST(Column, NumbersOutOfRangeAreCorruptNotRead) {
  const struct {
    const char* what;
    void (*spoil)(ColumnContent&);
  } cases[] = {
      {"ordinal", [](ColumnContent& column) { column.ordinals[1] = column.ordinal_count; }},
      {"rank of a tuple", [](ColumnContent& column) { column.tuple_ranks[0] = 99; }},
      {"tuple end", [](ColumnContent& column) { column.tuple_offsets[1] = 99; }},
      {"last tuple end", [](ColumnContent& column) { column.tuple_offsets.back() -= 1; }},
  };
  const test::TempDirectory directory;
  for (const auto& c : cases) {
    ColumnContent column = make_column({"a", "b"}, DocRanks{{2, 3, 3}, {0, 1, 1}});
    c.spoil(column);
    const auto reader = written(directory.path() / "columns", keyword(), column);
    const auto found = reader->column(index_of(keyword()));
    ASSERT_FALSE(found) << c.what;
    EXPECT_EQ(found.error().code, ErrorCode::corrupt) << c.what;
  }
}

}  // namespace
}  // namespace trailsift::store
