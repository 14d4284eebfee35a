#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "indexer/record_reader.h"
#include "schema/error.h"
#include "schema/flatten.h"
#include "schema/time.h"

namespace trailsift::indexer {

/// One thing that was read and not indexed: a record, or what could not be read of a file.
struct QuarantineEntry {
  Timestamp seen;
  std::string source;        ///< The blob's name.
  std::uint64_t offset = 0;  ///< Where in the (inflated) file.
  Reject reason = Reject::invalid_json;
  std::string detail;
  std::string excerpt;  ///< The first bytes of it, at most kMaxExcerptBytes.
};

constexpr std::uint64_t kMaxQuarantineEntries = 100'000;
constexpr std::uint64_t kMaxQuarantineBytes = 256ULL << 20;

/// The list of what was rejected, in `quarantine.ndjson` of the data directory. An entry that is
/// on the list already (same source, offset and reason) is not listed twice; beyond
/// kMaxQuarantineEntries or kMaxQuarantineBytes nothing is added (the account still counts it).
/// One thread.
class Quarantine {
 public:
  static Result<std::unique_ptr<Quarantine>> open(const std::filesystem::path& data_directory);
  virtual ~Quarantine() = default;

  virtual Result<void> add(const QuarantineEntry& entry) = 0;
  /// Makes what was added durable.
  virtual Result<void> flush() = 0;
};

/// Calls `visit` for every entry, oldest first, until it returns false. A line that a crash cut
/// short is passed over. No list yet means no entries. `data_directory` must exist.
Result<void> for_each_quarantined(const std::filesystem::path& data_directory,
                                  const std::function<bool(const QuarantineEntry&)>& visit);

}  // namespace trailsift::indexer
