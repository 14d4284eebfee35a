#include "aws/sts.h"

#include <chrono>
#include <utility>

#include "aws/call.h"
#include "aws/credentials_chain.h"
#include "aws/profile.h"
#include "aws/query_call.h"
#include "aws/xml.h"
#include "schema/time.h"

namespace trailsift::aws {
namespace {

constexpr std::string_view kVersion = "2011-06-15";
constexpr std::size_t kMaxTokenBytes = std::size_t{64} << 10U;

/// STS is asked in the session's region; without one, at the address that needs none.
Call make_call(Caller& caller, const AssumeRoleOptions& role, std::string operation,
               Parameters parameters) {
  const std::string& region = caller.settings().region;
  parameters.emplace_back("RoleArn", role.role_arn);
  parameters.emplace_back("RoleSessionName", role.session_name);
  parameters.emplace_back("DurationSeconds", std::to_string(role.duration.count()));
  Call call = make_query_call(caller, Service::sts, region, {operation, kVersion}, parameters);
  if (region.empty()) call.region = "us-east-1";
  call.names.resource = role.role_arn;
  call.names.action = "sts:" + operation;
  call.names.arn = role.role_arn;
  return call;
}

Result<Credentials> ask(Caller& caller, Call call, const AssumeRoleOptions& role,
                        const std::stop_token& stop) {
  const auto response = caller.call(std::move(call), stop);
  if (!response) return tl::unexpected(response.error());
  auto credentials = parse_sts_credentials(response->body);
  if (credentials) credentials->source = "the role '" + role.role_arn + "'";
  return credentials;
}

}  // namespace

Result<Credentials> assume_role(Caller& caller, const Credentials& credentials,
                                const AssumeRoleOptions& role, const std::stop_token& stop) {
  Parameters parameters;
  if (!role.external_id.empty()) parameters.emplace_back("ExternalId", role.external_id);
  Call call = make_call(caller, role, "AssumeRole", std::move(parameters));
  call.credentials = &credentials;
  auto assumed = ask(caller, std::move(call), role, stop);
  if (assumed) assumed->source += " assumed by " + credentials.source;
  return assumed;
}

Result<Credentials> assume_role_with_web_identity(Caller& caller, const AssumeRoleOptions& role,
                                                  const std::string& token,
                                                  const std::stop_token& stop) {
  Call call = make_call(caller, role, "AssumeRoleWithWebIdentity", {{"WebIdentityToken", token}});
  call.is_signed = false;
  auto assumed = ask(caller, std::move(call), role, stop);
  if (assumed) assumed->source += " by web identity";
  return assumed;
}

Result<Credentials> assume_role_with_token_file(Caller& caller, const AssumeRoleOptions& role,
                                                const std::string& path,
                                                const std::stop_token& stop) {
  auto token = read_small_file(path, kMaxTokenBytes);
  if (!token) return fail(ErrorCode::denied, token.error().message);
  token->erase(token->find_last_not_of(" \t\r\n") + 1);
  return assume_role_with_web_identity(caller, role, *token, stop);
}

Result<Credentials> parse_sts_credentials(std::string_view xml) {
  const auto root = parse_xml(xml);
  if (!root) return tl::unexpected(root.error());
  for (const XmlElement& result : root->children) {
    const XmlElement* found = result.child("Credentials");
    if (found == nullptr) continue;
    const auto expires = parse_time(found->text_of("Expiration"));
    if (!expires) return fail(ErrorCode::corrupt, "expected a time as Expiration from STS");
    return check_keys({std::string(found->text_of("AccessKeyId")),
                       std::string(found->text_of("SecretAccessKey")),
                       std::string(found->text_of("SessionToken")), to_instant(*expires), "STS"});
  }
  return fail(ErrorCode::corrupt, "expected Credentials in the answer of STS");
}

}  // namespace trailsift::aws
