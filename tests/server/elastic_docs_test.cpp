#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "server/elastic_aggregations.h"
#include "server/elastic_query.h"

namespace trailsift::server {
namespace {

TEST(ElasticsearchPage, HasEveryClauseAndEveryAggregation) {
  std::ifstream file(TRAILSIFT_SOURCE_DIR "/docs/elasticsearch.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const std::string_view name : elastic_clauses()) {
    EXPECT_NE(text.find("`" + std::string(name) + "`"), std::string::npos) << name;
  }
  for (const std::string_view name : elastic_aggregations()) {
    EXPECT_NE(text.find("`" + std::string(name) + "`"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace trailsift::server
