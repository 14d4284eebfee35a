#include "aws/credentials.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iterator>
#include <latch>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "aws/retry.h"

namespace trailsift::aws {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

/// Gives key 1, 2, … that last for `lifetime`, or fails; waits for `gate` if there is one.
class Source : public CredentialsProvider {
 public:
  Result<Credentials> fetch(const std::stop_token& stop) override {
    const int number = ++fetches;
    if (entered != nullptr) entered->count_down();
    if (gate != nullptr) gate->wait();
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped");
    if (fails) return fail(ErrorCode::unavailable, "failure " + std::to_string(number));
    return Credentials{"key" + std::to_string(number), "secret", "", *now + lifetime, "the test"};
  }

  std::atomic<int> fetches{0};
  std::atomic<bool> fails{false};
  minutes lifetime{60};
  Instant* now = nullptr;
  std::latch* entered = nullptr;
  std::latch* gate = nullptr;
};

struct Cache {
  Instant now{std::chrono::hours(1000)};
  Source* source = nullptr;
  std::unique_ptr<CredentialsCache> cache;

  Cache() {
    auto owned = std::make_unique<Source>();
    source = owned.get();
    source->now = &now;
    cache = std::make_unique<CredentialsCache>(std::move(owned), [this] { return now; });
  }
  std::string key() {
    const auto found = cache->get({});
    return found ? found->access_key_id : found.error().message;
  }
};

TEST(CredentialsCache, RefreshesFiveMinutesBeforeTheEnd) {
  Cache c;
  EXPECT_EQ(c.key(), "key1");
  c.now += minutes(54);
  EXPECT_EQ(c.key(), "key1");
  c.now += minutes(1);
  EXPECT_EQ(c.key(), "key2");
}

TEST(CredentialsCache, UsesWhatIsValidWhileARefreshFails) {
  Cache c;
  EXPECT_EQ(c.key(), "key1");
  c.source->fails = true;
  c.now += minutes(56);
  EXPECT_EQ(c.key(), "key1");
  EXPECT_EQ(c.key(), "key1");
  EXPECT_EQ(c.source->fetches, 2);  // Not again within the minute.
  c.now += minutes(1);
  EXPECT_EQ(c.key(), "key1");
  EXPECT_EQ(c.source->fetches, 3);
  c.now += minutes(3);
  EXPECT_EQ(c.key(), "failure 4");
  c.source->fails = false;
  EXPECT_EQ(c.key(), "key5");
}

TEST(CredentialsCache, DoesNotAskAgainAndAgainForShortLivedKeys) {
  Cache c;
  c.source->lifetime = minutes(4);
  EXPECT_EQ(c.key(), "key1");
  EXPECT_EQ(c.key(), "key1");
  c.now += minutes(1);
  EXPECT_EQ(c.key(), "key2");
  c.source->lifetime = minutes(0);
  c.now += minutes(5);
  EXPECT_EQ(c.key(), "the credentials from the test have expired");
}

TEST(CredentialsCache, AsksAnewForWhatWasRejected) {
  Cache c;
  EXPECT_EQ(c.key(), "key1");
  c.cache->reject("key0");  // Another thread's, long replaced.
  EXPECT_EQ(c.key(), "key1");
  c.cache->reject("key1");
  EXPECT_EQ(c.key(), "key2");
}

TEST(CredentialsCache, OneThreadAsksAndTheOthersShareWhatCame) {
  for (const bool fails : {false, true}) {
    Cache c;
    std::latch entered(1);
    std::latch gate(1);
    c.source->entered = &entered;
    c.source->gate = &gate;
    c.source->fails = fails;
    std::mutex mutex;
    std::vector<std::string> keys;
    const auto ask = [&] {
      const std::string key = c.key();
      const std::lock_guard lock(mutex);
      keys.push_back(key);
    };
    {
      std::jthread first(ask);
      entered.wait();
      std::vector<std::jthread> others;
      for (int i = 0; i < 8; ++i) others.emplace_back(ask);
      gate.count_down();
    }
    ASSERT_EQ(keys.size(), 9U);
    if (!fails) {
      EXPECT_EQ(std::ranges::count(keys, "key1"), 9);
      EXPECT_EQ(c.source->fetches, 1);
    }
    EXPECT_EQ(std::ranges::count_if(keys, [](auto& key) { return key.starts_with("failure"); }),
              fails ? 9 : 0);
  }
}

TEST(CredentialsCache, WhoeverWaitsCanBeStopped) {
  Cache c;
  std::latch entered(1);
  std::latch gate(1);
  c.source->entered = &entered;
  c.source->gate = &gate;
  std::jthread first([&] { EXPECT_EQ(c.key(), "key1"); });
  entered.wait();
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = c.cache->get(stop.get_token());
  gate.count_down();
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
}

TEST(Retry, DelaysDoubleUpToTheLimit) {
  const RetryPolicy policy{5, milliseconds(100), milliseconds(1'000)};
  const milliseconds want[] = {milliseconds(100), milliseconds(200),   milliseconds(400),
                               milliseconds(800), milliseconds(1'000), milliseconds(1'000)};
  for (std::size_t attempt = 1; attempt <= std::size(want); ++attempt)
    EXPECT_EQ(backoff(policy, attempt, 1.0), want[attempt - 1]) << attempt;
  EXPECT_EQ(backoff(policy, 100'000, 0.5), milliseconds(500));
  EXPECT_EQ(backoff(policy, 3, 0.0), milliseconds(0));
}

TEST(Retry, APauseEndsWhenItIsStopped) {
  EXPECT_TRUE(pause(milliseconds(1), {}));
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  EXPECT_FALSE(pause(std::chrono::hours(1), stop.get_token()));
}

}  // namespace
}  // namespace trailsift::aws
