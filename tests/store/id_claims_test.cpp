#include "store/id_claims.h"

#include <string_view>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace trailsift::store {
namespace {

using Ids = std::vector<std::string_view>;

/// A claim and what of its ids was new.
struct Claimed {
  std::vector<char> kept;
  std::unique_ptr<IdClaims::Claim> claim;

  Claimed(IdClaims& claims, const Ids& ids) : kept(ids.size(), 1) {
    claim = claims.claim(ids, kept, [](auto&) { return Result<void>(); }).value();
  }
};

TEST(IdClaims, AnIdIsNewOnce) {
  IdClaims claims;
  const Ids first = {"a", "b", "a"};
  const Ids second = {"b", "c", "c"};
  const Claimed one(claims, first);
  EXPECT_EQ(one.kept, (std::vector<char>{1, 1, 0}));
  const Claimed two(claims, second);
  EXPECT_EQ(two.kept, (std::vector<char>{0, 1, 0}));
}

TEST(IdClaims, WhatTheStoreHasIsNotClaimed) {
  IdClaims claims;
  const Ids ids = {"a", "b"};
  std::vector<char> kept(2, 1);
  const auto claim = claims.claim(ids, kept, [](std::vector<char>& fresh) {
    fresh[0] = 0;
    return Result<void>();
  });
  ASSERT_TRUE(claim);
  EXPECT_EQ(kept, (std::vector<char>{0, 1}));
  std::vector<char> none(2, 1);
  const auto failed = claims.claim(ids, none, [](auto&) -> Result<void> {
    return fail(ErrorCode::corrupt, "the store is corrupt");
  });
  EXPECT_FALSE(failed);
}

TEST(IdClaims, OthersAreAwaitedAndTheirFailureIsOurs) {
  for (const bool succeeds : {true, false}) {
    IdClaims claims;
    const Ids ids = {"a"};
    auto first = std::make_unique<Claimed>(claims, ids);
    Claimed second(claims, ids);
    Result<void> outcome;
    std::jthread waiting([&] { outcome = second.claim->await_others(); });
    if (succeeds) first->claim->succeed();
    first.reset();
    waiting.join();
    EXPECT_EQ(outcome.has_value(), succeeds);
    if (!succeeds) {
      EXPECT_EQ(outcome.error().code, ErrorCode::unavailable);
    }
  }
}

/// A third commit must not rely on a second one that has the id of a first.
TEST(IdClaims, AnIdIsClaimedByTheOneThatIndexesIt) {
  IdClaims claims;
  const Ids ids = {"a"};
  auto first = std::make_unique<Claimed>(claims, ids);
  auto second = std::make_unique<Claimed>(claims, ids);
  Claimed third(claims, ids);
  second->claim->succeed();
  second.reset();
  Result<void> outcome;
  std::jthread waiting([&] { outcome = third.claim->await_others(); });
  first.reset();
  waiting.join();
  EXPECT_FALSE(outcome);
}

TEST(IdClaims, ClaimsEndWithTheirCommits) {
  IdClaims claims;
  const Ids ids = {"a"};
  { const Claimed first(claims, ids); }
  const Claimed second(claims, ids);
  EXPECT_EQ(second.kept, std::vector<char>{1});
  EXPECT_TRUE(second.claim->await_others());
}

}  // namespace
}  // namespace trailsift::store
