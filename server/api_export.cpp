#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "query/find_hits.h"
#include "query/hit_walk.h"
#include "schema/time.h"
#include "server/api_answer.h"
#include "server/api_members.h"
#include "server/export_stream.h"
#include "server/gzip_stream.h"
#include "server/query_call.h"
#include "server/query_limits.h"
#include "server/routes.h"

namespace trailsift::server {
namespace {

/// A name for the file that a browser keeps: `trailsift-20210730T000000Z.csv`.
std::string file_name(Timestamp now, bool csv) {
  std::string time = format_time(std::chrono::floor<std::chrono::seconds>(now));
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  return "trailsift-" + time + (csv ? ".csv" : ".ndjson");
}

}  // namespace

// Nothing but the query is done before the first byte, so its errors still have a status.
Checked<HttpResponse> export_events(Context& context, const Call& call) {
  const auto asked = read_asked(context, call, export_members());
  if (!asked) return tl::unexpected(asked.error());
  auto columns = read_hit_columns(asked->members);
  if (!columns) return tl::unexpected(columns.error());
  const auto snapshot = context.reader.snapshot();
  if (!snapshot) return refuse(snapshot.error());
  const query::Deadline deadline(limits_of(context, call, asked->query.timeout));
  auto hits = query::find_hits(**snapshot, whole_tree(asked->query), asked->query.time,
                               {&context.pool}, deadline);
  if (!hits) return refuse(hits.error());
  const std::string* const format = asked->members.text("format");
  const bool csv = format != nullptr && *format == "csv";
  query::HitWalk walk(*snapshot, std::move(*hits));
  HttpResponse response{200, csv ? "text/csv; charset=utf-8" : "application/x-ndjson", {}, {}};
  response.stream = csv ? csv_stream(std::move(walk), std::move(*columns), call.request.gone)
                        : record_stream(std::move(walk), call.request.gone);
  response.headers.emplace_back("Content-Disposition",
                                "attachment; filename=\"" + file_name(context.now(), csv) + "\"");
  compress(response, call.request);
  return response;
}

}  // namespace trailsift::server
