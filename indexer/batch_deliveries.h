#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/blob_reader.h"
#include "indexer/delivery.h"
#include "indexer/source.h"
#include "store/event_batch.h"

namespace trailsift::indexer {

/// What became of deliveries, and who wants to know: entry by entry, nullptr for nobody.
struct Settlement {
  std::vector<DeliveryOutcome> outcomes;
  std::vector<std::shared_ptr<Receipt>> receipts;
};

/// Keeps count of the deliveries whose events stand in one batch: only the commit tells which of
/// them are duplicates. A delivery may reach over several batches. One thread.
class BatchDeliveries {
 public:
  /// The stretches that follow are of this delivery, of which `source`, `object`, `etag` and
  /// `received` are set. The one before has ended.
  void begin(DeliveryOutcome delivery, std::shared_ptr<Receipt> receipt = nullptr);
  /// Takes note of a stretch whose events are the last ones of `batch`.
  void add(const BlobAccount& account, const store::EventBatch& batch);
  /// The delivery that began last was left before its end. It failed, if anything came of it.
  void abandon(std::string_view why);

  /// None is open, and none waits to be settled.
  bool empty() const { return open_.empty(); }
  /// How many have ended.
  std::size_t ended() const { return ended_; }
  /// Bring the counts of all deliveries up to what a commit kept of the batch, which is empty from
  /// here on; gives those that have ended.
  Settlement settle(std::span<const char> kept, Timestamp now);

 private:
  struct Open {
    DeliveryOutcome outcome;
    std::shared_ptr<Receipt> receipt;
    std::size_t begin = 0;  ///< Of its events in the batch.
    std::size_t end = 0;
    bool ended = false;
  };
  void end(Open& open);

  std::vector<Open> open_;  // Only the last one may not have ended.
  std::size_t ended_ = 0;
};

}  // namespace trailsift::indexer
