#include "aws/call.h"

#include <utility>

#include "aws/credentials_chain.h"
#include "aws/instance_metadata.h"
#include "aws/retry.h"

namespace trailsift::aws {

/// How far one call has come.
struct Caller::Attempts {
  std::size_t made = 0;
  HttpRequest request;
  std::string access_key_id;
  std::string source;
  bool credentials_renewed = false;
};

Result<std::unique_ptr<Caller>> Caller::make(const SessionOptions& options, Settings settings) {
  HttpOptions http_options = options.http;
  http_options.ca_file = settings.ca_file;
  auto http = HttpClient::make(std::move(http_options));
  if (!http) return tl::unexpected(http.error());
  std::unique_ptr<Caller> caller(new Caller(options, std::move(settings), std::move(*http)));
  caller->credentials_ =
      std::make_unique<CredentialsCache>(make_credentials_chain(*caller), caller->options_.clock);
  return caller;
}

Caller::Caller(const SessionOptions& options, Settings settings, std::unique_ptr<HttpClient> http)
    : options_(options),
      settings_(std::move(settings)),
      http_(std::move(http)),
      region_(settings_.region) {}

Caller::~Caller() = default;

Result<void> Caller::sign(const Call& call, Attempts& attempts, const std::stop_token& stop) {
  attempts.request = call.http;
  if (!call.is_signed) return {};
  Credentials credentials;
  if (call.credentials != nullptr) {
    credentials = *call.credentials;
  } else {
    auto found = credentials_->get(stop);
    if (!found) return tl::unexpected(found.error());
    credentials = std::move(*found);
  }
  attempts.access_key_id = credentials.access_key_id;
  attempts.source = credentials.source;
  // curl makes and signs the other headers; the token has to stand among those that are signed.
  if (!credentials.session_token.empty())
    attempts.request.headers.push_back({"x-amz-security-token", credentials.session_token});
  attempts.request.signature =
      RequestSignature{credentials.access_key_id, credentials.secret_access_key, call.region,
                       std::string(name(call.service))};
  return {};
}

bool Caller::may_repeat(const CallError& error, Attempts& attempts, const std::stop_token& stop) {
  const Remedy remedy = error.failure.status == 0 ? Remedy::none : remedy_of(error.failure);
  if (remedy == Remedy::new_credentials) {
    if (attempts.credentials_renewed || attempts.access_key_id.empty()) return false;
    attempts.credentials_renewed = true;
    credentials_->reject(attempts.access_key_id);
    const auto renewed = credentials_->get(stop);
    return renewed && renewed->access_key_id != attempts.access_key_id;
  }
  if (error.error.code != ErrorCode::unavailable) return false;
  if (attempts.made >= options_.retry.max_attempts) return false;
  return pause(backoff(options_.retry, attempts.made), stop);
}

CallResult Caller::try_call(Call call, const std::stop_token& stop) {
  call.names.service = name(call.service);
  Attempts attempts;
  while (true) {
    if (auto ready = sign(call, attempts, stop); !ready) {
      Error error = std::move(ready.error());
      error.message = cannot_call(call.names) + ": " + error.message;
      return tl::unexpected(CallError{std::move(error), {}});
    }
    if (call.credentials != nullptr) attempts.access_key_id.clear();  // Not ours to renew.
    call.names.credentials = attempts.source;
    if (call.before_attempt) call.before_attempt(attempts.request);
    ++attempts.made;
    auto response = http_->send(attempts.request, stop);
    if (response && response->ok()) return std::move(*response);

    CallError error;
    if (response) {
      error.failure = parse_failure(*response);
      error.error = to_error(error.failure, call.names);
    } else {
      error.error = std::move(response.error());
      error.error.message = cannot_call(call.names) + ": " + error.error.message;
    }
    if (may_repeat(error, attempts, stop)) continue;
    if (stop.stop_requested() && error.error.code == ErrorCode::unavailable)
      error.error.code = ErrorCode::cancelled;
    if (attempts.made > 1)
      error.error.message += ", after " + std::to_string(attempts.made) + " attempts";
    return tl::unexpected(std::move(error));
  }
}

Result<HttpResponse> Caller::call(Call call, const std::stop_token& stop) {
  auto response = try_call(std::move(call), stop);
  if (!response) return tl::unexpected(std::move(response.error().error));
  return std::move(*response);
}

bool Caller::is_overridden(Service service) const {
  return !settings_.endpoints.of(service).empty();
}

std::string Caller::origin(Service service, const std::string& region) const {
  if (!is_overridden(service)) return default_origin(service, region).text();
  // It was looked at when the session was opened.
  return parse_origin(settings_.endpoints.of(service))->text();
}

Result<std::string> Caller::region(const std::stop_token& stop) {
  {
    const std::lock_guard lock(mutex_);
    if (!region_.empty()) return region_;
  }
  auto asked = instance_region(*this, stop);
  if (!asked)
    return fail(
        asked.error().code == ErrorCode::cancelled ? ErrorCode::cancelled : ErrorCode::not_found,
        "no AWS region: expected an option, AWS_REGION, AWS_DEFAULT_REGION, 'region' in "
        "the profile '" +
            settings_.profile + "', or an EC2 instance (" + asked.error().message + ")");
  const std::lock_guard lock(mutex_);
  region_ = *asked;
  return region_;
}

std::string Caller::bucket_region(const std::string& bucket) {
  const std::lock_guard lock(mutex_);
  const auto found = bucket_regions_.find(bucket);
  return found == bucket_regions_.end() ? std::string() : found->second;
}

void Caller::remember_bucket(const std::string& bucket, const std::string& region) {
  const std::lock_guard lock(mutex_);
  if (bucket_regions_.size() >= kMaxRememberedBuckets) bucket_regions_.clear();
  bucket_regions_[bucket] = region;
}

}  // namespace trailsift::aws
