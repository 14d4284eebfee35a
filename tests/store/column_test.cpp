#include "store/column.h"

#include <algorithm>
#include <random>
#include <set>
#include <span>
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

bool bit(const std::vector<std::uint64_t>& words, std::size_t index) {
  return (words[index / 64] >> (index % 64) & 1U) != 0;
}

DocRange random_range(DocId docs, Random& random) {
  const auto begin = static_cast<DocId>(random() % (docs + 1));
  return {begin, begin + static_cast<DocId>(random() % (docs - begin + 1))};
}

void expect_selects(const Column& column, DocId docs, Random& random) {
  const DocRange range = random_range(docs, random);
  const auto limit = column.ordinal_count() + 2;  // Also beyond what there is.
  const OrdinalRange ordinals{static_cast<std::uint32_t>(random() % limit),
                              static_cast<std::uint32_t>(random() % limit)};
  std::vector<std::uint64_t> accepted(accepted_words(column.ordinal_count()));
  for (auto& word : accepted) word = random();
  std::vector<std::uint64_t> in_range((range.end - range.begin + 63) / 64);
  auto by_bitmap = in_range;
  column.select(range, ordinals, in_range.data());
  column.select(range, accepted, by_bitmap.data());
  for (DocId doc = range.begin; doc < range.end; ++doc) {
    const std::uint32_t ordinal = column.ordinal(doc);
    ASSERT_EQ(bit(in_range, doc - range.begin),
              ordinals.first <= ordinal && ordinal <= ordinals.last);
    ASSERT_EQ(bit(by_bitmap, doc - range.begin), bit(accepted, ordinal));
  }
}

void expect_counts(const Column& column, DocId docs, Random& random) {
  using Counts = std::vector<std::uint32_t>;
  const DocRange range = random_range(docs, random);
  Counts of_range(column.ordinal_count());
  Counts of_some(column.ordinal_count());
  Counts of_all(column.ordinal_count());
  std::vector<DocId> some;
  const DocId begin = range.begin / 64 * 64;
  std::vector<std::uint64_t> words((docs - begin + 63) / 64);
  for (DocId doc = 0; doc < docs; ++doc) {
    ++of_all[column.ordinal(doc)];
    if (range.begin <= doc && doc < range.end) ++of_range[column.ordinal(doc)];
    if (doc < begin || random() % 3 == 0) continue;
    some.push_back(doc);
    words[(doc - begin) / 64] |= std::uint64_t{1} << (doc % 64);
    ++of_some[column.ordinal(doc)];
  }
  const auto counted = [&](const auto&... docs_of) {
    Counts counts(column.ordinal_count());
    column.count(docs_of..., counts);
    return counts;
  };
  EXPECT_EQ(counted(range), of_range);
  EXPECT_EQ(counted(std::span<const DocId>(some)), of_some);
  EXPECT_EQ(counted(begin, std::span<const std::uint64_t>(words)), of_some);
  const auto totals = column.totals();
  EXPECT_TRUE(totals.empty() || std::ranges::equal(totals, of_all));
}

TEST(Column, AJoinedOneIsLikeOneOfItsOwn) {
  const struct {
    std::size_t keys, docs, values;
  } cases[] = {
      {1, 100, 1}, {200, 3000, 3}, {255, 3000, 255}, {300, 20'000, 1}, {70'000, 80'000, 4}};
  Random random(11);
  const test::TempDirectory directory;
  for (const auto& c : cases) {
    const RandomColumn keys(random, c.keys, c.docs, 1);
    const auto reader = written(directory.path() / "columns", keyword(), keys.content);
    const Column& key = *value_of(reader->column(index_of(keyword())));
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < c.values; ++i) texts.push_back(std::to_string(1000 + i));
    const EncodedDictionary encoded =
        encode_dictionary(std::vector<std::string_view>(texts.begin(), texts.end()));
    Dictionary::Arrays values;
    values.value_count = static_cast<std::uint32_t>(c.values);
    values.offset_width = 8;
    values.block_offsets = reinterpret_cast<const std::byte*>(encoded.block_offsets.data());
    values.bytes = encoded.bytes;
    std::vector<std::uint32_t> table(key.ordinal_count());
    for (auto& ordinal : table) ordinal = static_cast<std::uint32_t>(random() % (c.values + 1));

    const Column joined(key, table, values);
    EXPECT_EQ(joined.ordinal_count(), c.values + 1);
    EXPECT_EQ(joined.value(0), texts[0]);
    EXPECT_EQ(joined.find(texts.back()), c.values - 1);
    EXPECT_FALSE(joined.has_tuples());
    for (DocId doc = 0; doc < c.docs; ++doc) {
      ASSERT_EQ(joined.ordinal(doc), table[key.ordinal(doc)]);
    }
    for (int round = 0; round < 5; ++round) {
      expect_selects(joined, static_cast<DocId>(c.docs), random);
      expect_counts(joined, static_cast<DocId>(c.docs), random);
    }
  }
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
    for (int round = 0; round < 5; ++round) {
      expect_selects(column, static_cast<DocId>(c.docs), random);
      expect_counts(column, static_cast<DocId>(c.docs), random);
    }
    EXPECT_TRUE(reader->check().empty());
  }
}

TEST(Column, KeepsTheTotalsOfFewValues) {
  Random random(1);
  const test::TempDirectory directory;
  const RandomColumn few(random, 9, 1000, 1);
  const auto of_few = written(directory.path() / "few", keyword(), few.content);
  EXPECT_EQ(value_of(of_few->column(index_of(keyword())))->totals().size(), 10U);
  const RandomColumn many(random, 900, 1000, 1);
  const auto of_many = written(directory.path() / "many", keyword(), many.content);
  EXPECT_TRUE(value_of(of_many->column(index_of(keyword())))->totals().empty());
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
