#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "schema/error.h"
#include "schema/time.h"
#include "store/column.h"

namespace trailsift::store {

/// Encodes the event times of a segment, which descend: blocks of kTimeBlockDocs documents, each a
/// newest time and, per document, how much older it is.
std::vector<std::byte> encode_times(std::span<const Timestamp> times);

/// Reads what encode_times() wrote. Borrows its bytes. Any thread.
class TimeSection {
 public:
  /// Checks the structure, not the times themselves.
  static Result<TimeSection> open(std::span<const std::byte> bytes, std::uint32_t doc_count);

  Timestamp time(DocId doc) const;
  /// The documents whose time is in [from, to); nullopt means unbounded.
  DocRange in_time(std::optional<Timestamp> from, std::optional<Timestamp> to) const;
  /// For each moment, none later than the one before it, the first document that is older.
  std::vector<DocId> first_before(std::span<const Timestamp> moments) const;

 private:
  /// One row of the table that the section begins with.
  struct Block {
    std::int64_t newest_ms;
    std::int64_t oldest_ms;
    std::uint64_t deltas;   ///< Where they begin, from the section's beginning.
    std::uint32_t unit_ms;  ///< What one step of a delta is worth.
    std::uint32_t width;    ///< Bytes of a delta: 0 (all the same time), 1, 2, 4 or 8.
  };
  friend std::vector<std::byte> encode_times(std::span<const Timestamp> times);

  TimeSection(std::span<const std::byte> bytes, std::uint32_t doc_count)
      : bytes_(bytes), doc_count_(doc_count) {}
  Block block(std::size_t index) const;
  std::size_t block_count() const;
  Timestamp time(const Block& block, DocId doc) const;
  std::size_t block_with(Timestamp wanted) const;
  DocId first_before(Timestamp wanted, std::size_t block, DocId from = 0) const;

  std::span<const std::byte> bytes_;
  std::uint32_t doc_count_;
};

}  // namespace trailsift::store
