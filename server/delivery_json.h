#pragma once

#include "indexer/delivery.h"
#include "indexer/ledger.h"
#include "server/json_out.h"

namespace trailsift::server {

/// The JSON of deliveries, as GET /api/deliveries answers: {"total":…, "deliveries":[…],
/// "totals":{…}, "cursor":"…"}, the cursor only where a page follows.
void write_deliveries(JsonOut& out, const indexer::DeliveryPage& page);

/// Members of an object: attempts, read, indexed, duplicates, filtered, rejected, bytes.
void write_sums(JsonOut& out, const indexer::DeliverySums& sums);

}  // namespace trailsift::server
