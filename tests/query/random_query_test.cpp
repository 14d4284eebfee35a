#include "tests/support/random_query.h"

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "query/matches.h"
#include "query/parse.h"
#include "query/parser.h"
#include "schema/flatten.h"

namespace trailsift::test {
namespace {

constexpr std::array<std::string_view, 3> kRecords = {
    R"({"eventID":"e1","eventTime":"2021-07-29T23:53:26Z","eventName":"GetObject",
        "eventSource":"s3.amazonaws.com","readOnly":true,"userAgent":"aws-cli/1.18 Python/3.8",
        "userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/alice"},
        "additionalEventData":{"bytesTransferredIn":9},
        "requestParameters":{"bucketName":"my-bucket","x-amz-acl:y":"private"}})",
    R"({"eventID":"e2","eventTime":"2021-07-30T00:00:00.5Z","eventName":"PutObject",
        "eventSource":"s3.amazonaws.com","readOnly":false,"errorMessage":"Access Denied to it's",
        "userIdentity":{"sessionContext":{"attributes":{"creationDate":"2021-07-29T20:00:00Z"}}},
        "additionalEventData":{"bytesTransferredIn":9223372036854775807},
        "resources":[{"ARN":"arn:aws:s3:::one"},{"ARN":"arn:aws:s3:::two"}]})",
    "{\"eventID\":\"e3\",\"eventTime\":\"0000-01-01T00:00:00Z\","
    "\"requestParameters\":{\"a\":\"--\",\"b\":\"Stra\xC3\x9F\"}}"};

std::vector<Event> some_events() {
  std::vector<Event> events;
  events.reserve(kRecords.size());
  for (const std::string_view record : kRecords) events.push_back(*flatten(record));
  return events;
}

TEST(RandomQuery, AlwaysParses) {
  const auto events = some_events();
  RandomQuery random(1, events);
  for (int i = 0; i < 3000; ++i) {
    const std::string query = random.next();
    const auto tree = query::parse_structured(query);
    EXPECT_TRUE(tree) << render(tree.error(), query);
    const auto node = query::parse_syntax(query);
    ASSERT_TRUE(node);
    EXPECT_EQ(*query::parse_syntax(to_string(*node)), *node) << query;
  }
}

TEST(RandomQuery, RepeatsItself) {
  const auto events = some_events();
  RandomQuery a(7, events);
  RandomQuery b(7, events);
  RandomQuery other(8, events);
  bool differs = false;
  for (int i = 0; i < 50; ++i) {
    const std::string query = a.next();
    EXPECT_EQ(query, b.next());
    differs = differs || query != other.next();
  }
  EXPECT_TRUE(differs);
}

TEST(RandomQuery, UsesEveryOperatorAndOption) {
  const auto events = some_events();
  RandomQuery random(3, events);
  std::string all;
  for (int i = 0; i < 3000; ++i) all += random.next() + "\n";
  for (const char* part : {"(and", "(or", "(not", "(term", "(phrase", "(prefix", "(near", "(range",
                           "matchall", "field=", "boost=", "distance=", "['", "{'", ",}", "{,"}) {
    EXPECT_NE(all.find(part), std::string::npos) << part;
  }
}

TEST(RandomQuery, BothHitsAndMisses) {
  const auto events = some_events();
  RandomQuery random(5, events);
  std::array<int, 4> by_hits{};
  for (int i = 0; i < 2000; ++i) {
    const auto tree = query::parse_structured(random.next());
    ASSERT_TRUE(tree);
    std::size_t hits = 0;
    for (const Event& event : events) hits += matches(*tree, event) ? 1 : 0;
    ++by_hits.at(hits);
  }
  for (std::size_t hits = 0; hits < by_hits.size(); ++hits) {
    EXPECT_GT(by_hits.at(hits), 100) << "queries with " << hits << " hits of 3";
  }
}

}  // namespace
}  // namespace trailsift::test
