#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "query/deadline.h"
#include "query/search.h"
#include "server/routes.h"

namespace trailsift::server {

/// The body of a request whose members come as JSON; empty for a GET, a DELETE or a form.
std::string_view json_body(const Call& call);

/// What stops a query: its time (`timeout`, but never more than the server allows), the going of
/// its client, too many that take long.
query::Deadline::Options limits_of(const Context& context, const Call& call,
                                   std::optional<std::chrono::milliseconds> timeout);

/// The same, and the threads that may help.
void limit(Context& context, const Call& call, std::optional<std::chrono::milliseconds> timeout,
           query::SearchRequest& request);

/// The error of a partial answer of which a part needs another search, over what was not searched.
Error only_of_all(std::string_view what);

/// Whose fault an error of a search is, where the request was checked before.
std::string parameter_of(const Error& error);

}  // namespace trailsift::server
