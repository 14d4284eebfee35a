#pragma once

#include <string>

#include "query/tree.h"
#include "schema/field.h"

namespace trailsift::query {

/// Questions about what a condition looks at.

/// nullptr: it is a leaf.
const Field* field_of(const Target& target);
bool is_event_time(const Target& target);
bool is_of_type(const Target& target, FieldType type);

/// Whether its values are compared as they are spelt: keywords, addresses, texts, and any leaf.
bool has_texts(const Target& target);

/// Canonical name or path, for people.
std::string name_of(const Target& target);

}  // namespace trailsift::query
