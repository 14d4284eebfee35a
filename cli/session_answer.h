#pragma once

#include <string_view>

#include "cli/searcher.h"

namespace trailsift::cli {

/// What GET /api/sessions/{id} answered. Nothing is believed: see Members.
Result<ToldSession> read_session_answer(std::string_view json);

}  // namespace trailsift::cli
