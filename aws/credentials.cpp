#include "aws/credentials.h"

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>

namespace trailsift::aws {
namespace {

constexpr std::chrono::minutes kPauseAfterFailure{1};

}  // namespace

Instant to_instant(Timestamp time) {
  const auto first = std::chrono::ceil<Timestamp::duration>(Instant::min());
  const auto last = std::chrono::floor<Timestamp::duration>(Instant::max());
  return std::chrono::time_point_cast<Instant::duration>(std::clamp<Timestamp>(time, first, last));
}

struct CredentialsCache::State {
  const std::unique_ptr<CredentialsProvider> provider;
  const Clock clock;

  std::mutex mutex;  // Guards everything below.
  std::condition_variable_any fetched;
  std::optional<Credentials> current;
  bool fetching = false;
  std::uint64_t fetches = 0;
  std::optional<Error> last_error;  // Of the last fetch, for those who waited for it.
  Instant not_before{};             // No refresh of what is still valid before.

  State(std::unique_ptr<CredentialsProvider> from, Clock with)
      : provider(std::move(from)), clock(std::move(with)) {}

  bool is_valid(Instant now) const {
    return current && (!current->expires || now < *current->expires);
  }
  bool is_good_enough(Instant now) const {
    if (!is_valid(now)) return false;
    return !current->expires || now + kRefreshBeforeExpiry < *current->expires ||
           now < not_before || fetching;
  }
  Result<Credentials> fetch(std::unique_lock<std::mutex>& lock, const std::stop_token& stop);
};

Result<Credentials> CredentialsCache::State::fetch(std::unique_lock<std::mutex>& lock,
                                                   const std::stop_token& stop) {
  fetching = true;
  lock.unlock();
  auto fresh = provider->fetch(stop);
  lock.lock();
  fetching = false;
  ++fetches;
  fetched.notify_all();
  const Instant now = clock();
  not_before = now + kPauseAfterFailure;
  if (fresh && fresh->expires && *fresh->expires <= now)
    fresh = fail(ErrorCode::denied, "the credentials from " + fresh->source + " have expired");
  last_error.reset();
  if (fresh) {
    current = *fresh;
    return fresh;
  }
  last_error = fresh.error();
  if (last_error->code != ErrorCode::cancelled && is_valid(now)) return *current;
  return fresh;
}

CredentialsCache::CredentialsCache(std::unique_ptr<CredentialsProvider> provider, Clock clock)
    : state_(std::make_unique<State>(std::move(provider), std::move(clock))) {}

CredentialsCache::~CredentialsCache() = default;

Result<Credentials> CredentialsCache::get(const std::stop_token& stop) {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  while (!state.is_good_enough(state.clock())) {
    if (!state.fetching) return state.fetch(lock, stop);
    const std::uint64_t before = state.fetches;
    if (!state.fetched.wait(lock, stop, [&] { return state.fetches != before; }))
      return fail(ErrorCode::cancelled, "stopped while waiting for credentials");
    // The one who asked may have been stopped; then the next one asks.
    const bool failed = !state.is_valid(state.clock());
    if (failed && state.last_error && state.last_error->code != ErrorCode::cancelled)
      return tl::unexpected(*state.last_error);
  }
  return *state.current;
}

void CredentialsCache::reject(const std::string& access_key_id) {
  const std::lock_guard lock(state_->mutex);
  if (state_->current && state_->current->access_key_id == access_key_id) state_->current.reset();
}

}  // namespace trailsift::aws
