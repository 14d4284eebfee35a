#pragma once

#include <filesystem>
#include <functional>

#include "indexer/quarantine.h"
#include "schema/error.h"

namespace trailsift::indexer {

/// The quarantine list of the previous format, `quarantine.ndjson`: one object a line, no bytes.
constexpr const char* kNdjsonFile = "quarantine.ndjson";

/// Calls `visit` for every entry, oldest first, until it returns false. A line that a crash cut
/// short, or that is of another make, is passed over. No file means no entries.
Result<void> for_each_in_ndjson(const std::filesystem::path& path,
                                const std::function<bool(const QuarantineEntry&)>& visit);

}  // namespace trailsift::indexer
