#include "query/thread_pool.h"

#include <array>
#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace trailsift::query {
namespace {

TEST(ThreadPool, RunsEveryTaskOnce) {
  for (const unsigned threads : {0U, 1U, 3U}) {
    ThreadPool pool(threads);
    for (const std::size_t count : {0U, 1U, 2U, 500U}) {
      std::vector<std::atomic<int>> runs(count);
      ASSERT_TRUE(pool.run(count, [&](std::size_t index) -> Result<void> {
        ++runs[index];
        return {};
      }));
      for (const auto& times : runs) EXPECT_EQ(times, 1);
    }
  }
}

TEST(ThreadPool, AnswersWithTheFailureAndBeginsNothingMore) {
  ThreadPool pool(2);
  std::atomic<std::size_t> begun = 0;
  const auto done = pool.run(100'000, [&](std::size_t index) -> Result<void> {
    ++begun;
    if (index != 5) return {};
    return fail(ErrorCode::too_large, "five");
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "five");
  EXPECT_LT(begun, 100'000U);
}

TEST(ThreadPool, PassesExceptionsOn) {
  ThreadPool pool(2);
  const auto throw_at_seven = [](std::size_t index) -> Result<void> {
    if (index == 7) throw std::runtime_error("seven");
    return {};
  };
  EXPECT_THROW((void)pool.run(50, throw_at_seven), std::runtime_error);
  EXPECT_TRUE(pool.run(5, throw_at_seven));
}

TEST(ThreadPool, ServesManyAndLoopsInsideOfLoops) {
  ThreadPool pool(2);
  std::atomic<int> runs = 0;
  const auto outer = [&](std::size_t) -> Result<void> {
    return pool.run(10, [&](std::size_t) -> Result<void> {
      ++runs;
      return {};
    });
  };
  {
    std::array<std::jthread, 4> callers;
    for (auto& caller : callers) {
      caller = std::jthread([&] { EXPECT_TRUE(pool.run(20, outer)); });
    }
  }
  EXPECT_EQ(runs, 4 * 20 * 10);
}

}  // namespace
}  // namespace trailsift::query
