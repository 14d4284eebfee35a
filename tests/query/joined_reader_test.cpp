#include "query/joined_reader.h"

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "query/joined_segment.h"
#include "query/search.h"
#include "tests/query/test_store.h"

namespace trailsift::query {
namespace {

Event at_account(const std::string& id, const std::string& account, const std::string& file = "") {
  Event made = event(id, "2021-07-29T10:00:0" + id + "Z",
                     account.empty() ? "" : R"("recipientAccountId":")" + account + "\"");
  add_value(made, field_index("log_file"), file);
  return made;
}

/// Three segments: two with accounts and files, one with neither.
class JoinedReaderTest : public testing::Test {
 protected:
  JoinedReaderTest() {
    commit({at_account("1", "111122223333", "a"), at_account("2", "444455556666", "b"),
            at_account("3", "777788889999", "a"), at_account("4", "", "")});
    commit({at_account("5", "444455556666", "c")});
    commit({at_account("6", ""), at_account("7", "")});
    auto reader = JoinedReader::open(directory_.path(), false, {});
    if (!reader) throw std::runtime_error(reader.error().message);
    reader_ = std::move(*reader);
  }

  void commit(const std::vector<Event>& events) {
    store::WriterOptions options;
    options.durable = options.background_merges = false;
    const auto writer = store::Writer::open(directory_.path(), options);
    ASSERT_TRUE((*writer)->commit(test::batch_of(events)));
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(directory_.path() / "new", std::ios::binary) << text;
    std::filesystem::rename(directory_.path() / "new", directory_.path() / name);
  }

  SearchResult search(SearchRequest request) {
    auto result = query::search(**reader_->snapshot(), request);
    EXPECT_TRUE(result) << result.error().message;
    return result ? std::move(*result) : SearchResult{};
  }

  std::string ids(const std::string& query, std::vector<SortKey> sort = {}) {
    SearchRequest request;
    request.query = parsed(query);
    request.sort = std::move(sort);
    std::string ids;
    for (const Event& hit : search(std::move(request)).hits) ids += hit.id;
    return ids;
  }

  std::string counts(std::string_view field) {
    SearchRequest request;
    request.facets.push_back({field_index(field), FacetRequest::Order::by_value, 10, {}});
    const auto result = search(std::move(request));
    std::string text;
    for (const auto& [value, count] : result.facets.at(0).buckets) {
      text += value + "=" + std::to_string(count) + " ";
    }
    return text + "missing=" + std::to_string(result.facets.at(0).missing);
  }

  store::Reader& reader() { return *reader_; }

 private:
  test::TempDirectory directory_;
  std::unique_ptr<store::Reader> reader_;
};

TEST_F(JoinedReaderTest, WithoutFilesNothingIsNamedAndNothingVerified) {
  EXPECT_EQ(counts("account_name"), "missing=7");
  EXPECT_EQ(counts("integrity"), "unverified=7 missing=0");
  EXPECT_EQ(ids("account_name:{,}"), "");
  EXPECT_EQ(ids("integrity:'unverified'"), "7654321");
}

TEST_F(JoinedReaderTest, AFieldLikeAnyOther) {
  write("account-names.csv",
        "111122223333,Production EU\n444455556666,Audit\n000000000001,Nobody\n");
  write("integrity.csv", "log_file,integrity\na,verified\nc,tampered\nd,missing\n");
  const struct {
    const char *query, *want;
  } kCases[] = {
      {"account_name:'Audit'", "52"},
      {"account_name:'audit'", ""},
      {"account_name:'Nobody'", ""},
      {"(prefix field=account_name 'Prod')", "1"},
      {"account_name:['B',}", "1"},
      {"account_name:{,}", "521"},
      {"(not account_name:{,})", "7643"},
      {"cloud.account.name:'Audit'", "52"},
      {"'production'", "1"},
      {"'audit 444455556666'", "52"},
      {"(phrase 'production eu')", "1"},
      {"(phrase field=raw 'eu production')", ""},
      {"(prefix 'Produ')", "1"},
      {"(near 'eu production')", "1"},
      {"'nobody'", ""},
      {"request_parameters:'audit'", ""},
      {"integrity:'verified'", "31"},
      {"integrity:'tampered'", "5"},
      {"integrity:'missing'", ""},
      {"integrity:'unverified'", "7642"},
      {"'tampered'", ""},
      {"(and integrity:'unverified' account_name:{,})", "2"},
  };
  for (const auto& c : kCases) EXPECT_EQ(ids(c.query), c.want) << c.query;
  EXPECT_EQ(counts("account_name"), "Audit=2 Production EU=1 missing=4");
  EXPECT_EQ(counts("integrity"), "tampered=1 unverified=4 verified=2 missing=0");
  EXPECT_EQ(ids("matchall", {{field_index("account_name"), true}}), "1527643");
  EXPECT_EQ(ids("matchall", {{field_index("integrity"), false}}), "5764231");
}

TEST_F(JoinedReaderTest, HitsHaveTheirValues) {
  write("account-names.csv", "111122223333,Production\n");
  write("integrity.csv", "a,tampered\n");
  for (const HitParts parts : {HitParts::whole, HitParts::values_and_json, HitParts::values}) {
    SearchRequest request;
    request.query = parsed("event_id:'1'");
    request.parts = parts;
    const auto result = search(std::move(request));
    ASSERT_EQ(result.hits.size(), 1U);
    EXPECT_EQ(value_of(result.hits[0], field_index("account_name")), "Production");
    EXPECT_EQ(value_of(result.hits[0], field_index("integrity")), "tampered");
  }
  const auto found = find_event(**reader().snapshot(), "1");
  ASSERT_TRUE(found);
  EXPECT_EQ(value_of(*found, field_index("account_name")), "Production");
}

TEST_F(JoinedReaderTest, ANewVersionCountsForTheNextSnapshot) {
  write("account-names.csv", "444455556666,Audit\n");
  EXPECT_EQ(ids("account_name:'Audit'"), "52");
  const auto before = *reader().snapshot();
  write("account-names.csv", "444455556666,Log archive\n");
  EXPECT_EQ(ids("account_name:'Audit'"), "");
  EXPECT_EQ(ids("account_name:'Log archive'"), "52");
  SearchRequest request;
  request.query = parsed("account_name:'Audit'");
  const auto still = query::search(*before, request);
  ASSERT_TRUE(still);
  EXPECT_EQ(still->found, 2U);
}

TEST_F(JoinedReaderTest, ColumnsAreMadeOnceForATableAndASegment) {
  write("account-names.csv", "444455556666,Audit\n");
  const FieldIndex names = field_index("account_name");
  const auto first = *reader().snapshot();
  EXPECT_EQ(*reader().snapshot(), first);
  const store::Column* const column = *first->segments[0]->column(names);
  ASSERT_NE(column, nullptr);
  write("integrity.csv", "a,tampered\n");
  commit({at_account("8", "444455556666", "a")});
  const auto second = *reader().snapshot();
  ASSERT_NE(second, first);
  ASSERT_EQ(second->segments.size(), 4U);
  std::size_t shared = 0;
  for (const auto& segment : second->segments) shared += *segment->column(names) == column ? 1 : 0;
  EXPECT_EQ(shared, 1U);
  EXPECT_EQ(ids("account_name:'Audit'"), "852");
  EXPECT_EQ(ids("integrity:'tampered'"), "831");
}

}  // namespace
}  // namespace trailsift::query
