#pragma once

#include "cli/command.h"
#include "cli/console.h"
#include "query/join_files.h"

namespace trailsift::cli {

/// The row of every command that knows the names of accounts.
inline constexpr Option kAccountNamesOption{
    "--account-names", "FILE", "", Arity::optional,
    "csv with the names of accounts, accountId,accountName; without it account-names.csv in the "
    "data directory, if there"};

/// What is wrong with a file goes to console.err, made printable.
query::JoinOptions read_join_options(const Arguments& arguments, Console& console);

}  // namespace trailsift::cli
