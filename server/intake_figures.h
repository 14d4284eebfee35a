#pragma once

#include <cstdint>
#include <filesystem>

#include "indexer/delivery.h"
#include "schema/error.h"

namespace trailsift::server {

/// What the ledger and the quarantine list have in figures; an error where one cannot be read.
struct Intake {
  Result<indexer::LedgerSums> deliveries;
  Result<std::uint64_t> quarantined;  ///< Entries.
};

/// Reads both. A data directory that is missing has nothing of either.
Intake read_intake(const std::filesystem::path& data_directory);

}  // namespace trailsift::server
