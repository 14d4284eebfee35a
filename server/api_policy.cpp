#include <chrono>
#include <string_view>
#include <vector>

#include "query/access_policy.h"
#include "server/api_answer.h"
#include "server/api_members.h"
#include "server/json_out.h"
#include "server/query_limits.h"
#include "server/routes.h"

namespace trailsift::server {
namespace {

using query::AccessPolicy;

void write_texts(JsonOut& out, std::string_view key, const std::vector<std::string>& texts) {
  out.key(key);
  out.begin_array();
  for (const std::string& text : texts) out.string(text);
  out.end_array();
}

void write_policy(JsonOut& out, const AccessPolicy& policy) {
  out.key("policy");
  out.begin_object();
  out.member("Version", "2012-10-17");
  out.key("Statement");
  out.begin_array();
  for (const AccessPolicy::Statement& statement : policy.statements) {
    out.begin_object();
    out.member("Effect", "Allow");
    write_texts(out, "Action", statement.actions);
    write_texts(out, "Resource", statement.resources);
    out.end_object();
  }
  out.end_array();
  out.end_object();
}

void write_calls(JsonOut& out, std::string_view key,
                 const std::vector<AccessPolicy::CountedCall>& calls) {
  out.key(key);
  out.begin_array();
  for (const AccessPolicy::CountedCall& call : calls) {
    out.begin_object();
    out.member("event_source", call.event_source);
    out.member("event_name", call.event_name);
    if (!call.action.empty()) out.member("action", call.action);
    out.member("events", call.events);
    out.end_object();
  }
  out.end_array();
}

}  // namespace

Checked<HttpResponse> get_policy(Context& context, const Call& call) {
  const auto began = std::chrono::steady_clock::now();
  const auto asked = read_asked(context, call, explain_members());
  if (!asked) return tl::unexpected(asked.error());
  const auto snapshot = context.reader.snapshot();
  if (!snapshot) return refuse(snapshot.error());
  const query::Deadline deadline(limits_of(context, call, asked->query.timeout));
  const auto policy = query::access_policy(**snapshot, whole_tree(asked->query), asked->query.time,
                                           query::Help{&context.pool}, deadline);
  if (!policy) return refuse(policy.error());
  JsonOut out;
  out.begin_object();
  write_policy(out, *policy);
  write_calls(out, "denied", policy->denied);
  write_calls(out, "left_out", policy->left_out);
  out.member("calls", policy->calls);
  out.member("other_events", policy->other_events);
  write_took(out, began);
  out.end_object();
  return json_answer(out.text());
}

}  // namespace trailsift::server
