#pragma once

#include "schema/event.h"

namespace trailsift {

/// Adds the derived fields (actor, actor_type, session_name, event_outcome) to an event whose
/// record has been flattened. docs/queries.md tells their rules to users.
void derive_fields(Event& event);

}  // namespace trailsift
