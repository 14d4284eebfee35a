#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "query/deadline.h"
#include "query/search.h"
#include "query/tree.h"
#include "schema/error.h"
#include "store/store.h"

namespace trailsift::query {

/// Beyond so many, the resources of an action are put together by what they begin with.
constexpr std::size_t kMaxPolicyResources = 20;

/// What IAM must allow so that the calls among the hits could be made: actions and resources that
/// were seen, and no more, as far as records name them.
struct AccessPolicy {
  struct Statement {
    std::vector<std::string> actions;    ///< Of one service, in order.
    std::vector<std::string> resources;  ///< ARNs as IAM spells them, or `*` alone.
  };
  struct CountedCall {
    std::string event_source;
    std::string event_name;
    std::string action;  ///< Empty: it needs no permission, or is no name of an action.
    std::uint64_t events = 0;
  };
  std::vector<Statement> statements;  ///< Of calls that were not denied.
  std::vector<CountedCall> denied;    ///< Refused for want of a permission; most frequent first.
  std::vector<CountedCall> left_out;  ///< Not denied, and without an action.
  std::uint64_t calls = 0;            ///< Hits that are API calls,
  std::uint64_t other_events = 0;     ///< and those that are not, such as sign-ins.
};

/// Exact, over all hits. Errors are those of find_hits() and count_groups().
Result<AccessPolicy> access_policy(const store::Snapshot& snapshot, const Tree& query,
                                   const InTime& time, const Help& help, const Deadline& deadline);

/// Whether a call with this error code was refused for want of a permission.
bool is_denial(std::string_view error_code);

/// The ARN as a policy names this resource and no other: `*`, `?` and `$` are literal.
std::string policy_resource(std::string_view arn);

/// No more than kMaxPolicyResources that cover all of `arns`: where there are more, those with the
/// most parts become `…/*`.
std::vector<std::string> covering_resources(std::vector<std::string> arns);

}  // namespace trailsift::query
