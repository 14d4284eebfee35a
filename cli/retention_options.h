#pragma once

#include "cli/command.h"
#include "indexer/ledger.h"

namespace trailsift::cli {

inline constexpr Option kDeliveriesDaysOption{"--deliveries-days", "DAYS", "90", Arity::optional,
                                              "days that the ledger keeps a delivery"};
inline constexpr Option kDeliveriesRowsOption{"--deliveries-rows", "N", "1000000", Arity::optional,
                                              "deliveries that the ledger keeps"};

/// What the two options say.
Result<indexer::LedgerOptions> read_retention_options(const Arguments& arguments);

}  // namespace trailsift::cli
