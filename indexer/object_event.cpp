#include "indexer/object_event.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

#include "indexer/quoted.h"

namespace trailsift::indexer {
namespace {

constexpr std::array<std::string_view, kNotices> kNames = {
    "s3_test_event",
    "validation_message",
    "control_message",
    "subscription_confirmation",
    "unsubscribe_confirmation",
    "digest",
    "config",
    "object_removed",
    "other_event",
    "other_object",
    "nothing",
};

// The limits of S3. Buckets of the first years had up to 255 bytes, upper case and underscores.
constexpr std::size_t kMaxBucketBytes = 255;
constexpr std::size_t kMaxKeyBytes = 1024;

bool is_bucket_byte(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte == '.' || byte == '-' || byte == '_';
}

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

std::vector<std::string_view> split(std::string_view key) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= key.size();) {
    const std::size_t end = std::min(key.find('/', begin), key.size());
    parts.push_back(key.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

bool is_account(std::string_view part) {
  return part.size() == 12 && std::ranges::all_of(part, is_digit);
}

struct Layout {
  std::string_view account;
  std::string_view service;
};

/// What `[prefix/]AWSLogs/[o-ORG/]ACCOUNT/SERVICE/…` tells, as far as a key has it.
Layout layout_of(const std::vector<std::string_view>& parts) {
  auto at = std::ranges::find(parts, "AWSLogs");
  if (at == parts.end() || ++at == parts.end()) return {};
  if (at->starts_with("o-") && ++at == parts.end()) return {};
  if (!is_account(*at)) return {};
  const std::string_view account = *at;
  return {account, ++at == parts.end() ? std::string_view() : *at};
}

Result<Announcement> announce(ObjectRef object) {
  if (object.bucket.size() < 3 || object.bucket.size() > kMaxBucketBytes ||
      !std::ranges::all_of(object.bucket, is_bucket_byte)) {
    return fail(ErrorCode::bad_request,
                "expected the name of a bucket, got " + quoted(object.bucket));
  }
  if (object.key.empty() || object.key.size() > kMaxKeyBytes) {
    return fail(ErrorCode::bad_request, "expected a key of 1 to 1024 bytes, got " +
                                            std::to_string(object.key.size()) + " bytes");
  }
  if (const auto notice = notice_of_key(object.key)) return *notice;
  return object;
}

/// Bucket, key and size under the names that notifications and EventBridge share.
Result<ObjectRef> read_object(const JsonValue* bucket, const JsonValue* object) {
  ObjectRef ref;
  if (bucket == nullptr || object == nullptr) {
    return fail(ErrorCode::bad_request, "expected a 'bucket' and an 'object', got neither or one");
  }
  const auto members = object->members();
  auto name = find_string(bucket->members(), "name");
  auto key = find_string(members, "key");
  if (!name || !key) {
    return fail(ErrorCode::bad_request, "expected the bucket's 'name' and the object's 'key'");
  }
  ref.bucket = std::move(*name);
  ref.key = std::move(*key);
  if (const JsonValue* size = find(members, "size")) ref.size = size->unsigned_integer();
  for (const std::string_view spelling : {"versionId", "version-id"}) {
    if (auto version = find_string(members, spelling)) ref.version = std::move(version);
  }
  for (const std::string_view spelling : {"eTag", "etag"}) {
    if (auto etag = find_string(members, spelling)) ref.etag = std::move(*etag);
  }
  return ref;
}

/// Events have names such as `ObjectRemoved:Delete`, older ones with `s3:` before.
std::optional<Notice> notice_of_event(std::string_view event) {
  if (event.starts_with("s3:")) event.remove_prefix(3);
  if (event.starts_with("ObjectCreated:")) return std::nullopt;
  if (event == "TestEvent") return Notice::s3_test_event;
  const bool removed =
      event.starts_with("ObjectRemoved:") || event.starts_with("LifecycleExpiration:");
  return removed ? Notice::object_removed : Notice::other_event;
}

std::optional<unsigned char> hexadecimal(std::string_view digits) {
  unsigned char byte = 0;
  if (digits.size() != 2) return std::nullopt;
  const auto [behind, error] = std::from_chars(digits.data(), digits.data() + 2, byte, 16);
  return error == std::errc{} && behind == digits.data() + 2 ? std::optional(byte) : std::nullopt;
}

}  // namespace

std::string_view name(Notice notice) {
  return kNames.at(static_cast<std::size_t>(notice));
}

std::optional<Notice> notice_of_key(std::string_view key) {
  const auto parts = split(key);
  const std::string_view file = parts.back();
  const std::string_view service = layout_of(parts).service;
  if (file.empty()) return Notice::other_object;  // A folder, as consoles make them.
  if (std::ranges::find(parts, "CloudTrail-Digest") != parts.end() ||
      file.find("_CloudTrail-Digest_") != std::string_view::npos) {
    return Notice::digest;
  }
  if (service == "Config" || file.find("_Config_") != std::string_view::npos) return Notice::config;
  if (service.empty() || service.starts_with("CloudTrail")) return std::nullopt;
  return Notice::other_object;
}

std::string_view account_of_key(std::string_view key) {
  return layout_of(split(key)).account;
}

std::string form_decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = text[at] == '%' ? hexadecimal(text.substr(at + 1, 2)) : std::nullopt;
    if (byte) at += 2;
    decoded += byte ? static_cast<char>(*byte) : (text[at] == '+' ? ' ' : text[at]);
  }
  return decoded;
}

Result<Announcement> read_s3_event(const std::vector<JsonMember>& members) {
  const std::string version = find_string(members, "eventVersion").value_or("none");
  if (!version.starts_with("2.")) {
    return fail(ErrorCode::bad_request,
                "expected version 2 of S3's event notifications, got " + quoted(version));
  }
  const auto event = find_string(members, "eventName");
  if (!event) return fail(ErrorCode::bad_request, "expected an 'eventName', got none");
  if (const auto notice = notice_of_event(*event)) return *notice;

  const auto s3 = find(members, "s3")->members();
  auto object = read_object(find(s3, "bucket"), find(s3, "object"));
  if (!object) return tl::unexpected(object.error());
  object->key = form_decoded(object->key);
  return announce(std::move(*object));
}

Result<Announcement> read_eventbridge_s3_event(const std::vector<JsonMember>& members) {
  const std::string event = find_string(members, "detail-type").value_or("");
  if (event == "Object Deleted") return Notice::object_removed;
  if (event != "Object Created") return Notice::other_event;
  const JsonValue* detail = find(members, "detail");
  if (detail == nullptr) return fail(ErrorCode::bad_request, "expected a 'detail', got none");
  const auto inside = detail->members();
  auto object = read_object(find(inside, "bucket"), find(inside, "object"));
  if (!object) return tl::unexpected(object.error());
  object->may_be_encoded = object->key.find_first_of("%+") != std::string::npos;
  return announce(std::move(*object));
}

Result<Announcement> read_cloudtrail_object(const JsonValue& bucket, const JsonValue& key) {
  auto bucket_name = bucket.string();
  auto key_text = key.string();
  if (!bucket_name || !key_text) {
    return fail(ErrorCode::bad_request,
                "expected 's3Bucket' and 's3ObjectKey' to be texts, or a list of texts");
  }
  ObjectRef object;
  object.bucket = std::move(*bucket_name);
  object.key = std::move(*key_text);
  return announce(std::move(object));
}

}  // namespace trailsift::indexer
