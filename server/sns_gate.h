#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <stop_token>
#include <string>

#include <boost/asio/thread_pool.hpp>

#include "indexer/sns_message.h"
#include "schema/error.h"
#include "server/sources.h"

namespace trailsift::server {

/// What a body that nobody else vouches for turned out to be.
struct SnsExamined {
  indexer::SnsMessage message;
  bool done_before = false;  ///< It is here already; its sender missed the answer.
};

/// Gets a URL of SNS; an Error unless the answer is a success.
using UrlGetter = std::function<Result<void>(const std::string& url, const std::stop_token& stop)>;

/// Looks at messages of SNS before anything is unwrapped, and confirms subscriptions. Certificates
/// and confirmations are fetched, so this has threads of its own: whoever posts forged messages
/// makes nobody wait but other messages of SNS. Any thread.
class SnsGate {
 public:
  /// Borrows `sources`, which has a verifier. `get` unset: over HTTPS, from public addresses.
  SnsGate(Sources& sources, UrlGetter get, std::function<void(const std::string&)> log);
  /// Stops as stop() does.
  ~SnsGate();
  SnsGate(const SnsGate&) = delete;
  SnsGate& operator=(const SnsGate&) = delete;

  /// On a thread of the gate's, with the body as it came. Errors: `denied` when it is no message of
  /// an allowed topic, so that no signature could help; `bad_request` when it is one and must not
  /// be believed; `unavailable` when that cannot be told, or a subscription not be confirmed, now.
  using Examined = std::function<void(std::string body, Result<SnsExamined> examined)>;

  /// False, and nothing is done, when too many messages wait already.
  bool examine(std::string body, Examined done);

  /// Verifies a SubscriptionConfirmation of somebody who may post anyway, and confirms it. On a
  /// thread of the gate's; errors and the answer as for examine().
  bool confirm(const indexer::SnsMessage& message, std::function<void(Result<void>)> done);

  /// Ends calls under way, and drops what waits without telling.
  void stop();

 private:
  bool run(std::function<void()> job);
  Result<SnsExamined> look_at(const std::string& body);
  /// By SNS's API, and where that fails by the message's URL. Nothing to do for one that was
  /// confirmed before.
  Result<void> confirm_now(const indexer::SnsMessage& message);

  Sources& sources_;
  const std::function<void(const std::string&)> log_;
  const UrlGetter get_;
  std::stop_source stop_;
  std::atomic<std::size_t> waiting_{0};
  boost::asio::thread_pool threads_;
};

}  // namespace trailsift::server
