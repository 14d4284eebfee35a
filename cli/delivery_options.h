#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::cli {

inline constexpr Option kAccountsOption{"--accounts", "IDS", "", Arity::repeated,
                                        "only of these accounts, by commas"};
inline constexpr Option kRegionsOption{"--regions", "NAMES", "", Arity::repeated,
                                       "only of these regions, by commas"};

/// The parts between the commas of everything given for a repeated argument.
std::set<std::string, std::less<>> comma_parts(const Arguments& arguments, std::string_view name);

/// The time that was given for a bound, if one was; a bad_request that names the argument.
Result<std::optional<Timestamp>> time_bound(const Arguments& arguments, std::string_view name,
                                            Timestamp now);

}  // namespace trailsift::cli
