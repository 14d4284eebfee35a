#include "schema/client.h"

#include <algorithm>
#include <array>
#include <string>

#include "schema/ascii.h"

namespace trailsift {
namespace {

struct Mark {
  std::string_view text;  ///< Somewhere in the user agent, in lower case.
  std::string_view client;
};

/// The first one decides: Terraform's user agent names its SDK, the console's some service's.
constexpr std::array kMarks = {
    Mark{"terraform", "iac"},
    Mark{"opentofu", "iac"},
    Mark{"pulumi", "iac"},
    Mark{"ansible", "iac"},
    Mark{"crossplane", "iac"},
    Mark{"aws-cdk", "iac"},
    Mark{"cloudformation.", "iac"},
    Mark{"aws-cli/", "cli"},
    Mark{"awspowershell", "cli"},
    Mark{"ec2-api-tools", "cli"},
    Mark{"console", "console"},
    Mark{"signin.amazonaws.com", "console"},
    Mark{".amazonaws.com", "service"},
    Mark{"aws-internal/", "service"},
    Mark{"aws internal", "service"},
    Mark{"aws-sdk-", "sdk"},
    Mark{"boto", "sdk"},
    Mark{"mozilla/", "browser"},
};

}  // namespace

std::string_view client_of(std::string_view user_agent, bool by_console) {
  if (user_agent.empty()) return {};
  std::string lower(user_agent);
  std::ranges::transform(lower, lower.begin(), ascii_lower);
  const auto mark = std::ranges::find_if(
      kMarks, [&](const Mark& row) { return lower.find(row.text) != std::string::npos; });
  const std::string_view client = mark == kMarks.end() ? "other" : mark->client;
  return client == "browser" && by_console ? "console" : client;
}

}  // namespace trailsift
