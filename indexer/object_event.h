#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "indexer/json_value.h"
#include "schema/error.h"

namespace trailsift::indexer {

/// A delivered object that a message announces.
struct ObjectRef {
  std::string bucket;
  std::string key;
  std::optional<std::string> version;
  std::string etag;                   ///< Without quotes; "" when it was not told.
  std::optional<std::uint64_t> size;  ///< In bytes, when it was told.
  /// Where S3 has no such key, form_decoded(key) may be it.
  bool may_be_encoded = false;

  friend bool operator==(const ObjectRef&, const ObjectRef&) = default;
};

/// Why a message, or a part of it, needs nothing but to be acknowledged.
enum class Notice : std::uint8_t {
  s3_test_event,
  validation_message,  ///< CloudTrail tries whether it may publish.
  control_message,     ///< CloudWatch Logs tries whether it can deliver.
  subscription_confirmation,
  unsubscribe_confirmation,
  digest,
  config,
  object_removed,
  other_event,   ///< Of an object that was neither created nor removed: tags, access lists.
  other_object,  ///< What another service delivers, or no file at all.
  nothing,       ///< An empty record or list.
};

constexpr std::size_t kNotices = 11;

/// The notice's name in lists and metrics, such as "s3_test_event".
std::string_view name(Notice notice);

using Announcement = std::variant<ObjectRef, Notice>;

/// What the key of an object tells against fetching it. Only what is surely no log of CloudTrail:
/// people copy logs to any place, and the reader of files looks at the content anyway.
std::optional<Notice> notice_of_key(std::string_view key);

/// The account whose logs lie there by CloudTrail's layout, or "". Borrows the key.
std::string_view account_of_key(std::string_view key);

/// `+` is a space and `%41` an A; anything that is not so encoded stays as it is.
std::string form_decoded(std::string_view text);

/// One element of the `Records` of an S3 event notification.
Result<Announcement> read_s3_event(const std::vector<JsonMember>& members);

/// An event of Amazon S3 on EventBridge.
Result<Announcement> read_eventbridge_s3_event(const std::vector<JsonMember>& members);

/// One bucket and key of CloudTrail's own message.
Result<Announcement> read_cloudtrail_object(const JsonValue& bucket, const JsonValue& key);

}  // namespace trailsift::indexer
