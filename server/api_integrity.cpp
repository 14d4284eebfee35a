#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "indexer/integrity_table.h"
#include "schema/time.h"
#include "server/api_answer.h"
#include "server/api_members.h"
#include "server/json_out.h"
#include "server/routes.h"

namespace trailsift::server {
namespace {

using indexer::Integrity;
using indexer::IntegrityTable;

constexpr std::array kStates = {Integrity::verified, Integrity::unverified, Integrity::missing,
                                Integrity::tampered};

/// How many files have each state.
std::array<std::uint64_t, kStates.size()> count_states(const IntegrityTable& table) {
  std::array<std::uint64_t, kStates.size()> counts{};
  for (const auto& [file, state] : table) ++counts.at(static_cast<std::size_t>(state));
  return counts;
}

/// The files behind `cursor`, up to `limit`, and where the next page begins.
void write_files(JsonOut& out, const IntegrityTable& table, std::optional<Integrity> state,
                 const std::string& cursor, std::uint64_t limit) {
  out.key("list");
  out.begin_array();
  std::string last;
  auto at = cursor.empty() ? table.begin() : table.upper_bound(cursor);
  for (; at != table.end() && limit > 0; ++at) {
    if (state && at->second != *state) continue;
    out.begin_object();
    out.member("log_file", at->first);
    out.member("integrity", name(at->second));
    out.end_object();
    last = at->first;
    --limit;
  }
  out.end_array();
  const auto is_wanted = [&](const auto& row) { return !state || row.second == *state; };
  if (std::any_of(at, table.end(), is_wanted)) out.member("cursor", last);
}

}  // namespace

Checked<HttpResponse> get_integrity(Context& context, const Call& call) {
  const auto members = read_members(integrity_members(), call.parameters, {});
  if (!members) return tl::unexpected(members.error());
  const auto table = indexer::load_integrity(context.data);
  if (!table) return refuse(table.error());
  const auto counts = count_states(*table);
  const std::string* const name_of_state = members->text("state");
  const auto state =
      name_of_state != nullptr ? indexer::integrity_named(*name_of_state) : std::nullopt;
  JsonOut out;
  out.begin_object();
  if (const auto written = indexer::integrity_written(context.data)) {
    out.member("verified_at", format_time(*written));
  }
  out.key("files");
  out.begin_object();
  for (const Integrity one : kStates) {
    out.member(name(one), counts.at(static_cast<std::size_t>(one)));
  }
  out.end_object();
  const std::string* const cursor = members->text("cursor");
  write_files(out, *table, state, cursor != nullptr ? *cursor : std::string(),
              members->number("limit", 100));
  out.end_object();
  return json_answer(out.text());
}

}  // namespace trailsift::server
