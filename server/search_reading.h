#pragma once

#include <string>
#include <string_view>

#include "server/search_call.h"

namespace trailsift::server {

/// A request on its way to a SearchCall. Each step reads some parameters.
struct Reading {
  const Parameters& parameters;
  Timestamp now;
  SearchCall call;
};

using Step = Checked<void> (*)(Reading&);

/// q, q.parser, q.options and fq (search_query.cpp).
Checked<void> read_query(Reading& reading);

/// sort, return, facet and facet.FIELD (search_fields.cpp).
Checked<void> read_sort(Reading& reading);
Checked<void> read_returned(Reading& reading);
Checked<void> read_facets(Reading& reading);

/// "expected WANTED for parameter 'PARAMETER', got 'VALUE'".
tl::unexpected<Refusal> bad_value(const std::string& parameter, std::string_view wanted,
                                  const std::string& value);

}  // namespace trailsift::server
