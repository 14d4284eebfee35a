#pragma once

#include "query/tree.h"

namespace trailsift::query {

/// An equal tree that is cheaper to answer: groups of one kind are not nested, Everything and
/// Nothing stand alone or not at all, no double Not, no group of one, at most one InTime in an
/// AllOf, no condition that can be seen to be empty.
Tree simplify(Tree tree);

}  // namespace trailsift::query
