#pragma once

#include <string_view>

#include "query/tree.h"

namespace trailsift::query {

/// Whether one text, the value of a leaf or a field, has the words. Their field is not looked at.
bool holds(std::string_view text, const Phrase& phrase);
bool holds(std::string_view text, const Near& near);
bool holds(std::string_view text, const Fuzzy& fuzzy);

/// Whether Fuzzy looks at the words of the target's texts, and not at whole values.
bool has_words(const Target& target);

/// Whether one value lies between the bounds.
bool lies_between(std::string_view value, const Between& between);

/// Whether a text is a number that bounds of a Between by number may have.
bool is_number(std::string_view text);

/// Whether one value is the one that is asked for.
bool is_equal(std::string_view value, const Equals& equals);

}  // namespace trailsift::query
