#pragma once

#include <string_view>

#include "query/tree.h"

namespace trailsift::query {

/// Whether one text, the value of a leaf or a field, has the words. Their field is not looked at.
bool holds(std::string_view text, const Phrase& phrase);
bool holds(std::string_view text, const Near& near);

}  // namespace trailsift::query
