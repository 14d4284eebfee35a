#pragma once

#include "cli/command.h"
#include "cli/search_options.h"
#include "store/store.h"

namespace trailsift::cli {

/// trailsift search: asks the index and writes the answer in one of four formats.
const Command& search_command();

/// Answers `options.request` over `snapshot`, page by page when more is wanted than one page may
/// hold, and writes it to `out`.
Result<void> write_search(const store::Snapshot& snapshot, SearchOptions options,
                          std::ostream& out);

}  // namespace trailsift::cli
