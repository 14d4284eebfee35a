// Any bytes as a batch of documents, in JSON and in XML: nothing crashes, and a batch that is taken
// makes a file whose records are its events.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "schema/flatten.h"
#include "server/documents_batch.h"
#include "tests/fuzz/require.h"

namespace {

using namespace trailsift;

/// The ids of the records in a log file, in which nothing but records stands.
std::multiset<std::string> ids_in(std::string_view file) {
  constexpr std::string_view kHead = R"({"Records":[)";
  require(file.starts_with(kHead) && file.ends_with("]}"), "a log file");
  file.remove_prefix(kHead.size());
  std::multiset<std::string> ids;
  while (file != "]}") {
    if (!ids.empty()) file.remove_prefix(1);  // ","
    const auto record = parse_record(file);
    require(record.has_value(), "a record");
    ids.insert(record->event.id);
    file.remove_prefix(record->size);
    const std::size_t next = file.find_first_not_of(" \t\r\n");
    require(next != std::string_view::npos, "an end");
    file.remove_prefix(next);
  }
  return ids;
}

void check(const Result<server::DocumentBatch>& batch) {
  if (!batch) {
    require(
        batch.error().code == ErrorCode::bad_request || batch.error().code == ErrorCode::too_large,
        "an error of the batch");
    require(!batch.error().message.empty() && batch.error().message.size() < 10'000, "a message");
    return;
  }
  std::map<std::string, bool> removes;
  for (const auto& operation : batch->operations) removes[operation.id] = operation.remove;
  const auto changes = changes_of(*batch);
  if (!changes) return;
  std::multiset<std::string> added, removed;
  for (const auto& [id, remove] : removes) {
    if (!remove) added.insert(id);
  }
  std::set<std::string> any;
  for (const auto& operation : batch->operations) {
    if (operation.remove && any.insert(operation.id).second) removed.insert(operation.id);
  }
  require(ids_in(changes->log_file) == added, "each id that is added once");
  require(std::multiset<std::string>(changes->added.begin(), changes->added.end()) == added,
          "the ids that are added");
  require(std::multiset<std::string>(changes->removed.begin(), changes->removed.end()) == removed,
          "the ids that are removed");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(server::parse_json_batch(text));
  check(server::parse_xml_batch(text));
  return 0;
}
