#include "aws/credentials_chain.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "aws/call.h"
#include "aws/json.h"
#include "aws/sts.h"
#include "schema/time.h"

namespace trailsift::aws {
namespace {

bool is_word(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

class EnvironmentCredentials : public CredentialsProvider {
 public:
  explicit EnvironmentCredentials(Caller& caller) : caller_(caller) {}

  Result<Credentials> fetch(const std::stop_token&) override {
    const Environment& environment = caller_.options().environment;
    const auto id = variable(environment, "AWS_ACCESS_KEY_ID");
    const auto secret = variable(environment, "AWS_SECRET_ACCESS_KEY");
    if (!id) return fail(ErrorCode::not_found, "AWS_ACCESS_KEY_ID is not set");
    if (!secret)
      return fail(ErrorCode::denied, "AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not");
    const auto token = variable(environment, "AWS_SESSION_TOKEN");
    return check_keys({*id, *secret, token.value_or(""), {}, "the environment"});
  }

 private:
  Caller& caller_;
};

class WebIdentityCredentials : public CredentialsProvider {
 public:
  explicit WebIdentityCredentials(Caller& caller) : caller_(caller) {}

  Result<Credentials> fetch(const std::stop_token& stop) override {
    const Environment& environment = caller_.options().environment;
    const auto file = variable(environment, "AWS_WEB_IDENTITY_TOKEN_FILE");
    if (!file) return fail(ErrorCode::not_found, "AWS_WEB_IDENTITY_TOKEN_FILE is not set");
    AssumeRoleOptions role;
    role.role_arn = variable(environment, "AWS_ROLE_ARN").value_or("");
    if (role.role_arn.empty())
      return fail(ErrorCode::denied, "AWS_WEB_IDENTITY_TOKEN_FILE is set, AWS_ROLE_ARN is not");
    if (auto name = variable(environment, "AWS_ROLE_SESSION_NAME")) role.session_name = *name;
    return assume_role_with_token_file(caller_, role, *file, stop);
  }

 private:
  Caller& caller_;
};

/// Asks one after the other for the first that is set up.
class Chain : public CredentialsProvider {
 public:
  struct Link {
    std::string name;
    std::unique_ptr<CredentialsProvider> provider;
  };
  explicit Chain(std::vector<Link> links) : links_(std::move(links)) {}

  Result<Credentials> fetch(const std::stop_token& stop) override {
    std::string tried;
    for (const Link& link : links_) {
      auto found = link.provider->fetch(stop);
      if (found || found.error().code == ErrorCode::cancelled) return found;
      if (!tried.empty()) tried += "; ";
      tried += link.name + ": " + found.error().message;
      if (found.error().code != ErrorCode::not_found)
        return fail(found.error().code, "cannot get AWS credentials: " + tried);
    }
    return fail(ErrorCode::denied, "no AWS credentials: " + tried);
  }

 private:
  const std::vector<Link> links_;
};

/// The role, assumed with what another provider gives.
class AssumedRole : public CredentialsProvider {
 public:
  AssumedRole(Caller& caller, std::unique_ptr<CredentialsProvider> base, AssumeRoleOptions role)
      : caller_(caller), base_(std::move(base), caller.options().clock), role_(std::move(role)) {}

  Result<Credentials> fetch(const std::stop_token& stop) override {
    const auto base = base_.get(stop);
    if (!base) return tl::unexpected(base.error());
    auto assumed = assume_role(caller_, *base, role_, stop);
    if (!assumed && assumed.error().code == ErrorCode::denied) base_.reject(base->access_key_id);
    return assumed;
  }

 private:
  Caller& caller_;
  CredentialsCache base_;
  const AssumeRoleOptions role_;
};

}  // namespace

Result<Credentials> check_keys(Credentials credentials) {
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty() ||
      !is_word(credentials.access_key_id) || !is_word(credentials.secret_access_key) ||
      !is_word(credentials.session_token))
    return fail(ErrorCode::denied,
                "expected an access key id, a secret key and perhaps a token of "
                "printable characters in " +
                    credentials.source);
  return credentials;
}

Result<Credentials> parse_endpoint_credentials(const std::string& json, std::string source) {
  const auto document = parse_json_object(json);
  if (!document) return tl::unexpected(document.error());
  Credentials credentials;
  credentials.source = std::move(source);
  credentials.access_key_id = string_member(*document, "AccessKeyId");
  credentials.secret_access_key = string_member(*document, "SecretAccessKey");
  credentials.session_token = string_member(*document, "Token");
  if (const auto expiration = string_member(*document, "Expiration"); !expiration.empty()) {
    const auto time = parse_time(expiration);
    if (!time)
      return fail(ErrorCode::corrupt, "expected a time as Expiration in " + credentials.source);
    credentials.expires = to_instant(*time);
  }
  return check_keys(std::move(credentials));
}

std::unique_ptr<CredentialsProvider> make_environment_credentials(Caller& caller) {
  return std::make_unique<EnvironmentCredentials>(caller);
}

std::unique_ptr<CredentialsProvider> make_web_identity_credentials(Caller& caller) {
  return std::make_unique<WebIdentityCredentials>(caller);
}

std::unique_ptr<CredentialsProvider> make_credentials_chain(Caller& caller) {
  std::vector<Chain::Link> links;
  if (!caller.settings().profile_chosen)
    links.push_back({"environment", make_environment_credentials(caller)});
  links.push_back(
      {"profile '" + caller.settings().profile + "'", make_profile_credentials(caller)});
  links.push_back({"web identity", make_web_identity_credentials(caller)});
  links.push_back({"container", make_container_credentials(caller)});
  links.push_back({"instance", make_instance_credentials(caller)});
  std::unique_ptr<CredentialsProvider> provider = std::make_unique<Chain>(std::move(links));
  for (const AssumeRoleOptions& role : caller.options().roles)
    provider = std::make_unique<AssumedRole>(caller, std::move(provider), role);
  return provider;
}

}  // namespace trailsift::aws
