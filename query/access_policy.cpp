#include "query/access_policy.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "query/find_hits.h"
#include "query/iam_action.h"
#include "query/statistics.h"

namespace trailsift::query {
namespace {

using Group = StatisticsResult::Group;
using CountedCall = AccessPolicy::CountedCall;

constexpr std::string_view kAny = "*";

Tree equals(const char* field, std::string value) {
  return Tree{Equals{field_index(field), std::move(value)}};
}

Tree negation(Tree tree) {
  return Tree{Not{std::make_unique<Tree>(std::move(tree))}};
}

template <class Kind>
Tree joined(std::vector<Tree> children) {
  if (children.size() == 1) return std::move(children.front());
  return Tree{Kind{std::move(children)}};
}

template <class... Trees>
std::vector<Tree> list_of(Trees... trees) {
  std::vector<Tree> list;
  (list.push_back(std::move(trees)), ...);
  return list;
}

/// Old records have no type.
Tree is_api_call() {
  const Tree any_type{Between{field_index("event_type"), {}, {}}};
  return joined<AnyOf>(list_of(equals("event_type", "AwsApiCall"), negation(clone(any_type))));
}

/// What a log says becomes a part of a policy only where it is spelt like a service and a call.
bool is_call(const CountedCall& call) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto in_host = [&](char c) { return letter(c) || digit(c) || c == '.' || c == '-'; };
  const auto in_name = [&](char c) { return letter(c) || digit(c) || c == '_'; };
  return !call.event_source.empty() && std::ranges::all_of(call.event_source, in_host) &&
         !call.event_name.empty() && std::ranges::all_of(call.event_name, in_name);
}

/// Finds hits, and counts them by service, call and one field more.
class Counter {
 public:
  Counter(const store::Snapshot& snapshot, const InTime& time, const Help& help,
          const Deadline& deadline)
      : snapshot_(snapshot), time_(time), help_(help), deadline_(deadline) {}

  Result<std::vector<SegmentHits>> hits(const Tree& tree) const {
    return find_hits(snapshot_, tree, time_, help_, deadline_);
  }

  Result<std::vector<Group>> groups(const std::vector<SegmentHits>& hits, const char* field) const {
    StatisticsRequest request;
    request.by = {field_index("event_source"), field_index("event_name"), field_index(field)};
    request.size = kMaxGroups;
    auto counted = count_groups(request, hits, help_, deadline_);
    if (!counted) return tl::unexpected(counted.error());
    return std::move(counted->groups);
  }

 private:
  const store::Snapshot& snapshot_;
  const InTime& time_;
  const Help& help_;
  const Deadline& deadline_;
};

CountedCall call_of(const Group& group) {
  CountedCall call{group.values[0].value_or(""), group.values[1].value_or(""), {}, group.count};
  if (is_call(call)) call.action = iam_action(call.event_source, call.event_name);
  return call;
}

/// Calls as they are added up, most frequent first.
class Calls {
 public:
  void add(CountedCall call) {
    const std::pair key{call.event_source, call.event_name};
    const auto [at, is_new] = calls_.try_emplace(key, std::move(call));
    if (!is_new) at->second.events += call.events;
  }

  std::vector<CountedCall> take() {
    std::vector<CountedCall> list;
    for (auto& [key, call] : calls_) list.push_back(std::move(call));
    std::ranges::stable_sort(list, std::greater{}, &CountedCall::events);
    return list;
  }

