#pragma once

#include "indexer/envelope.h"
#include "indexer/intake.h"
#include "schema/error.h"

namespace trailsift::indexer {

/// Whether an object that a message announces may be fetched, by its bucket and its account;
/// otherwise a bad_request error that names it. `fetches`: whether any are.
Result<void> check_allowed(const ObjectRef& object, bool fetches, const IntakeOptions& options);

}  // namespace trailsift::indexer
