#pragma once

#include "server/http.h"
#include "server/refusal.h"

namespace trailsift::server {

/// Whether a request may change what the page keeps. Pages of other sites may not, whatever browser
/// they run in: their requests are refused by what browsers tell of them and, because the body must
/// be declared as JSON, asked about before they are sent, which nothing here allows.
Checked<void> check_page_change(const HttpRequest& request);

}  // namespace trailsift::server
