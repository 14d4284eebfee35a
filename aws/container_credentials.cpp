// Credentials of an ECS task or an EKS pod, from the endpoint that its agent serves.
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "aws/call.h"
#include "aws/credentials_chain.h"
#include "aws/profile.h"

namespace trailsift::aws {
namespace {

constexpr std::size_t kMaxTokenBytes = std::size_t{64} << 10U;

/// Plain http would send the token over the network, were the host any other.
bool may_be_http(const std::string& host) {
  constexpr std::array<std::string_view, 6> kHosts = {
      "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "localhost", "127.0.0.1", "[::1]"};
  return std::ranges::find(kHosts, host) != kHosts.end();
}

Result<std::string> endpoint(const Environment& environment) {
  if (const auto path = variable(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
    if (!path->starts_with('/'))
      return fail(ErrorCode::denied,
                  "expected AWS_CONTAINER_CREDENTIALS_RELATIVE_URI to begin "
                  "with '/'");
    return "http://169.254.170.2" + *path;
  }
  const auto url = variable(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (!url)
    return fail(ErrorCode::not_found,
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and "
                "AWS_CONTAINER_CREDENTIALS_FULL_URI are not set");
  const auto origin = parse_origin(url->substr(0, url->find('?')));
  if (!origin || (origin->scheme != "https" && !may_be_http(origin->host)))
    return fail(ErrorCode::denied,
                "expected AWS_CONTAINER_CREDENTIALS_FULL_URI to be https, or "
                "http to this machine or the agent's fixed address");
  return *url;
}

/// The file counts before the variable: agents replace its content.
Result<std::string> authorization(const Environment& environment) {
  const auto file = variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  if (!file) return variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or("");
  auto token = read_small_file(*file, kMaxTokenBytes);
  if (!token) return fail(ErrorCode::denied, token.error().message);
  token->erase(token->find_last_not_of(" \t\r\n") + 1);
  return token;
}

class ContainerCredentials : public CredentialsProvider {
 public:
  explicit ContainerCredentials(Caller& caller) : caller_(caller) {}

  Result<Credentials> fetch(const std::stop_token& stop) override {
    const Environment& environment = caller_.options().environment;
    auto url = endpoint(environment);
    if (!url) return tl::unexpected(url.error());
    auto token = authorization(environment);
    if (!token) return tl::unexpected(token.error());
    HttpRequest request;
    request.url = std::move(*url);
    if (!token->empty()) request.headers.push_back({"authorization", std::move(*token)});
    request.connect_timeout = std::chrono::seconds(2);
    request.timeout = std::chrono::seconds(5);
    request.max_response_bytes = kMaxTokenBytes;
    request.allow_http = true;
    request.no_proxy = true;
    const auto response = caller_.send(request, stop);
    if (!response) return tl::unexpected(response.error());
    if (!response->ok())
      return fail(ErrorCode::denied, "the endpoint answered " + std::to_string(response->status));
    return parse_endpoint_credentials(response->body, "the container's endpoint");
  }

 private:
  Caller& caller_;
};

}  // namespace

std::unique_ptr<CredentialsProvider> make_container_credentials(Caller& caller) {
  return std::make_unique<ContainerCredentials>(caller);
}

}  // namespace trailsift::aws
