#pragma once

#include "cli/command.h"
#include "cli/search_options.h"
#include "cli/searcher.h"

namespace trailsift::cli {

/// trailsift search: asks the index and writes the answer in one of four formats.
const Command& search_command();

/// Asks what `options` say, page by page when more is wanted than one page may hold, and writes the
/// answer to `out`.
Answered<void> write_search(Searcher& searcher, SearchOptions options, std::ostream& out);

}  // namespace trailsift::cli
