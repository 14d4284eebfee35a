#pragma once

#include <string_view>

#include "schema/event.h"

namespace trailsift {

/// Adds the derived fields (actor, actor_type, session_name, client, event_outcome) to an event
/// whose record has been flattened. Looks at its values, and at leaves that have no field.
/// docs/queries.md tells their rules to users.
void derive_fields(Event& event);

/// Whether derive_fields() looks at the leaf at `path`, or at the field that is taken from it.
bool derives_from(std::string_view path);

}  // namespace trailsift
