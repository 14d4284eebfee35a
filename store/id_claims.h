#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "schema/error.h"

namespace trailsift::store {

/// The event ids of the commits that are under way: an id that comes to several of them at the same
/// time is indexed by one, and the others wait for it. Any thread.
class IdClaims {
 public:
  struct Commit;  ///< One commit and what became of it.

  /// The claim of one commit; it ends with it.
  class Claim {
   public:
    Claim(IdClaims& claims, std::shared_ptr<Commit> commit,
          std::vector<std::shared_ptr<Commit>> others);
    ~Claim();
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;

    /// Waits until the commits that have ids of this one are over; an error when one has failed,
    /// as then these ids are nowhere.
    Result<void> await_others();
    /// The ids are in the store.
    void succeed();

   private:
    IdClaims& claims_;
    const std::shared_ptr<Commit> commit_;
    const std::vector<std::shared_ptr<Commit>> others_;
  };

  /// Claims the ids that are new: `kept` has an entry for each of `ids` and becomes 0 where the id
  /// comes twice, is in the store, or is another commit's. `drop_known` makes it 0 for the ids that
  /// the store has; no commit ends while it runs. `ids` must outlive the claim.
  using DropKnown = std::function<Result<void>(std::vector<char>& kept)>;
  Result<std::unique_ptr<Claim>> claim(std::span<const std::string_view> ids,
                                       std::vector<char>& kept, const DropKnown& drop_known);

 private:
  std::mutex mutex_;  // Guards everything below, and what is in the commits.
  std::condition_variable ended_;
  std::vector<std::shared_ptr<Commit>> under_way_;
};

}  // namespace trailsift::store
