#pragma once

#include "query/deadline.h"
#include "query/docset.h"
#include "query/tree.h"
#include "schema/error.h"
#include "store/segment.h"

namespace trailsift::query {

/// The documents of one segment that answer the query in a time range: matches() is true. Records
/// are read only where the index leaves a doubt that matters for the whole query. Any thread.
Result<DocSet> evaluate(const Tree& tree, const store::Segment& segment, const InTime& time = {},
                        const Deadline& deadline = Deadline());

/// The documents of `within`, deleted ones left out, that answer the query.
Result<DocSet> evaluate_within(const Tree& tree, const store::Segment& segment,
                               const DocSet& within, const Deadline& deadline);

/// A time range that holds everything the tree can match: for leaving out whole segments.
InTime covering_time(const Tree& tree);

/// What lies in both.
InTime intersection(const InTime& a, const InTime& b);

}  // namespace trailsift::query
