#include "aws/session.h"

#include <cstdlib>
#include <utility>

#include "aws/call.h"

namespace trailsift::aws {
namespace {

std::optional<std::string> process_variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

}  // namespace

Result<std::unique_ptr<Session>> Session::open(SessionOptions options) {
  if (!options.environment) options.environment = process_variable;
  if (!options.clock) options.clock = [] { return std::chrono::system_clock::now(); };
  auto settings = resolve(options);
  if (!settings) return tl::unexpected(settings.error());
  std::unique_ptr<Session> session(new Session(std::move(options)));
  auto caller = Caller::make(session->options_, std::move(*settings));
  if (!caller) return tl::unexpected(caller.error());
  session->caller_ = std::move(*caller);
  return session;
}

Session::Session(SessionOptions options) : options_(std::move(options)) {}
Session::~Session() = default;

Result<std::string> Session::region(const std::stop_token& stop) {
  return caller_->region(stop);
}

Result<Session::Identity> Session::identity(const std::stop_token& stop) {
  auto found = caller_->credentials().get(stop);
  if (!found) return tl::unexpected(found.error());
  return Identity{found->access_key_id, found->source, found->expires};
}

Result<std::unique_ptr<Session>> Session::assume(AssumeRoleOptions role) const {
  SessionOptions options = options_;
  options.roles.push_back(std::move(role));
  return open(std::move(options));
}

}  // namespace trailsift::aws
