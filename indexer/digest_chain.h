#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "indexer/digest_check.h"

namespace trailsift::indexer {

/// Takes what a walk finds: each digest, newest first, and the gaps between them.
class DigestVisitor {
 public:
  virtual ~DigestVisitor() = default;
  virtual void on_digest(const DigestKey& key, const CheckedDigest& checked) = 0;
  virtual void on_gap(const DigestGap& gap) = 0;
};

/// The digests of one trail in one account and region, backfill apart from the others.
struct DigestChain {
  std::string bucket;           ///< Empty: whichever bucket the digests name.
  std::vector<DigestKey> keys;  ///< What the bucket holds in the range asked for; any order.
  /// The digest after the newest of `keys`, which may hold its signature.
  std::optional<DigestKey> next;
  std::optional<Timestamp> from;  ///< Digests of earlier hours are of no interest.
};

/// Follows a chain from its newest digest to older ones as `aws cloudtrail validate-logs` does: to
/// the digest that the last one names, or, when that is missing or invalid or none is named, to the
/// next older one in the bucket. Digests that were passed by are looked at afterwards.
class ChainWalk {
 public:
  /// Borrows the checker and the visitor.
  ChainWalk(DigestChain chain, DigestChecker& checker, DigestVisitor& visitor);

  /// The error is the checker's. `stop` is asked before each digest.
  Result<void> run(const std::function<bool()>& stop);

 private:
  struct Step {
    std::string bucket;
    DigestKey key;
    std::optional<ExpectedDigest> expected;
  };

  Result<std::optional<Step>> look_at(const Step& step);
  std::optional<Step> after_invalid(const Step& step, const CheckedDigest& checked);
  std::optional<Step> after_sound(const Step& step, const CheckedDigest& checked);
  std::optional<DigestKey> newest_unseen();
  std::optional<DigestKey> older_unseen(Timestamp before) const;
  void tell_hole(const DigestKey& missing, const std::optional<DigestKey>& next);

  DigestChain chain_;
  DigestChecker& checker_;
  DigestVisitor& visitor_;
  std::set<std::string, std::less<>> seen_;
  Timestamp last_start_{};
  bool aside_ = false;  // On digests that the chain passed by.
  bool head_ = false;   // On the first digest of a walk.
};

}  // namespace trailsift::indexer
