#include "query/deadline.h"

#include <future>
#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include "query/search.h"
#include "tests/query/test_store.h"

namespace trailsift::query {
namespace {

using Clock = Deadline::Clock;
using namespace std::chrono_literals;

std::string text_of(const Result<void>& result) {
  return result ? "ok" : std::string(name(result.error().code)) + ": " + result.error().message;
}

TEST(Deadline, StopsWhenAskedTo) {
  std::stop_source source;
  const Deadline deadline({{}, source.get_token(), nullptr});
  EXPECT_EQ(text_of(deadline.check()), "ok");
  source.request_stop();
  EXPECT_EQ(text_of(deadline.check()), "cancelled: the query was cancelled");
}

TEST(Deadline, StopsASearch) {
  const TestStore store{{event("a", "2021-07-29T10:00:00Z")}};
  std::stop_source source;
  SearchRequest request;
  request.limits.stop = source.get_token();
  EXPECT_TRUE(search(*store.snapshot(), request));
  source.request_stop();
  const auto result = search(*store.snapshot(), request);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::cancelled);
}

TEST(ExpensiveGate, LetsAsManyRunAsThereArePlaces) {
  ExpensiveGate gate({.places = 2, .waiting = 0, .patience = 0ms});
  const Deadline::Options options{{}, {}, &gate};
  auto first = std::make_unique<Deadline>(options);
  const Deadline second(options);
  const Deadline third(options);
  EXPECT_EQ(text_of(first->check()), "ok");
  EXPECT_EQ(text_of(first->check()), "ok");  // One query has one place, however often it asks.
  EXPECT_EQ(text_of(second.check()), "ok");
  EXPECT_EQ(gate.running(), 2U);
  EXPECT_EQ(text_of(third.check()),
            "unavailable: the server is busy: 2 expensive queries run or wait already; narrow the "
            "query or try again");
  first.reset();
  EXPECT_EQ(text_of(third.check()), "ok");
}

TEST(Deadline, OfAPartFailsAsTheWhole) {
  std::stop_source source;
  const Deadline whole({Clock::now() + 1h, source.get_token(), nullptr});
  const Deadline over(whole, Clock::now());
  EXPECT_TRUE(over.is_over());
  EXPECT_EQ(text_of(over.check()),
            "too_large: the query took longer than 3600000 ms; narrow its time range or its words");
  const Deadline part(whole, Clock::now() + 30min);
  EXPECT_FALSE(part.is_over());
  EXPECT_EQ(text_of(part.check()), "ok");
  source.request_stop();
  EXPECT_EQ(text_of(part.check()), "cancelled: the query was cancelled");
}

TEST(Deadline, NamesWhatWasAllowedAndNotWhatWasLeft) {
  const Deadline deadline({Clock::now() - 1ms, {}, nullptr, 5s});
  EXPECT_EQ(text_of(deadline.check()),
            "too_large: the query took longer than 5000 ms; narrow its time range or its words");
}

TEST(ExpensiveGate, GivesAWholeAndItsPartsOnePlace) {
  ExpensiveGate gate({.places = 1, .waiting = 0, .patience = 0ms});
  const Deadline whole({Clock::now() + 1h, {}, &gate});
  {
    const Deadline part(whole, Clock::now() + 30min);
    EXPECT_EQ(text_of(part.check()), "ok");
  }
  EXPECT_EQ(gate.running(), 1U);
  EXPECT_EQ(text_of(whole.check()), "ok");
  EXPECT_EQ(gate.running(), 1U);
}

TEST(ExpensiveGate, IsNotAskedByShortQueries) {
  ExpensiveGate gate({.places = 1, .waiting = 0, .patience = 1h});
  for (int i = 0; i < 10; ++i) {
    const Deadline deadline({{}, {}, &gate});
    EXPECT_EQ(text_of(deadline.check()), "ok");
    EXPECT_EQ(gate.running(), 0U);
  }
}

TEST(ExpensiveGate, KeepsOthersWaitingUntilAPlaceIsFree) {
  ExpensiveGate gate({.places = 1, .waiting = 3, .patience = 0ms});
  auto holder = std::make_unique<Deadline>(Deadline::Options{{}, {}, &gate});
  ASSERT_TRUE(holder->check());
  const auto wait = [&](Deadline::Options options) {
    return std::async(std::launch::async, [options] { return text_of(Deadline(options).check()); });
  };
  std::stop_source source;
  auto cancelled = wait({{}, source.get_token(), &gate});
  auto late = wait({Clock::now() + 50ms, {}, &gate});
  auto patient = wait({{}, {}, &gate});
  while (gate.waiting() < 2) std::this_thread::yield();
  source.request_stop();
  EXPECT_EQ(cancelled.get(), "cancelled: the query was cancelled");
  EXPECT_TRUE(late.get().starts_with("too_large: the query took longer than "));
  while (gate.waiting() < 1) std::this_thread::yield();
  holder.reset();
  EXPECT_EQ(patient.get(), "ok");
  EXPECT_EQ(gate.running(), 0U);
}

}  // namespace
}  // namespace trailsift::query
