// Searches whose time is over before all is searched.

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "query/parse.h"
#include "query/search.h"
#include "tests/query/test_store.h"
#include "tests/support/random_events.h"

namespace trailsift::query {
namespace {

using namespace std::chrono_literals;

/// A query that takes long over many events, and that the newest event answers.
std::string expensive_query() {
  std::string query = "newest";
  for (int i = 0; i < 500; ++i) query += " or *" + std::to_string(i) + "*a*e*i*";
  return query;
}

/// Most events are of one segment; the newest is of another, which comes before it.
class Partial : public testing::Test {
 protected:
  Partial() {
    test::RandomEvents old(11);
    store_.commit({event("newest", "2022-01-01T00:00:00Z", R"("eventName":"newest")")});
    store_.commit(old.events(kOld));
    request_.query = *parse_kql(expensive_query());
    request_.partial = true;
    request_.facets.emplace_back().field = field_index("event_name");
  }

  Result<SearchResult> search_for(std::chrono::nanoseconds time) {
    request_.limits.end = std::chrono::steady_clock::now() + time;
    return search(*store_.snapshot(), request_);
  }

  static constexpr std::size_t kOld = 1000;
  TestStore store_;
  SearchRequest request_;
};

TEST_F(Partial, AnswersOverWhatWasSearchedInTime) {
  // How long that is differs between machines, and within one.
  constexpr std::chrono::nanoseconds kShortest = 20us;
  Result<SearchResult> result = search_for(kShortest);
  auto time = kShortest;
  for (int attempt = 0; attempt < 500 && !(result && result->partial); ++attempt) {
    if (!result) {
      ASSERT_EQ(result.error().code, ErrorCode::too_large) << result.error().message;
    }
    time = result ? kShortest : time * 2;
    result = search_for(time);
  }
  ASSERT_TRUE(result && result->partial);
  EXPECT_EQ(result->partial->searched, 1U);
  EXPECT_EQ(result->partial->events, kOld + 1);
  EXPECT_EQ(result->found, 1U);
  ASSERT_EQ(result->hits.size(), 1U);
  EXPECT_EQ(result->hits.front().id, "newest");
  ASSERT_EQ(result->facets.front().buckets.size(), 1U);
  EXPECT_EQ(result->facets.front().buckets.front().value, "newest");
}

TEST_F(Partial, IsWholeWithTimeEnough) {
  request_.query = *parse_kql("newest or *1*a*e*i*");
  const auto result = search_for(1h);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_FALSE(result->partial);
  request_.partial = false;
  EXPECT_EQ(search_for(1h)->found, result->found);
  request_.partial = true;
  request_.limits.end.reset();
  EXPECT_EQ(search(*store_.snapshot(), request_)->found, result->found);
}

TEST_F(Partial, IsRefusedWhenNothingWasSearched) {
  const auto result = search_for(-1s);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::too_large);
}

TEST_F(Partial, OfAnEmptyStoreIsWhole) {
  const TestStore empty;
  request_.limits.end = std::chrono::steady_clock::now() + 1h;
  const auto result = search(*empty.snapshot(), request_);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_FALSE(result->partial);
}

TEST_F(Partial, StopsWhenItIsCancelled) {
  std::stop_source source;
  source.request_stop();
  request_.limits.stop = source.get_token();
  const auto result = search_for(1h);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace trailsift::query
