#include "aws/settings.h"

#include <array>
#include <utility>

namespace trailsift::aws {
namespace {

struct EndpointRow {
  std::string Endpoints::*member;
  const char* variable;
};

constexpr std::array kEndpoints = {
    EndpointRow{&Endpoints::s3, "AWS_ENDPOINT_URL_S3"},
    EndpointRow{&Endpoints::sqs, "AWS_ENDPOINT_URL_SQS"},
    EndpointRow{&Endpoints::sns, "AWS_ENDPOINT_URL_SNS"},
    EndpointRow{&Endpoints::sts, "AWS_ENDPOINT_URL_STS"},
    EndpointRow{&Endpoints::cloudtrail, "AWS_ENDPOINT_URL_CLOUDTRAIL"},
    EndpointRow{&Endpoints::all, "AWS_ENDPOINT_URL"}};

/// One from the options counts for its service before any from the environment, also `all`.
Result<Endpoints> resolve_endpoints(const SessionOptions& options, const Profile& profile) {
  Endpoints endpoints = options.endpoints;
  const bool ignored =
      variable(options.environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").value_or("") == "true";
  for (const auto& [member, name] : kEndpoints) {
    std::string& url = endpoints.*member;
    if (url.empty() && options.endpoints.all.empty() && !ignored)
      url = variable(options.environment, name).value_or("");
  }
  if (endpoints.all.empty() && !ignored) endpoints.all = setting(profile, "endpoint_url");
  for (const auto& [member, name] : kEndpoints) {
    const std::string& url = endpoints.*member;
    if (url.empty()) continue;
    if (const auto origin = parse_origin(url); !origin)
      return fail(origin.error().code, "cannot use an endpoint: " + origin.error().message);
  }
  return endpoints;
}

Result<std::string> resolve_region(const SessionOptions& options, const Profile& profile) {
  std::string region = options.region;
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (region.empty()) region = variable(options.environment, name).value_or("");
  }
  if (region.empty()) region = setting(profile, "region");
  if (!region.empty() && !is_region_name(region))
    return fail(ErrorCode::bad_request,
                "expected a region such as 'eu-west-1', got '" + region + "'");
  return region;
}

}  // namespace

Result<Settings> resolve(const SessionOptions& options) {
  Settings settings;
  settings.profile_chosen = !options.profile.empty();
  settings.profile = options.profile;
  bool named = settings.profile_chosen;
  for (const char* name : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}) {
    if (!settings.profile.empty()) break;
    settings.profile = variable(options.environment, name).value_or("");
    named = !settings.profile.empty();
  }
  if (settings.profile.empty()) settings.profile = "default";

  const auto files = ProfileFiles::read(options.environment);
  if (!files) return tl::unexpected(files.error());
  const Profile* profile = files->find(settings.profile);
  if (profile == nullptr && named)
    return fail(ErrorCode::not_found,
                "no profile '" + settings.profile + "' in " + files->looked_in);
  const Profile used = profile == nullptr ? Profile{} : *profile;

  auto endpoints = resolve_endpoints(options, used);
  if (!endpoints) return tl::unexpected(endpoints.error());
  settings.endpoints = std::move(*endpoints);
  auto region = resolve_region(options, used);
  if (!region) return tl::unexpected(region.error());
  settings.region = std::move(*region);
  settings.ca_file = options.http.ca_file;
  if (settings.ca_file.empty())
    settings.ca_file = variable(options.environment, "AWS_CA_BUNDLE").value_or("");
  if (settings.ca_file.empty()) settings.ca_file = setting(used, "ca_bundle");
  return settings;
}

std::optional<std::string> variable(const Environment& environment, const char* name) {
  auto value = environment(name);
  if (value && value->empty()) return std::nullopt;
  return value;
}

}  // namespace trailsift::aws
