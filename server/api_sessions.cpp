#include <chrono>
#include <string>

#include "query/session.h"
#include "schema/time.h"
#include "server/api_answer.h"
#include "server/api_members.h"
#include "server/json_out.h"
#include "server/query_limits.h"
#include "server/routes.h"
#include "server/session_answer.h"

namespace trailsift::server {
namespace {

Checked<query::SessionQuestion> read_question(const Call& call, const CheckedMembers& members,
                                              Timestamp now) {
  query::SessionQuestion question{call.path_argument, {}};
  if (const std::string* created = members.text("created")) {
    const auto time = parse_time_bound(*created, now);
    if (!time) return refuse(time.error(), "created");
    question.created = *time;
  }
  return question;
}

}  // namespace

Checked<HttpResponse> get_session(Context& context, const Call& call) {
  const auto began = std::chrono::steady_clock::now();
  const auto members = read_members(session_members(), call.parameters, {});
  if (!members) return tl::unexpected(members.error());
  const auto question = read_question(call, *members, context.now());
  if (!question) return tl::unexpected(question.error());
  const auto columns = read_hit_columns(*members);
  if (!columns) return tl::unexpected(columns.error());
  const auto snapshot = context.reader.snapshot();
  if (!snapshot) return refuse(snapshot.error());
  const query::SessionLimits limits{{&context.pool}, limits_of(context, call, {})};
  const auto trace = query::trace_session(**snapshot, *question, limits);
  if (!trace) return refuse(trace.error());
  query::SessionPage page;
  page.size = static_cast<std::uint32_t>(members->number("size", page.size));
  page.parts = parts_for(*columns);
  if (const std::string* cursor = members->text("cursor")) page.cursor = *cursor;
  const auto timeline = query::session_timeline(**snapshot, *trace, page, limits);
  if (!timeline) return refuse(timeline.error(), parameter_of(timeline.error()));
  JsonOut out;
  out.begin_object();
  if (const auto written = write_session(out, *trace, *timeline, *columns); !written) {
    return refuse(written.error());
  }
  write_took(out, began);
  out.end_object();
  return json_answer(out.text());
}

}  // namespace trailsift::server
