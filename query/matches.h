#pragma once

#include "query/tree.h"
#include "schema/event.h"

namespace trailsift::query {

/// Whether one event answers the query, by looking at the event alone. The oracle of the tests and
/// the verifier of what an index lookup could only suspect.
bool matches(const Tree& tree, const Event& event);

}  // namespace trailsift::query
