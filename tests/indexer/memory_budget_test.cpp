#include "indexer/memory_budget.h"

#include <atomic>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace trailsift::indexer {
namespace {

TEST(MemoryBudget, NeverGivesMoreThanThereIs) {
  constexpr std::uint64_t kMost = 100;
  MemoryBudget budget(kMost);
  std::atomic<std::uint64_t> used = 0;
  std::atomic<std::uint64_t> highest = 0;
  std::vector<std::thread> threads;
  for (std::uint64_t bytes : {1, 30, 50, 100, 7, 60}) {
    threads.emplace_back([&, bytes] {
      for (int i = 0; i < 2'000; ++i) {
        const auto share = budget.hold(bytes, {});
        ASSERT_TRUE(share);
        const std::uint64_t now = used += bytes;
        std::uint64_t before = highest;
        while (before < now && !highest.compare_exchange_weak(before, now)) {
        }
        used -= bytes;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(highest, kMost);
  EXPECT_EQ(used, 0U);
}

TEST(MemoryBudget, MoreThanAllIsHadAlone) {
  MemoryBudget budget(100);
  auto small = budget.hold(10, {});
  std::atomic<bool> had = false;
  std::thread large([&] {
    const auto share = budget.hold(1'000, {});
    had = share.has_value();
  });
  EXPECT_FALSE(had);
  small.reset();
  large.join();
  EXPECT_TRUE(had);
}

TEST(MemoryBudget, SharesGoBackOnceHoweverTheyAreMoved) {
  MemoryBudget budget(100);
  {
    auto share = budget.hold(60, {});
    MemoryBudget::Held moved = std::move(*share);
    MemoryBudget::Held other;
    other = std::move(moved);
  }
  auto all = budget.hold(100, {});
  ASSERT_TRUE(all);
  *all = {};
  EXPECT_TRUE(budget.hold(100, {}));
}

TEST(MemoryBudget, AStopEndsTheWaiting) {
  MemoryBudget budget(100);
  std::stop_source stop;
  const auto share = budget.hold(100, stop.get_token());
  std::thread waiter([&] { EXPECT_FALSE(budget.hold(1, stop.get_token())); });
  stop.request_stop();
  waiter.join();
  EXPECT_FALSE(budget.hold(1, stop.get_token()));
}

}  // namespace
}  // namespace trailsift::indexer
