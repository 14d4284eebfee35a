// tests/query/cases/: invented events, and queries in the everyday language with the events that
// answer them. Each query is asked of the events one by one and of an index of them.
//
//   # what the next queries are about
//   a query
//   = the ids of its events
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "query/kql_parser.h"
#include "query/matches.h"
#include "query/parse.h"
#include "query/search.h"
#include "query/to_kql.h"
#include "schema/flatten.h"
#include "tests/query/test_store.h"

namespace trailsift::query {
namespace {

const std::string kCases = TRAILSIFT_SOURCE_DIR "/tests/query/cases/";

struct QueryCase {
  std::string query;
  std::set<std::string> ids;
};

std::vector<QueryCase> read_cases() {
  std::ifstream file(kCases + "everyday.cases");
  std::vector<QueryCase> cases;
  std::string line;
  while (std::getline(file, line)) {
    if (line.empty() || line.front() == '#') continue;
    if (!line.starts_with("=")) {
      cases.push_back({line, {}});
      continue;
    }
    std::istringstream ids(line.substr(1));
    for (std::string id; ids >> id;) cases.back().ids.insert(id);
  }
  return cases;
}

std::vector<Event> read_events() {
  std::ifstream file(kCases + "everyday.ndjson");
  std::vector<Event> events;
  for (std::string line; std::getline(file, line);) events.push_back(*flatten(line));
  return events;
}

std::set<std::string> found_in(const store::Snapshot& snapshot, const Tree& tree) {
  SearchRequest request;
  request.query = clone(tree);
  request.size = 100;
  const auto result = search(snapshot, request);
  EXPECT_TRUE(result) << result.error().message;
  std::set<std::string> ids;
  for (const Event& hit : result->hits) ids.insert(hit.id);
  return ids;
}

std::set<std::string> matching(const std::vector<Event>& events, const Tree& tree) {
  std::set<std::string> ids;
  for (const Event& event : events) {
    if (matches(tree, event)) ids.insert(event.id);
  }
  return ids;
}

TEST(KqlCases, HaveTheAnswersThatTheyTell) {
  const auto events = read_events();
  const auto cases = read_cases();
  ASSERT_GE(cases.size(), 100U);
  TestStore store;
  store.commit({events.begin(), events.begin() + 3});
  store.commit({events.begin() + 3, events.end()});
  const auto snapshot = store.snapshot();
  ParseOptions options;
  options.now = at("2021-08-04T12:00:00Z");
  for (const auto& [query, ids] : cases) {
    const auto tree = parse_kql(query, options);
    ASSERT_TRUE(tree) << render(tree.error(), query);
    EXPECT_EQ(matching(events, *tree), ids) << query;
    EXPECT_EQ(found_in(*snapshot, *tree), ids) << query;
    const auto printed = kql::to_string(*kql::parse_syntax(query));
    EXPECT_EQ(to_string(*parse_kql(printed, options)), to_string(*tree)) << query;
    if (const auto again = to_kql(*tree)) {
      const auto copy = parse_kql(*again, options);
      ASSERT_TRUE(copy) << render(copy.error(), *again);
      EXPECT_EQ(matching(events, *copy), ids) << query << " as " << *again;
    } else {
      ADD_FAILURE() << "expected the everyday language to tell what it asked for: " << query;
    }
  }
}

}  // namespace
}  // namespace trailsift::query
