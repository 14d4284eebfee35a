#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "schema/time.h"

namespace trailsift::indexer {

/// Where a delivery stands. The numbers are on disk.
enum class DeliveryState : std::uint8_t {
  received = 0,  ///< It has come; what became of it is not known yet.
  indexed = 1,   ///< Read to its end: its events are in the store, or were there before.
  skipped = 2,   ///< Acknowledged, with nothing in it to index: no log.
  failed = 3,    ///< Could not be had or read this time; `error` says why. Worth another attempt.
  quarantined = 4,  ///< Nothing of it is an event; reason and bytes are on the quarantine list.
};
constexpr std::size_t kDeliveryStates = 5;

/// The state's name in options, JSON and metrics, such as "indexed".
std::string_view name(DeliveryState state);
std::optional<DeliveryState> delivery_state_named(std::string_view wanted);

/// What was done with the records of a delivery: read = indexed + duplicates + filtered + rejected,
/// always. A delivery that could not be read at all counts as one rejection.
struct DeliveryCounts {
  std::uint64_t read = 0;
  std::uint64_t indexed = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t filtered = 0;
  std::uint64_t rejected = 0;
  std::uint64_t bytes = 0;  ///< As delivered (compressed).

  DeliveryCounts& operator+=(const DeliveryCounts& other);
  friend bool operator==(const DeliveryCounts&, const DeliveryCounts&) = default;
};

/// What tells deliveries apart.
struct DeliveryName {
  std::string source;  ///< How it came: "directory", "s3", "sqs:NAME", "push".
  std::string object;  ///< What came: a file's path, "s3://BUCKET/KEY", a message's id.
  std::string etag;    ///< Which version of the object; may be empty.

  friend bool operator==(const DeliveryName&, const DeliveryName&) = default;
};

/// What became of one attempt at one delivery.
struct DeliveryOutcome : DeliveryName {
  Timestamp received;
  std::optional<Timestamp> finished;  ///< Unset while the state is `received`.
  DeliveryState state = DeliveryState::received;
  DeliveryCounts counts;
  std::optional<Timestamp> newest;  ///< Newest `event_time` among its events.
  std::string error;
};

/// A delivery as the ledger knows it, after all attempts.
struct Delivery : DeliveryOutcome {
  std::int64_t id = 0;
  std::uint64_t attempts = 0;
};

/// Sums over deliveries.
struct DeliverySums {
  std::uint64_t deliveries = 0;
  std::uint64_t attempts = 0;
  DeliveryCounts counts;

  DeliverySums& operator+=(const DeliverySums& other);
  friend bool operator==(const DeliverySums&, const DeliverySums&) = default;
};

/// What the ledger holds in all.
struct LedgerSums {
  std::array<DeliverySums, kDeliveryStates> by_state;  ///< Of the rows that are there.
  DeliverySums pruned;                                 ///< Of the rows that retention took away.

  DeliverySums present() const;
  /// Never shrinks, so its figures are counters.
  DeliverySums ever() const;
};

}  // namespace trailsift::indexer
