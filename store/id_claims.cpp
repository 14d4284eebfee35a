#include "store/id_claims.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace trailsift::store {

struct IdClaims::Commit {
  enum class Outcome : std::uint8_t { open, done, failed };
  std::unordered_set<std::string_view> ids;
  Outcome outcome = Outcome::open;
};

Result<std::unique_ptr<IdClaims::Claim>> IdClaims::claim(std::span<const std::string_view> ids,
                                                         std::vector<char>& kept,
                                                         const DropKnown& drop_known) {
  assert(kept.size() == ids.size());
  auto commit = std::make_shared<Commit>();
  commit->ids.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!commit->ids.insert(ids[i]).second) kept[i] = 0;
  }
  const std::scoped_lock lock(mutex_);
  if (auto done = drop_known(kept); !done) return tl::unexpected(done.error());
  std::vector<std::shared_ptr<Commit>> others;
  for (const auto& other : under_way_) {
    bool shared = false;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (kept[i] == 0 || !other->ids.contains(ids[i])) continue;
      kept[i] = 0;
      shared = true;
      commit->ids.erase(ids[i]);
    }
    if (shared) others.push_back(other);
  }
  under_way_.push_back(commit);
  return std::make_unique<Claim>(*this, std::move(commit), std::move(others));
}

IdClaims::Claim::Claim(IdClaims& claims, std::shared_ptr<Commit> commit,
                       std::vector<std::shared_ptr<Commit>> others)
    : claims_(claims), commit_(std::move(commit)), others_(std::move(others)) {}

IdClaims::Claim::~Claim() {
  const std::scoped_lock lock(claims_.mutex_);
  if (commit_->outcome == Commit::Outcome::open) commit_->outcome = Commit::Outcome::failed;
  std::erase(claims_.under_way_, commit_);
  commit_->ids.clear();
  claims_.ended_.notify_all();
}

Result<void> IdClaims::Claim::await_others() {
  std::unique_lock lock(claims_.mutex_);
  const auto is_over = [](const auto& other) { return other->outcome != Commit::Outcome::open; };
  claims_.ended_.wait(lock, [&] { return std::ranges::all_of(others_, is_over); });
  const bool failed = std::ranges::any_of(
      others_, [](const auto& other) { return other->outcome == Commit::Outcome::failed; });
  if (!failed) return {};
  return fail(ErrorCode::unavailable,
              "another commit that had some of the same events failed; try again");
}

void IdClaims::Claim::succeed() {
  const std::scoped_lock lock(claims_.mutex_);
  commit_->outcome = Commit::Outcome::done;
}

}  // namespace trailsift::store
