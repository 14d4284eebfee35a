#pragma once

#include <functional>
#include <string_view>

#include "query/docset.h"
#include "query/segment_access.h"
#include "schema/error.h"
#include "schema/field.h"

namespace trailsift::query {

/// Whether a text is one that is looked for.
using TextTest = std::function<bool(std::string_view text)>;

/// Which of the `open` documents have a leaf in the subtree whose value passes the test, as far as
/// the segment's dictionaries tell: each distinct value is tested once. That pays when many
/// documents are open; when few are, all stay possible, as their records are quicker to read.
Result<Bounds> decide_by_leaves(const Field& subtree, const TextTest& test, const DocSet& open,
                                SegmentAccess& access);

}  // namespace trailsift::query
