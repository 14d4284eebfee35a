// A bulk request may be anything: each of its items ends with a status, records are records, and
// what is answered is JSON.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include <rapidjson/document.h>

#include "schema/flatten.h"
#include "server/elastic_bulk.h"

namespace {

using namespace trailsift;

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "expected %s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto call = server::parse_bulk({reinterpret_cast<const char*>(data), size}, "events");
  if (!call) return 0;
  const auto changes = server::plan_bulk(*call, store::Snapshot{});
  for (const auto& item : call->items) {
    require(item.status >= 200 && item.status < 500, "a status");
    require(item.error || item.action == "delete" || flatten(item.record), "a record");
  }
  const std::set<std::string> added(changes.added.begin(), changes.added.end());
  require(added.size() == changes.added.size(), "each id once");
  rapidjson::Document file, answer;
  file.Parse<rapidjson::kParseIterativeFlag>(changes.log_file.c_str());
  require(!file.HasParseError() && file["Records"].Size() == added.size(), "a file of the records");
  answer.Parse<rapidjson::kParseIterativeFlag>(server::bulk_answer(*call).body.c_str());
  require(!answer.HasParseError() && answer["items"].Size() == call->items.size(), "an answer");
  return 0;
}
