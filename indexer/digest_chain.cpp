#include "indexer/digest_chain.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace trailsift::indexer {
namespace {

// A digest comes every hour, give or take.
constexpr std::chrono::minutes kLongestHour(70);

Timestamp order(const DigestKey& key) {
  return key.time;
}

ExpectedDigest expected_by(const Digest& newer, bool trusted) {
  return {newer.previous_signature, newer.previous_sha256, trusted};
}

/// A digest that the chain passed by has nobody to vouch for it but its own signature.
CheckedDigest off_chain(CheckedDigest checked) {
  checked.verdict.status = Status::invalid;
  checked.verdict.reason = Reason::off_chain;
  checked.verdict.detail = "no digest continues it, and its signature is unknown";
  return checked;
}

}  // namespace

ChainWalk::ChainWalk(DigestChain chain, DigestChecker& checker, DigestVisitor& visitor)
    : chain_(std::move(chain)), checker_(checker), visitor_(visitor) {
  std::ranges::stable_sort(chain_.keys, {}, order);
}

Result<void> ChainWalk::run(const std::function<bool()>& stop) {
  for (auto head = newest_unseen(); head; head = newest_unseen()) {
    last_start_ = head->time;
    head_ = true;
    std::optional<ExpectedDigest> expected;
    if (chain_.next && !aside_) {
      expected = checker_.testimony(chain_.bucket, *chain_.next, head->key);
    }
    std::optional<Step> step = Step{chain_.bucket, std::move(*head), std::move(expected)};
    while (step && (!chain_.from || *chain_.from <= last_start_)) {
      if (stop()) return {};
      auto next = look_at(*step);
      if (!next) return tl::unexpected(next.error());
      step = std::move(*next);
      head_ = false;
    }
    aside_ = true;
  }
  return {};
}

Result<std::optional<ChainWalk::Step>> ChainWalk::look_at(const Step& step) {
  if (!seen_.insert(step.key.key).second) return std::optional<Step>();
  auto checked = checker_.check(step.bucket, step.key, step.expected);
  if (!checked) return tl::unexpected(checked.error());
  if (aside_ && head_ && checked->verdict.reason == Reason::signature_unknown) {
    *checked = off_chain(std::move(*checked));
  }
  visitor_.on_digest(step.key, *checked);
  return checked->verdict.status == Status::invalid ? after_invalid(step, *checked)
                                                    : after_sound(step, *checked);
}

std::optional<ChainWalk::Step> ChainWalk::after_invalid(const Step& step,
                                                        const CheckedDigest& checked) {
  auto next = older_unseen(step.key.time);
  if (checked.verdict.reason == Reason::not_found) tell_hole(step.key, next);
  if (!next) return std::nullopt;
  Step after{chain_.bucket, std::move(*next), std::nullopt};
  // Its signature may be the one that the invalid digest holds; where it fits, that is proof.
  if (checked.digest && checked.digest->previous_key == after.key.key) {
    after.expected = expected_by(*checked.digest, false);
  }
  return after;
}

std::optional<ChainWalk::Step> ChainWalk::after_sound(const Step& step,
                                                      const CheckedDigest& checked) {
  const Digest& digest = *checked.digest;
  last_start_ = digest.start;
  if (digest.previous_key) {
    auto key = parse_digest_key(*digest.previous_key);
    // A signed digest names a digest; only one that was not verified can name anything else.
    if (!key) return std::nullopt;
    return Step{*digest.previous_bucket, std::move(*key), expected_by(digest, true)};
  }
  auto next = older_unseen(step.key.time);
  if (!next) return std::nullopt;
  if (!aside_) visitor_.on_gap({next->time, last_start_, step.key.backfill, false});
  return Step{chain_.bucket, std::move(*next), std::nullopt};
}

/// A missing digest does not say which one came before it.
void ChainWalk::tell_hole(const DigestKey& missing, const std::optional<DigestKey>& next) {
  const std::optional<Timestamp> from = next ? std::optional(next->time) : chain_.from;
  if (!from || missing.time - *from <= kLongestHour) return;
  visitor_.on_gap({*from, missing.time, missing.backfill, true});
}

std::optional<DigestKey> ChainWalk::newest_unseen() {
  while (!chain_.keys.empty() && seen_.contains(chain_.keys.back().key)) chain_.keys.pop_back();
  return chain_.keys.empty() ? std::nullopt : std::optional(chain_.keys.back());
}

std::optional<DigestKey> ChainWalk::older_unseen(Timestamp before) const {
  auto at = std::ranges::lower_bound(chain_.keys, before, {}, order);
  while (at != chain_.keys.begin()) {
    --at;
    if (!seen_.contains(at->key)) return *at;
  }
  return std::nullopt;
}

}  // namespace trailsift::indexer
