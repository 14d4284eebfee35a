#include "indexer/byte_budget.h"

#include <atomic>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace trailsift::indexer {
namespace {

TEST(ByteBudget, NeverGivesMoreThanThereIs) {
  constexpr std::uint64_t kMost = 100;
  ByteBudget budget(kMost);
  std::atomic<std::uint64_t> used = 0;
  std::atomic<std::uint64_t> highest = 0;
  std::vector<std::thread> threads;
  for (std::uint64_t bytes : {1, 30, 50, 100, 7, 60}) {
    threads.emplace_back([&, bytes] {
      for (int i = 0; i < 2'000; ++i) {
        const auto share = budget.take(bytes);
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

TEST(ByteBudget, MoreThanAllIsHadAlone) {
  ByteBudget budget(100);
  auto small = budget.take(10);
  std::atomic<bool> had = false;
  std::thread large([&] {
    const auto share = budget.take(1'000);
    had = share.has_value();
  });
  EXPECT_FALSE(had);
  small.reset();
  large.join();
  EXPECT_TRUE(had);
}

TEST(ByteBudget, SharesGoBackOnceHoweverTheyAreMoved) {
  ByteBudget budget(100);
  {
    auto share = budget.take(60);
    ByteBudget::Share moved = std::move(*share);
    ByteBudget::Share other;
    other = std::move(moved);
  }
  auto all = budget.take(100);
  ASSERT_TRUE(all);
  *all = {};
  EXPECT_TRUE(budget.take(100));
}

TEST(ByteBudget, ClosingEndsTheWaiting) {
  std::optional<ByteBudget::Share> share;
  {
    ByteBudget budget(100);
    share = budget.take(100);
    std::thread waiter([&] { EXPECT_FALSE(budget.take(1)); });
    budget.close();
    waiter.join();
    EXPECT_FALSE(budget.take(0));
  }
  share.reset();  // After its budget.
}

}  // namespace
}  // namespace trailsift::indexer
