// Credentials of a profile: keys, or a role with what it is assumed by.
#include <algorithm>
#include <utility>

#include "aws/call.h"
#include "aws/credentials_chain.h"
#include "aws/profile.h"
#include "aws/sts.h"
#include "schema/number.h"

namespace trailsift::aws {
namespace {

constexpr std::size_t kMaxProfileChain = 8;

tl::unexpected<Error> bad_profile(const std::string& name, const std::string& reason) {
  return fail(ErrorCode::denied, "profile '" + name + "' " + reason);
}

Result<AssumeRoleOptions> role_of(const std::string& name, const Profile& profile) {
  AssumeRoleOptions role;
  role.role_arn = setting(profile, "role_arn");
  role.external_id = setting(profile, "external_id");
  if (const auto text = setting(profile, "role_session_name"); !text.empty())
    role.session_name = text;
  if (!setting(profile, "mfa_serial").empty())
    return bad_profile(name, "has mfa_serial, and a server has nobody to ask for the code");
  if (const auto text = setting(profile, "duration_seconds"); !text.empty()) {
    const auto seconds = parse_number<int>(text);
    if (!seconds || *seconds < 900 || *seconds > 43'200)
      return bad_profile(name,
                         "has duration_seconds '" + std::string(text) + "': expected 900 to 43200");
    role.duration = std::chrono::seconds(*seconds);
  }
  return role;
}

class ProfileCredentials : public CredentialsProvider {
 public:
  explicit ProfileCredentials(Caller& caller) : caller_(caller) {}

  Result<Credentials> fetch(const std::stop_token& stop) override {
    // Read anew each time: whoever rotates keys writes the file.
    const auto files = ProfileFiles::read(caller_.options().environment);
    if (!files) return tl::unexpected(files.error());
    const std::string& name = caller_.settings().profile;
    if (files->find(name) == nullptr)
      return fail(ErrorCode::not_found, "not in " + files->looked_in);
    return of_profile(*files, name, kMaxProfileChain, stop);
  }

 private:
  Result<Credentials> of_profile(const ProfileFiles& files, const std::string& name,
                                 std::size_t depth, const std::stop_token& stop);
  Result<Credentials> of_role(const ProfileFiles& files, const std::string& name, std::size_t depth,
                              const std::stop_token& stop);
  Result<Credentials> of_credential_source(const std::string& name, std::string_view source,
                                           const std::stop_token& stop);

  Caller& caller_;
};

Result<Credentials> keys_of(const std::string& name, const Profile& profile) {
  return check_keys({std::string(setting(profile, "aws_access_key_id")),
                     std::string(setting(profile, "aws_secret_access_key")),
                     std::string(setting(profile, "aws_session_token")),
                     {},
                     "profile '" + name + "'"});
}

Result<Credentials> ProfileCredentials::of_profile(const ProfileFiles& files,
                                                   const std::string& name, std::size_t depth,
                                                   const std::stop_token& stop) {
  const Profile* profile = files.find(name);
  if (profile == nullptr) return bad_profile(name, "is not in " + files.looked_in);
  if (!setting(*profile, "role_arn").empty()) return of_role(files, name, depth, stop);
  if (!setting(*profile, "aws_access_key_id").empty()) return keys_of(name, *profile);
  for (const char* other : {"credential_process", "sso_session", "sso_start_url"}) {
    if (!setting(*profile, other).empty())
      return bad_profile(name, std::string("has ") + other +
                                   ", which is not supported: expected keys, role_arn or "
                                   "web_identity_token_file");
  }
  return fail(ErrorCode::not_found, "has no aws_access_key_id and no role_arn");
}

Result<Credentials> ProfileCredentials::of_role(const ProfileFiles& files, const std::string& name,
                                                std::size_t depth, const std::stop_token& stop) {
  const Profile& profile = *files.find(name);
  const auto role = role_of(name, profile);
  if (!role) return tl::unexpected(role.error());
  if (const auto token = setting(profile, "web_identity_token_file"); !token.empty())
    return assume_role_with_token_file(caller_, *role, std::string(token), stop);
  if (depth == 0)
    return bad_profile(name,
                       "is at the end of a chain of source_profile that is "
                       "too long, or a circle");
  const std::string source(setting(profile, "source_profile"));
  const auto named = setting(profile, "credential_source");
  if (source.empty() && named.empty())
    return bad_profile(name,
                       "has role_arn: expected source_profile, credential_source or "
                       "web_identity_token_file beside it");
  if (source.empty()) {
    auto base = of_credential_source(name, named, stop);
    return base ? assume_role(caller_, *base, *role, stop) : base;
  }
  // A profile may name itself: its own keys assume its role.
  const Profile* own = source == name ? &profile : nullptr;
  auto base = own != nullptr ? keys_of(name, *own) : of_profile(files, source, depth - 1, stop);
  if (!base && base.error().code == ErrorCode::not_found)
    return bad_profile(source, base.error().message);
  return base ? assume_role(caller_, *base, *role, stop) : base;
}

Result<Credentials> ProfileCredentials::of_credential_source(const std::string& name,
                                                             std::string_view source,
                                                             const std::stop_token& stop) {
  std::unique_ptr<CredentialsProvider> provider;
  if (source == "Environment") provider = make_environment_credentials(caller_);
  if (source == "EcsContainer") provider = make_container_credentials(caller_);
  if (source == "Ec2InstanceMetadata") provider = make_instance_credentials(caller_);
  if (!provider)
    return bad_profile(name, "has credential_source '" + std::string(source) +
                                 "': expected Environment, EcsContainer or Ec2InstanceMetadata");
  auto found = provider->fetch(stop);
  if (!found && found.error().code == ErrorCode::not_found)
    return bad_profile(
        name, "has credential_source " + std::string(source) + ": " + found.error().message);
  return found;
}

}  // namespace

std::unique_ptr<CredentialsProvider> make_profile_credentials(Caller& caller) {
  return std::make_unique<ProfileCredentials>(caller);
}

}  // namespace trailsift::aws
