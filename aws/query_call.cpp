#include "aws/query_call.h"

#include <algorithm>
#include <array>
#include <utility>

namespace trailsift::aws {
namespace {

Call make_post(const Caller& caller, Service service, const std::string& region) {
  Call call;
  call.service = service;
  call.region = region;
  call.http.method = "POST";
  call.http.url = make_url(caller.origin(service, region), "/", {});
  call.http.allow_http = caller.is_overridden(service);
  return call;
}

}  // namespace

Call make_query_call(const Caller& caller, Service service, const std::string& region,
                     const QueryOperation& operation, Parameters parameters) {
  Call call = make_post(caller, service, region);
  call.names.operation = operation.name;
  parameters.emplace_back("Action", operation.name);
  parameters.emplace_back("Version", operation.version);
  call.http.headers = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}};
  call.http.body = encode_parameters(parameters);
  return call;
}

Call make_json_call(const Caller& caller, Service service, const std::string& region,
                    const std::string& target, std::string body) {
  Call call = make_post(caller, service, region);
  call.names.operation = target.substr(target.rfind('.') + 1);
  const char* type =
      service == Service::sqs ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1";
  call.http.headers = {{"content-type", type}, {"x-amz-target", target}};
  call.http.body = std::move(body);
  return call;
}

Result<Arn> parse_arn(std::string_view text, Service service) {
  std::array<std::string_view, 6> parts;
  std::string_view rest = text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t end = i + 1 == parts.size() ? rest.size() : rest.find(':');
    parts.at(i) = rest.substr(0, end);
    if (end == std::string_view::npos) break;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const auto& [arn, partition, of, region, account, resource] = parts;
  const bool is_account = account.size() == 12 &&
                          std::ranges::all_of(account, [](char c) { return c >= '0' && c <= '9'; });
  if (arn != "arn" || !partition.starts_with("aws") || of != name(service) ||
      !is_region_name(region) || !is_account || resource.empty())
    return fail(ErrorCode::bad_request,
                "expected an ARN such as 'arn:aws:" + std::string(name(service)) +
                    ":eu-west-1:111122223333:NAME', got '" + std::string(text) + "'");
  return Arn{std::string(region), std::string(account), std::string(resource)};
}

}  // namespace trailsift::aws
