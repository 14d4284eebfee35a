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

/// The question whether a leaf in a subtree has a value that passes a test.
struct LeafTest {
  const Field& subtree;
  const TextTest& test;
  bool may_pass_event_time = true;  ///< False when no time passes the test.
};

/// Which of the `open` documents have such a leaf, as far as the segment's dictionaries tell: each
/// distinct value is tested once. That pays when many documents are open; when few are, all stay
/// possible, as their records are quicker to read.
Result<Bounds> decide_by_leaves(const LeafTest& question, const DocSet& open,
                                SegmentAccess& access);

}  // namespace trailsift::query
