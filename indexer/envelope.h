#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/limits.h"
#include "indexer/object_event.h"
#include "indexer/sns_message.h"
#include "schema/error.h"

namespace trailsift::indexer {

/// One of several parts of a message that was not understood, or passed a limit.
struct RejectedPart {
  std::string place;  ///< Where in the message, such as "records[3].data".
  Error error;
  std::string excerpt;  ///< The part's first bytes, at most kMaxExcerptBytes.
};

/// What a message says once all its envelopes are taken off. What nobody has to do anything about
/// is counted in `notices`; every other part is in `objects`, `records` or `rejected`.
struct Envelope {
  /// Log files to fetch, in the order of the message.
  std::vector<ObjectRef> objects;
  /// Texts for read_records(). First, where there are any, all sound records of the message as
  /// one `{"Records":[…]}`, each byte for byte as it was sent. Then texts which are damaged and
  /// show records: the reader saves what can be saved and rejects the rest. Where it finds no log
  /// in one, that text is to be rejected as a whole.
  std::vector<std::string> records;
  std::array<std::uint64_t, kNotices> notices{};
  std::vector<RejectedPart> rejected;
  /// Set when the body is one message of SNS and nothing else, so that its signature covers all
  /// that is told here. Only then there is anything that a SnsVerifier can vouch for.
  std::optional<SnsMessage> sns;

  std::uint64_t count(Notice notice) const { return notices.at(static_cast<std::size_t>(notice)); }
};

/// Tells by the content alone what the body of a message is, and unwraps it as often as needed:
/// objects announced by CloudTrail, S3 and EventBridge; records from EventBridge, CloudWatch Logs,
/// Firehose, Kinesis, or plain; in SNS, SQS, gzip and base64 in any order. docs/ingest.md has the
/// table.
///
/// When nothing in it is understood, the Error says what was expected and what came, with a
/// position where the body itself is no JSON. Codes: bad_request, or too_large for a limit. Memory
/// is bounded by the body and the limits. Any thread.
Result<Envelope> unwrap(std::string_view body, const MessageLimits& limits = {});

}  // namespace trailsift::indexer
