#include <chrono>
#include <string>
#include <utility>

#include "query/find_hits.h"
#include "query/statistics.h"
#include "schema/time.h"
#include "server/api_answer.h"
#include "server/api_members.h"
#include "server/json_out.h"
#include "server/query_call.h"
#include "server/query_limits.h"
#include "server/routes.h"

namespace trailsift::server {
namespace {

using query::StatisticsRequest;
using query::StatisticsResult;

StatisticsRequest::Order order_of(const std::string* sort) {
  using Order = StatisticsRequest::Order;
  if (sort == nullptr || *sort == "count") return Order::by_count;
  if (*sort == "rare") return Order::rarest;
  if (*sort == "last_seen") return Order::last_seen;
  return *sort == "first_seen" ? Order::first_seen : Order::by_time;
}

Checked<StatisticsRequest> read_statistics(const CheckedMembers& members) {
  StatisticsRequest request;
  // After each member, so that a mistake is that member's.
  const auto check = [&](const char* member) -> Checked<void> {
    if (auto checked = query::check_statistics(request); !checked) {
      return refuse(checked.error(), member);
    }
    return {};
  };
  if (const auto* names = members.items("by")) {
    for (const RelaxedJson& item : *names) {
      const auto field = find_column(item.text, "by");
      if (!field) return tl::unexpected(field.error());
      request.by.push_back(*field);
    }
  }
  if (auto ok = check("by"); !ok) return tl::unexpected(ok.error());
  if (const std::string* name = members.text("distinct")) {
    const auto field = find_column(*name, "distinct");
    if (!field) return tl::unexpected(field.error());
    request.distinct = *field;
  }
  if (auto ok = check("distinct"); !ok) return tl::unexpected(ok.error());
  if (const std::string* text = members.text("interval")) {
    const auto interval = read_interval(*text, "interval");
    if (!interval) return tl::unexpected(interval.error());
    if (!*interval) {
      return refuse(ErrorCode::bad_request,
                    "expected the width of a bucket, such as 1h, got 'auto'", "interval");
    }
    request.interval = *interval;
  }
  request.order = order_of(members.text("sort"));
  request.size = static_cast<std::uint32_t>(members.number("size", 100));
  if (auto ok = check("interval"); !ok) return tl::unexpected(ok.error());
  return request;
}

void write_group(JsonOut& out, const StatisticsRequest& request, const CheckedMembers& members,
                 const StatisticsResult::Group& group) {
  out.begin_object();
  out.key("by");
  out.begin_object();
  for (std::size_t i = 0; i < group.values.size(); ++i) {
    if (group.values[i]) out.member((*members.items("by"))[i].text, *group.values[i]);
  }
  out.end_object();
  if (group.bucket) out.member("time", format_time(*group.bucket));
  out.member("count", group.count);
  if (request.distinct) out.member("distinct", group.distinct);
  out.member("first_seen", format_time(group.first_seen));
  out.member("last_seen", format_time(group.last_seen));
  out.end_object();
}

}  // namespace

Checked<HttpResponse> count_events(Context& context, const Call& call) {
  const auto began = std::chrono::steady_clock::now();
  const auto asked = read_asked(context, call, stats_members());
  if (!asked) return tl::unexpected(asked.error());
  const auto request = read_statistics(asked->members);
  if (!request) return tl::unexpected(request.error());
  const auto snapshot = context.reader.snapshot();
  if (!snapshot) return refuse(snapshot.error());
  const query::Deadline deadline(limits_of(context, call, asked->query.timeout));
  const query::Help help{&context.pool};
  const auto hits =
      query::find_hits(**snapshot, whole_tree(asked->query), asked->query.time, help, deadline);
  if (!hits) return refuse(hits.error());
  const auto result = query::count_groups(*request, *hits, help, deadline);
  if (!result) return refuse(result.error());
  JsonOut out;
  out.begin_object();
  out.member("total", query::count_of(*hits));
  out.member("group_count", result->group_count);
  out.key("groups");
  out.begin_array();
  for (const auto& group : result->groups) write_group(out, *request, asked->members, group);
  out.end_array();
  write_took(out, began);
  out.end_object();
  return json_answer(out.text());
}

}  // namespace trailsift::server
