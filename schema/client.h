#pragma once

#include <string_view>

namespace trailsift {

/// What kind of program made a call, as its user agent tells: console, browser, cli, sdk, iac
/// (infrastructure as code), service or other; empty without a user agent. Callers choose their
/// user agent freely. `by_console`: another part of the record tells of the console.
std::string_view client_of(std::string_view user_agent, bool by_console);

}  // namespace trailsift
