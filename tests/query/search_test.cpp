#include "query/search.h"

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/query/test_store.h"

namespace trailsift::query {
namespace {

SearchRequest request(const std::string& query = "matchall") {
  SearchRequest request;
  request.query = parsed(query);
  request.fingerprint = query;
  return request;
}

std::string error_of(const Result<SearchResult>& result) {
  if (result) return "no error";
  return std::string(name(result.error().code)) + ": " + result.error().message;
}

std::string ids(const SearchResult& result) {
  std::string text;
  for (const Event& event : result.hits) text += (text.empty() ? "" : " ") + event.id;
  return text;
}

std::string found(const TestStore& store, const SearchRequest& request) {
  const auto result = search(*store.snapshot(), request);
  if (!result) return error_of(result);
  return std::to_string(result->found) + ": " + ids(*result);
}

/// Minute `first` to `last` of an hour, one event each, with the minute as its id.
std::vector<Event> minutes(int first, int last) {
  std::vector<Event> events;
  for (int minute = first; minute <= last; ++minute) {
    const std::string two = (minute < 10 ? "0" : "") + std::to_string(minute);
    events.push_back(
        event(two, "2021-07-29T10:" + two + ":00Z",
              R"("eventName":")" + std::string(minute % 2 == 0 ? "Even" : "Odd") + "\""));
  }
  return events;
}

TEST(Search, PagesByStartAndSize) {
  const TestStore store{minutes(0, 5), minutes(6, 9)};
  const struct {
    std::uint32_t start, size;
    const char* want;
  } kCases[] = {
      {0, 3, "10: 09 08 07"}, {3, 3, "10: 06 05 04"}, {8, 3, "10: 01 00"},
      {10, 3, "10: "},        {9'990, 10, "10: "},    {0, 0, "10: "},
  };
  for (const auto& c : kCases) {
    SearchRequest page = request();
    page.start = c.start;
    page.size = c.size;
    EXPECT_EQ(found(store, page), c.want) << c.start << " " << c.size;
  }
}

TEST(Search, FindsNothingInAnEmptyStore) {
  const TestStore store;
  SearchRequest everything = request();
  everything.facets = {{field_index("event_name"), FacetRequest::Order::by_count, 10, {}}};
  everything.histogram = HistogramRequest{};
  everything.cursor = "initial";
  const auto result = search(*store.snapshot(), everything);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->found, 0U);
  EXPECT_TRUE(result->hits.empty());
  EXPECT_TRUE(result->facets.at(0).buckets.empty());
  EXPECT_TRUE(result->histogram->buckets.empty());
  EXPECT_EQ(result->cursor, "initial");
}

TEST(Search, KeepsToTheTimeRange) {
  const TestStore store{minutes(0, 5), minutes(6, 9)};
  SearchRequest odd = request("event_name:'Odd'");
  odd.time = {at("2021-07-29T10:03:00Z"), at("2021-07-29T10:09:00Z")};
  EXPECT_EQ(found(store, odd), "3: 07 05 03");
  odd.time = {at("2021-07-29T10:08:00Z"), std::nullopt};
  EXPECT_EQ(found(store, odd), "1: 09");
  odd.time = {std::nullopt, at("2021-07-29T10:00:00Z")};
  EXPECT_EQ(found(store, odd), "0: ");
}

TEST(Search, NamesTheLimitThatWasPassed) {
  const TestStore store{minutes(0, 1)};
  const auto with = [](auto change) {
    SearchRequest changed = request();
    change(changed);
    return changed;
  };
  const struct {
    SearchRequest request;
    const char* want;
  } kCases[] = {
      {with([](auto& r) { r.start = 9'991; }),
       "too_large: expected start + size of at most 10000, got 10001; use a cursor to go further"},
      {with([](auto& r) { r.start = r.size = 0xFFFFFFFFU; }),
       "too_large: expected start + size of at most 10000, got 8589934590; use a cursor to go "
       "further"},
      {with([](auto& r) {
         r.start = 1;
         r.cursor = "initial";
       }),
       "bad_request: expected a start or a cursor, got both"},
      {with([](auto& r) { r.cursor = "nonsense"; }),
       "bad_request: expected 'initial' or the cursor of an earlier answer, got one that is "
       "damaged"},
      {with([](auto& r) {
         r.sort = {{field_index("raw"), false}};
       }),
       "bad_request: cannot sort by 'raw': it can have several values"},
      {with([](auto& r) {
         r.facets = {{field_index("raw"), FacetRequest::Order::by_count, 10, {}}};
       }),
       "bad_request: cannot count facet 'raw': the field has no column"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(error_of(search(*store.snapshot(), c.request)), c.want);
  }
}

TEST(Search, StopsAtTheDeadline) {
  const TestStore store{minutes(0, 1)};
  SearchRequest late = request();
  late.limits.end = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  const auto result = search(*store.snapshot(), late);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::too_large);
  late.limits.end = std::chrono::steady_clock::now() + std::chrono::hours(1);
  EXPECT_EQ(found(store, late), "2: 01 00");
}

TEST(Search, ReturnsEventsWithTheirDelivery) {
  auto delivered = event("a", "2021-07-29T10:00:00Z", R"("requestParameters":{"key":"x y"})");
  const std::string json = delivered.json;
  const FieldIndex log_file = log_file_field();
  add_value(delivered, log_file, "AWSLogs/a.json.gz");
  const TestStore store{{delivered}};
  for (const char* query : {"matchall", "log_file:'AWSLogs/a.json.gz'",
                            "(and log_file:'AWSLogs/a.json.gz' (near field=raw distance=1 'y x'))",
                            "(and (prefix field=log_file 'AWS') (not (phrase 'y x')))"}) {
    const auto result = search(*store.snapshot(), request(query));
    ASSERT_TRUE(result) << query;
    ASSERT_EQ(result->hits.size(), 1U) << query;
    EXPECT_EQ(result->hits[0].json, json) << query;
    EXPECT_EQ(value_of(result->hits[0], log_file), "AWSLogs/a.json.gz") << query;
  }
}

/// All ids that a walk by cursor gives; `between` runs after each page.
template <class Between>
std::string walk(const TestStore& store, SearchRequest request, const Between& between) {
  std::string all;
  request.cursor = "initial";
  for (int page = 0; page < 100; ++page) {
    const auto result = search(*store.snapshot(), request);
    if (!result) return error_of(result);
    if (!result->cursor) return "no cursor";
    if (result->hits.empty()) {
      EXPECT_EQ(result->cursor, request.cursor);
      return all;
    }
    all += (all.empty() ? "" : " ") + ids(*result);
    request.cursor = result->cursor;
    between();
  }
  return "no end: " + all;
}

TEST(Search, WalksByCursor) {
  const TestStore store{minutes(0, 5), minutes(6, 9)};
  for (const std::uint32_t size : {1U, 3U, 10U, 99U}) {
    SearchRequest pages = request();
    pages.size = size;
    EXPECT_EQ(walk(store, std::move(pages), [] {}), "09 08 07 06 05 04 03 02 01 00") << size;
  }
  SearchRequest by_name = request();
  by_name.size = 3;
  by_name.sort = {{field_index("event_name"), true}, {event_time_field(), false}};
  EXPECT_EQ(walk(store, std::move(by_name), [] {}), "01 03 05 07 09 00 02 04 06 08");
}

TEST(Search, ACursorOutlivesCommitsAndMerges) {
  TestStore store{minutes(10, 19), minutes(20, 29)};
  SearchRequest pages = request("event_name:'Even'");
  pages.size = 2;
  int page = 0;
  // New events before the cursor's place are not seen, those after it are.
  const auto walked = walk(store, std::move(pages), [&] {
    switch (++page) {
      case 1: store.commit(minutes(30, 33)); break;
      case 2: store.commit(minutes(6, 9)); break;
      case 3: store.merge_all(); break;
      default: break;
    }
  });
  EXPECT_EQ(walked, "28 26 24 22 20 18 16 14 12 10 08 06");
  EXPECT_EQ(store.snapshot()->segments.size(), 1U);
}

TEST(Search, ACursorBelongsToItsQuery) {
  const TestStore store{minutes(0, 5)};
  SearchRequest pages = request();
  pages.size = 2;
  pages.cursor = "initial";
  const auto result = search(*store.snapshot(), pages);
  ASSERT_TRUE(result);
  SearchRequest other = request("event_name:'Even'");
  other.cursor = result->cursor;
  EXPECT_EQ(error_of(search(*store.snapshot(), other)),
            "bad_request: expected the cursor of this query and order, got one of another");
}

TEST(FindEvent, LooksInEverySegment) {
  const TestStore store{minutes(0, 5), minutes(6, 9)};
  for (const char* id : {"00", "05", "06", "09"}) {
    const auto event = find_event(*store.snapshot(), id);
    ASSERT_TRUE(event) << id;
    EXPECT_EQ(event->id, id);
  }
  const auto missing = find_event(*store.snapshot(), "10");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_EQ(missing.error().message, "there is no event with the id '10'");
}

}  // namespace
}  // namespace trailsift::query
