// Region and credentials of the EC2 instance that this runs on. Version 2 of the protocol alone:
// version 1 can be asked through any proxy or open redirect on the machine.
#include "aws/instance_metadata.h"

#include <chrono>
#include <string_view>
#include <utility>

#include "aws/call.h"
#include "aws/credentials_chain.h"

namespace trailsift::aws {
namespace {

constexpr std::chrono::seconds kTimeout{1};
constexpr int kAttempts = 2;
constexpr std::size_t kMaxAnswerBytes = std::size_t{64} << 10U;
constexpr std::string_view kRolePath = "/latest/meta-data/iam/security-credentials/";

Result<std::string> endpoint(const Environment& environment) {
  if (variable(environment, "AWS_EC2_METADATA_DISABLED").value_or("") == "true")
    return fail(ErrorCode::not_found, "AWS_EC2_METADATA_DISABLED is true");
  if (const auto url = variable(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT")) {
    const auto origin = parse_origin(*url);
    if (!origin)
      return fail(ErrorCode::denied,
                  "AWS_EC2_METADATA_SERVICE_ENDPOINT: " + origin.error().message);
    return origin->text();
  }
  const bool ipv6 =
      variable(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE").value_or("") == "IPv6";
  return std::string(ipv6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254");
}

class Metadata {
 public:
  static Result<Metadata> open(Caller& caller, const std::stop_token& stop) {
    auto origin = endpoint(caller.options().environment);
    if (!origin) return tl::unexpected(origin.error());
    Metadata metadata(caller, std::move(*origin));
    HttpRequest request = metadata.request("PUT", "/latest/api/token");
    request.headers = {{"x-aws-ec2-metadata-token-ttl-seconds", "300"}};
    auto token = metadata.ask(request, stop);
    if (!token && token.error().code != ErrorCode::cancelled)
      return fail(ErrorCode::not_found, "no instance metadata: " + token.error().message);
    if (!token) return tl::unexpected(token.error());
    metadata.token_ = std::move(*token);
    return metadata;
  }

  Result<std::string> get(const std::string& path, const std::stop_token& stop) {
    HttpRequest wanted = request("GET", path);
    wanted.headers = {{"x-aws-ec2-metadata-token", token_}};
    return ask(wanted, stop);
  }

 private:
  Metadata(Caller& caller, std::string origin) : caller_(&caller), origin_(std::move(origin)) {}

  HttpRequest request(const std::string& method, const std::string& path) const {
    HttpRequest request;
    request.method = method;
    request.url = make_url(origin_, path, {});
    request.connect_timeout = kTimeout;
    request.timeout = kTimeout * 2;
    request.max_response_bytes = kMaxAnswerBytes;
    request.allow_http = true;
    request.no_proxy = true;
    return request;
  }

  Result<std::string> ask(const HttpRequest& request, const std::stop_token& stop) {
    for (int attempt = 1;; ++attempt) {
      auto response = caller_->send(request, stop);
      if (response && response->ok()) return std::move(response->body);
      if (response && response->status == 404)
        return fail(ErrorCode::not_found, "the instance has no " + request.url);
      if (attempt < kAttempts && (response || response.error().code == ErrorCode::unavailable))
        continue;
      if (!response) return tl::unexpected(response.error());
      return fail(ErrorCode::unavailable,
                  request.url + " answered " + std::to_string(response->status));
    }
  }

  Caller* caller_;
  std::string origin_;
  std::string token_;
};

class InstanceCredentials : public CredentialsProvider {
 public:
  explicit InstanceCredentials(Caller& caller) : caller_(caller) {}

  Result<Credentials> fetch(const std::stop_token& stop) override {
    auto metadata = Metadata::open(caller_, stop);
    if (!metadata) return tl::unexpected(metadata.error());
    auto roles = metadata->get(std::string(kRolePath), stop);
    if (!roles) return tl::unexpected(roles.error());
    const std::string role = roles->substr(0, roles->find_first_of("\r\n"));
    if (role.empty()) return fail(ErrorCode::not_found, "the instance has no role");
    const auto answer = metadata->get(std::string(kRolePath) + role, stop);
    if (!answer) return tl::unexpected(answer.error());
    return parse_endpoint_credentials(*answer,
                                      "the instance's role '" + printable_line(role, 100) + "'");
  }

 private:
  Caller& caller_;
};

}  // namespace

Result<std::string> instance_region(Caller& caller, const std::stop_token& stop) {
  auto metadata = Metadata::open(caller, stop);
  if (!metadata) return tl::unexpected(metadata.error());
  auto region = metadata->get("/latest/meta-data/placement/region", stop);
  if (region && !is_region_name(*region))
    return fail(ErrorCode::corrupt, "expected a region from the instance's metadata");
  return region;
}

std::unique_ptr<CredentialsProvider> make_instance_credentials(Caller& caller) {
  return std::make_unique<InstanceCredentials>(caller);
}

}  // namespace trailsift::aws
