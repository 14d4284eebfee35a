#pragma once

#include <optional>
#include <string>

#include "query/tree.h"

namespace trailsift::query {

/// The tree in the everyday language, whatever it was read from: a text that parses to a tree with
/// the same answers. nullopt: the language has no words for it, such as `near` or a pattern for a
/// single character.
std::optional<std::string> to_kql(const Tree& tree);

}  // namespace trailsift::query
