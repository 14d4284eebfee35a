// Queries made to cost much: each is refused by a limit that its error names, or ends when its
// deadline has passed. What counts is the time of the processor, which others cannot take.
#include <chrono>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "query/parse.h"
#include "query/search.h"
#include "tests/query/test_store.h"
#include "tests/support/random_events.h"

namespace trailsift::query {
namespace {

using std::chrono::milliseconds;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kEvents = 400;
constexpr milliseconds kSlack{4000};
#else
constexpr int kEvents = 4000;
constexpr milliseconds kSlack{400};
#endif
constexpr milliseconds kDeadline{100};

milliseconds processor_time() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return milliseconds(time.tv_sec * 1000 + time.tv_nsec / 1'000'000);
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

/// `begin`, then `times` values that `value` makes of a number, with ` or ` between, then `end`.
template <class Value>
std::string list(std::string_view begin, std::size_t times, const Value& value,
                 std::string_view end) {
  std::string out(begin);
  for (std::size_t i = 0; i < times; ++i) out += (i == 0 ? "" : " or ") + value(i);
  return out + std::string(end);
}

std::vector<std::string> expensive_queries() {
  const auto number = [](std::size_t i) { return "v" + std::to_string(i) + "x"; };
  const auto pattern = [](std::size_t i) { return "*" + std::to_string(i) + "*a*"; };
  const auto expression = [](std::size_t i) {
    return "/(a|e|i|o)+.*" + std::to_string(i) + "?.*[0-9a-f]+$/";
  };
  return {
      list("event_name:(", 4000, number, ")"),
      list("requestParameters.bucketName:(", 4000, number, ")"),
      list("", 4000, number, ""),
      list("", 4000, pattern, ""),
      list("requestParameters.bucketName:(", 4000, pattern, ")"),
      list("user_agent:(", 4000, pattern, ")"),
      list("", 32, expression, ""),
      list("requestParameters:(", 32, expression, ")"),
      "*" + repeated("a*", 3000),
      repeated("*a*e*i*o*u* ", 300),
      repeated("requestParameters:*-* ", 300),
      repeated("not ", 120) + "*a*",
      repeated("(a or ", 120) + "*e*" + repeated(")", 120),
      "\"" + repeated("a b ", 2000) + "\"",
      repeated("not event_id:$request_id ", 1000),
      repeated("not userIdentity.arn:$requestParameters.userName ", 1000),
      list("*_*:(", 30, pattern, ")"),
      repeated("raw == *a* ", 1000),
      repeated("event_time:[now-1000000y/y to now+1000000M/M] ", 4000),
      repeated("source.ip:::/0 ", 4000),
      repeated("requestParameters.maxResults > 1e300 ", 4000),
  };
}

TEST(WorstCase, EndsWithItsDeadline) {
  test::RandomEvents records(7);
  TestStore store;
  for (int segment = 0; segment < 2; ++segment) {
    std::vector<Event> events;
    for (int i = 0; i < kEvents / 2; ++i) events.push_back(records.event());
    store.commit(events);
  }
  const auto snapshot = store.snapshot();
  for (const std::string& query : expensive_queries()) {
    const std::string shown = query.substr(0, 60);
    const auto begin = processor_time();
    auto tree = parse_kql(query);
    ASSERT_TRUE(tree) << shown << ": " << tree.error().message;
    EXPECT_LT(processor_time() - begin, kSlack) << "to parse " << shown;
    SearchRequest request;
    request.query = std::move(*tree);
    request.limits.end = std::chrono::steady_clock::now() + kDeadline;
    const auto asked = processor_time();
    const auto result = search(*snapshot, request);
    EXPECT_LT(processor_time() - asked, kDeadline + kSlack) << "to answer " << shown;
    if (result) continue;
    EXPECT_EQ(result.error().code, ErrorCode::too_large) << shown;
    EXPECT_NE(result.error().message.find("the query took longer than"), std::string::npos);
  }
}

TEST(WorstCase, FuzzyWordsAndScoresEndWithTheDeadline) {
  test::RandomEvents records(8);
  TestStore store;
  store.commit(records.events(kEvents));
  const auto snapshot = store.snapshot();
  std::string words;
  for (int i = 0; i < 100; ++i) words += "w" + std::to_string(i) + "abcdef~2 | ";
  const std::string kQueries[] = {
      words,
      repeated("eventname~2 ", 100),
      repeated("0123456789abcdef0123456789~2 ", 100),
      std::string(100'000, 'a') + "~2",
      repeated("12~2 | ", 100),
  };
  for (const std::string& query : kQueries) {
    const std::string shown = query.substr(0, 60);
    ParseOptions options;
    SearchRequest request;
    auto tree = parse_simple(query, options);
    options.scored = true;
    auto scored = parse_simple(query, options);
    ASSERT_TRUE(tree && scored) << shown;
    request.query = std::move(*tree);
    request.scored = std::move(*scored);
    request.computed_sort = {{nullptr, true}};
    request.limits.end = std::chrono::steady_clock::now() + kDeadline;
    const auto asked = processor_time();
    const auto result = search(*snapshot, request);
    EXPECT_LT(processor_time() - asked, kDeadline + kSlack) << "to answer " << shown;
    if (result) continue;
    EXPECT_EQ(result.error().code, ErrorCode::too_large) << result.error().message;
  }
}

TEST(WorstCase, IsRefusedByALimitThatIsNamed) {
  const std::vector<std::pair<std::string, std::string_view>> cases = {
      {repeated("a ", 5000), "at most 4096 conditions"},
      {"*:(" + repeated("a ", 5000) + ")", "at most 4096 conditions"},
      {"*_*:(" + repeated("a ", 400) + ")", "at most 4096 conditions"},
      {"\"" + repeated("a ", 5000) + "\"", "at most 4096 words in one value"},
      {"*" + repeated("a*", 5000), "at most 4096 words in one value"},
      {repeated("(", 100'000), "at most 128 operators"},
      {repeated("not ", 5000) + "a", "at most 128 operators"},
      {repeated("/a/ ", 33), "at most 32 regular expressions"},
      {"/((a{1,100}){1,100}){1,100}/", "regular expression"},
      {"/" + repeated("(\\pL|\\pN){1,50}", 60) + "/", "regular expression"},
      {"/" + std::string(1001, 'a') + "/", "at most 1000 bytes"},
      {"event_time:now" + repeated("-1d", 100), "expected a time"},
      {std::string(300'000, 'a'), "at most 262144 bytes"},
  };
  for (const auto& [query, message] : cases) {
    const auto begin = processor_time();
    const auto tree = parse_kql(query);
    EXPECT_LT(processor_time() - begin, kSlack) << query.substr(0, 60);
    ASSERT_FALSE(tree) << query.substr(0, 60);
    EXPECT_NE(tree.error().message.find(message), std::string::npos) << tree.error().message;
  }
}

}  // namespace
}  // namespace trailsift::query
