#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/s3.h"
#include "indexer/delivery_choice.h"
#include "indexer/fetched_object.h"
#include "indexer/ledger.h"
#include "indexer/s3_listing.h"
#include "indexer/source.h"
#include "schema/error.h"

namespace trailsift::indexer {

struct S3SourceOptions {
  DeliveryChoice choice;
  std::size_t fetchers = 32;                    ///< Objects that are fetched at a time.
  std::size_t max_listed = 20'000;              ///< Names listed ahead of the fetching.
  std::uint64_t max_memory = 256ULL << 20;      ///< Of objects that are held in memory.
  std::uint64_t max_spool_bytes = 16ULL << 30;  ///< Of objects that are held in the spool.
  std::uint32_t most_denied = 100;  ///< So many denied objects, and none before them, end it.
  FetchLimits fetch_limits;
  /// What is settled there as a delivery of `ledger_source` is not fetched; nullptr: everything is.
  Ledger* ledger = nullptr;
  std::string ledger_source = "s3";
};

/// What is known so far.
struct S3SourceFigures {
  std::uint64_t listed = 0;     ///< Wanted objects.
  std::uint64_t settled = 0;    ///< Of these, passed over as settled.
  std::uint64_t unfetched = 0;  ///< Objects that could not be fetched: blobs that do not open.
  std::optional<Error> first_unfetched;
  /// Why there are no more files though there may be more objects.
  std::optional<Error> failure;
  /// Why the ledger does not tell what is settled; it was not asked again.
  std::optional<Error> unsettled;
};

/// Delivered objects of buckets: blobs whose bytes are here, in the order in which they came.
/// Memory is bounded by the options, whatever the number of objects. total() waits until all are
/// listed, which is at most `max_listed` objects before the end.
class S3Source : public Source {
 public:
  virtual S3SourceFigures figures() const = 0;  ///< Any thread.
};

/// Lists the wanted objects of `places`, one after the other, and fetches them ahead of next(). Its
/// end interrupts it. Borrows `s3` and the ledger; must outlive its blobs.
std::unique_ptr<S3Source> s3_source(aws::S3& s3, std::vector<S3Place> places,
                                    S3SourceOptions options);

}  // namespace trailsift::indexer
