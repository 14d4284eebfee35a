#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "cli/command.h"
#include "cli/mistake.h"
#include "indexer/exclude_filter.h"
#include "query/join_files.h"

namespace trailsift::cli {

inline constexpr Option kExcludeOption{
    "--exclude", "QUERY", "", Arity::repeated,
    "leave out the events that match, counting them as filtered; any number of times"};
inline constexpr Option kExcludeDescribeOption{
    "--exclude-describe-events", "", "", Arity::optional,
    "leave out the events whose name begins with Describe"};

inline constexpr std::string_view kDescribeEvents = "(prefix field=event_name 'Describe')";

/// The filter for events that match one of the queries; null without any. `data`: the data
/// directory, for joined fields. A mistake in a query points into it.
tl::expected<std::shared_ptr<const indexer::ExcludeFilter>, Mistake> exclude_filter(
    const std::vector<std::string>& queries, const std::string& data, query::JoinOptions joins);

/// The filter that the two options ask for, or null.
tl::expected<std::shared_ptr<const indexer::ExcludeFilter>, Mistake> read_exclude_options(
    const Arguments& arguments, query::JoinOptions joins);

}  // namespace trailsift::cli
