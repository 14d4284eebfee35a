#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "aws/credentials.h"
#include "aws/failure.h"
#include "aws/http_client.h"
#include "aws/session.h"
#include "aws/settings.h"
#include "schema/error.h"

namespace trailsift::aws {

/// One call of one service.
struct Call {
  Service service = Service::s3;
  CallNames names;     ///< Without service and credentials: they are filled in.
  std::string region;  ///< That the signature is for.
  HttpRequest http;    ///< Without what a signature adds.
  bool is_signed = true;
  const Credentials* credentials = nullptr;  ///< Instead of the session's.
  /// Called before every attempt, so that a repeated one asks for the rest only.
  std::function<void(HttpRequest& request)> before_attempt;
};

/// A call that failed: the error for the caller and AWS's own words, if it was AWS that refused.
struct CallError {
  Error error;
  Failure failure;
};
using CallResult = tl::expected<HttpResponse, CallError>;

/// Signs, sends and repeats calls: what aws/session.h promises of them. Any thread.
class Caller {
 public:
  static Result<std::unique_ptr<Caller>> make(const SessionOptions& options, Settings settings);
  ~Caller();
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  CallResult try_call(Call call, const std::stop_token& stop);
  Result<HttpResponse> call(Call call, const std::stop_token& stop);

  /// A request to something that is not an AWS service (metadata), not signed and not repeated.
  Result<HttpResponse> send(const HttpRequest& request, const std::stop_token& stop) {
    return http_->send(request, stop);
  }

  /// Where `service` is asked in `region`: as configured, or by default.
  std::string origin(Service service, const std::string& region) const;
  /// Then it may be http.
  bool is_overridden(Service service) const;

  Result<std::string> region(const std::stop_token& stop);
  CredentialsCache& credentials() { return *credentials_; }

  /// The region that S3 named for a bucket, or "". At most kMaxRememberedBuckets are kept.
  std::string bucket_region(const std::string& bucket);
  void remember_bucket(const std::string& bucket, const std::string& region);

  const SessionOptions& options() const { return options_; }
  const Settings& settings() const { return settings_; }

 private:
  Caller(const SessionOptions& options, Settings settings, std::unique_ptr<HttpClient> http);
  struct Attempts;
  Result<void> sign(const Call& call, Attempts& attempts, const std::stop_token& stop);
  bool may_repeat(const CallError& error, Attempts& attempts, const std::stop_token& stop);

  const SessionOptions options_;
  const Settings settings_;
  const std::unique_ptr<HttpClient> http_;
  std::unique_ptr<CredentialsCache> credentials_;

  std::mutex mutex_;  // Guards everything below.
  std::string region_;
  std::map<std::string, std::string> bucket_regions_;
};

constexpr std::size_t kMaxRememberedBuckets = 10'000;

}  // namespace trailsift::aws