 private:
  std::map<std::pair<std::string, std::string>, CountedCall> calls_;
};

/// Puts the denied calls into the policy; the error codes by which these are told.
std::set<std::string> add_denied(const std::vector<Group>& groups, AccessPolicy& policy) {
  std::set<std::string> codes;
  Calls denied;
  for (const Group& group : groups) {
    policy.calls += group.count;
    if (!group.values[2] || !is_denial(*group.values[2])) continue;
    codes.insert(*group.values[2]);
    denied.add(call_of(group));
  }
  policy.denied = denied.take();
  return codes;
}

Tree without_codes(Tree calls, const std::set<std::string>& codes) {
  std::vector<Tree> all = list_of(std::move(calls));
  for (const std::string& code : codes) all.push_back(negation(equals("error_code", code)));
  return joined<AllOf>(std::move(all));
}

/// A call that names no resource may have been about any.
void add_resource(const Group& group, std::set<std::string>& resources) {
  const bool is_arn = group.values[2] && group.values[2]->starts_with("arn:");
  resources.insert(is_arn ? policy_resource(*group.values[2]) : std::string(kAny));
}

/// Actions of one service with the same resources are one statement.
std::vector<AccessPolicy::Statement> statements_of(
    const std::map<std::string, std::set<std::string>>& resources_of) {
  std::map<std::pair<std::string, std::vector<std::string>>, std::vector<std::string>> grouped;
  for (const auto& [action, resources] : resources_of) {
    auto covering = covering_resources({resources.begin(), resources.end()});
    grouped[{action.substr(0, action.find(':')), std::move(covering)}].push_back(action);
  }
  std::vector<AccessPolicy::Statement> statements;
  for (const auto& [key, actions] : grouped) statements.push_back({actions, key.second});
  std::ranges::sort(statements, {}, &AccessPolicy::Statement::actions);
  return statements;
}

void add_allowed(const std::vector<Group>& groups, AccessPolicy& policy) {
  std::map<std::string, std::set<std::string>> resources_of;
  Calls left_out;
  for (const Group& group : groups) {
    CountedCall call = call_of(group);
    if (call.action.empty()) {
      left_out.add(std::move(call));
    } else {
      add_resource(group, resources_of[call.action]);
    }
  }
  policy.statements = statements_of(resources_of);
  policy.left_out = left_out.take();
}

/// Of an ARN, the name of the resource, without `*` in place of its last part.
std::string_view resource_name(std::string_view arn) {
  for (int colon = 0; colon < 5; ++colon) {
    const std::size_t at = arn.find(':');
    if (at == std::string_view::npos) return {};
    arn.remove_prefix(at + 1);
  }
  if (arn.ends_with('*')) arn.remove_suffix(std::min<std::size_t>(2, arn.size()));
  return arn;
}

bool is_separator(char c) {
  return c == '/' || c == ':';
}

/// How many parts it has; -1 for `*`.
std::ptrdiff_t depth_of(std::string_view arn) {
  if (arn == kAny) return -1;
  const std::string_view name = resource_name(arn);
  return name.empty() ? 0 : std::ranges::count_if(name, is_separator) + 1;
}

/// One part less, and anything in its place.
std::string parent_of(std::string_view arn) {
  const std::string_view name = resource_name(arn);
  if (name.empty()) return std::string(kAny);
  const std::size_t separator = name.find_last_of("/:");
  const auto kept = separator == std::string_view::npos ? 0 : separator + 1;
  const auto begin = static_cast<std::size_t>(name.data() - arn.data());
  return std::string(arn.substr(0, begin + kept)) + "*";
}

}  // namespace

bool is_denial(std::string_view error_code) {
  return error_code.find("AccessDenied") != std::string_view::npos ||
         error_code.find("Unauthorized") != std::string_view::npos;
}

std::string policy_resource(std::string_view arn) {
  std::string resource;
  for (const char c : arn) {
    const bool is_special = c == '*' || c == '?' || c == '$';
    resource += is_special ? std::string("${") + c + "}" : std::string(1, c);
  }
  return resource;
}

std::vector<std::string> covering_resources(std::vector<std::string> arns) {
  std::ranges::sort(arns);
  while (true) {
    if (std::ranges::find(arns, kAny) != arns.end()) return {std::string(kAny)};
    if (arns.size() <= kMaxPolicyResources) return arns;
    const auto deepest = std::ranges::max(arns, {}, depth_of);
    const auto depth = depth_of(deepest);
    for (std::string& arn : arns) {
      if (depth_of(arn) == depth) arn = parent_of(arn);
    }
    std::ranges::sort(arns);
    const auto [end, unused] = std::ranges::unique(arns);
    arns.erase(end, arns.end());
  }
}

Result<AccessPolicy> access_policy(const store::Snapshot& snapshot, const Tree& query,
                                   const InTime& time, const Help& help, const Deadline& deadline) {
  const Counter counter(snapshot, time, help, deadline);
  const auto events = counter.hits(query);
  if (!events) return tl::unexpected(events.error());
  const Tree calls = joined<AllOf>(list_of(clone(query), is_api_call()));
  auto hits = counter.hits(calls);
  if (!hits) return tl::unexpected(hits.error());
  const auto by_error = counter.groups(*hits, "error_code");
  if (!by_error) return tl::unexpected(by_error.error());
  AccessPolicy policy;
  const auto codes = add_denied(*by_error, policy);
  policy.other_events = count_of(*events) - policy.calls;
  if (!codes.empty()) hits = counter.hits(without_codes(clone(calls), codes));
  if (!hits) return tl::unexpected(hits.error());
  const auto by_resource = counter.groups(*hits, "resources_arn");
  if (!by_resource) return tl::unexpected(by_resource.error());
  add_allowed(*by_resource, policy);
  return policy;
}

}  // namespace trailsift::query
