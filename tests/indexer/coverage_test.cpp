#include "indexer/coverage.h"

#include <chrono>

#include <gtest/gtest.h>

namespace trailsift::indexer {
namespace {

Timestamp at(int seconds) {
  return Timestamp(std::chrono::seconds(seconds));
}

TEST(Coverage, JoinsStretchesThatTouch) {
  Coverage coverage;
  EXPECT_FALSE(coverage.covers(at(0), at(0)));
  coverage.add(at(20), at(30));
  coverage.add(at(0), at(10));
  coverage.add(at(10), at(15));
  coverage.add(at(2), at(4));
  const struct {
    int from, to;
    bool covered;
  } rows[] = {{0, 15, true},   {0, 0, true},    {3, 12, true},   {15, 15, true},
              {0, 16, false},  {16, 19, false}, {14, 21, false}, {20, 30, true},
              {25, 31, false}, {-1, 3, false},  {31, 31, false}};
  for (const auto& row : rows) {
    EXPECT_EQ(coverage.covers(at(row.from), at(row.to)), row.covered) << row.from << " " << row.to;
  }
  coverage.add(at(15), at(20));
  EXPECT_TRUE(coverage.covers(at(0), at(30)));
}

}  // namespace
}  // namespace trailsift::indexer
