#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "aws/session.h"
#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::aws {

constexpr std::size_t kMaxBatch = 10;  ///< Messages in one call.

struct QueueMessage {
  std::string id;
  std::string receipt_handle;
  std::string body;
  std::uint32_t receive_count = 0;  ///< ApproximateReceiveCount: 1 at the first time.
  Timestamp sent;                   ///< SentTimestamp.
};

struct ReceiveOptions {
  std::size_t max_messages = kMaxBatch;  ///< 1 to 10.
  std::chrono::seconds wait{20};         ///< Long polling, 0 to 20.
  std::chrono::seconds visibility{-1};   ///< Hidden from others for so long; -1: as the queue says.
};

/// What became of one entry of a batch. Entries are told one by one: some may fail.
struct BatchOutcome {
  std::size_t index = 0;  ///< In the batch that was given.
  std::string code;       ///< AWS's, "": it succeeded.
  std::string message;
  bool sender_fault = false;  ///< true: repeating does not help.
};

/// One queue. Errors: aws/session.h. Any thread.
class Sqs {
 public:
  /// `queue`: URL, name or ARN. A name is looked up in the session's region and account, an ARN in
  /// its own (needs sqs:GetQueueUrl), at once. The region of a URL or ARN counts before the
  /// session's. A URL whose host is neither AWS's nor the configured endpoint's is refused.
  static Result<Sqs> open(Session& session, std::string queue, const std::stop_token& stop);

  const std::string& url() const { return url_; }

  /// Waits up to `options.wait` for messages; none is no error. Needs sqs:ReceiveMessage.
  Result<std::vector<QueueMessage>> receive(const ReceiveOptions& options,
                                            const std::stop_token& stop);

  /// At most kMaxBatch. The outcomes that are not successes. Needs sqs:DeleteMessage.
  Result<std::vector<BatchOutcome>> remove(std::span<const std::string> receipt_handles,
                                           const std::stop_token& stop);

  /// Hides the messages for `visibility` (0 to 43200 s) from now on; at most kMaxBatch. The
  /// outcomes that are not successes. Needs sqs:ChangeMessageVisibility.
  Result<std::vector<BatchOutcome>> extend(std::span<const std::string> receipt_handles,
                                           std::chrono::seconds visibility,
                                           const std::stop_token& stop);

  /// At most kMaxBatch. The outcomes that are not successes. Needs sqs:SendMessage.
  Result<std::vector<BatchOutcome>> send(std::span<const std::string> bodies,
                                         const std::stop_token& stop);

  /// All attributes, such as ApproximateNumberOfMessages, VisibilityTimeout, RedrivePolicy. Needs
  /// sqs:GetQueueAttributes.
  Result<std::map<std::string, std::string>> attributes(const std::stop_token& stop);

 private:
  Sqs(Session& session, std::string url, std::string region)
      : session_(&session), url_(std::move(url)), region_(std::move(region)) {}
  Session* session_;
  std::string url_;
  std::string region_;
};

}  // namespace trailsift::aws
