#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"
#include "server/documents_batch.h"
#include "server/http.h"
#include "server/refusal.h"
#include "store/store.h"

namespace trailsift::server {

constexpr std::size_t kMaxBulkItems = 100'000;
constexpr std::size_t kMaxBulkLineBytes = 2UL << 20;

/// One operation of a bulk request of Elasticsearch, and what becomes of it.
struct BulkItem {
  std::string action = "index";  ///< index, create, delete or update.
  std::string index;             ///< As the request calls it.
  std::string id;
  std::string record;          ///< Of an event to be added.
  std::optional<Error> error;  ///< Why nothing is done of it.
  int status = 0;
  std::string_view result;  ///< created, updated, noop, deleted or not_found.
};

/// A bulk request.
struct BulkCall {
  std::vector<BulkItem> items;  ///< In the order of the request.
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
};

/// Reads the lines of a request: an action each, with a source behind it for all but deletes. A
/// source is a record of CloudTrail, or a document of fields, by any of their names, nested or with
/// dots. A line that is no good is the error of its item, and the others are read. `index`: that of
/// the URL. Refused as a whole: no line at all, and more than the limit above.
Checked<BulkCall> parse_bulk(std::string_view body, std::string_view index);

/// Says what becomes of each item, by what is there, and what is to be done for all of them. An
/// event that is there stays as it is, unless an item before deletes it; of several that are new
/// under one id the last is taken.
DocumentChanges plan_bulk(BulkCall& call, const store::Snapshot& snapshot);

/// The answer, once it is done.
HttpResponse bulk_answer(const BulkCall& call);

}  // namespace trailsift::server
