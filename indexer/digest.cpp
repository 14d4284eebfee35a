#include "indexer/digest.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include "schema/sha256.h"

namespace trailsift::indexer {
namespace {

using rapidjson::Value;

constexpr std::size_t kSha256Digits = 64;
constexpr std::size_t kMd5Digits = 32;
constexpr std::size_t kMostTimeBytes = 40;
constexpr std::size_t kMostSignatureDigits = 4096;  // 16,384 bits.
constexpr std::size_t kMostBucketBytes = 255;
constexpr std::size_t kMostKeyBytes = 1024;  // S3's own limit.
constexpr unsigned kParseFlags =
    rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;

tl::unexpected<Error> wrong(std::string_view member, std::string_view expected) {
  return fail(ErrorCode::corrupt,
              "expected '" + std::string(member) + "' to be " + std::string(expected));
}

/// The members of one object, each told apart by name. Borrows the object.
class Members {
 public:
  explicit Members(const Value& object) : object_(object) {}

  /// The one member of this name; nullptr when it is missing, or given twice, which readers would
  /// understand differently.
  const Value* find(std::string_view name) const {
    const Value* found = nullptr;
    for (const auto& member : object_.GetObject()) {
      if (std::string_view(member.name.GetString(), member.name.GetStringLength()) != name) {
        continue;
      }
      if (found != nullptr) return nullptr;
      found = &member.value;
    }
    return found;
  }

  Result<std::string> text(std::string_view name, std::size_t most_bytes) const {
    const Value* const value = find(name);
    if (value == nullptr || !value->IsString()) return wrong(name, "one string");
    if (value->GetStringLength() == 0 || value->GetStringLength() > most_bytes) {
      return wrong(name, "1 to " + std::to_string(most_bytes) + " bytes");
    }
    return std::string(value->GetString(), value->GetStringLength());
  }

  Result<std::string> hex(std::string_view name, std::size_t digits) const {
    auto value = text(name, kMostSignatureDigits);
    if (!value) return value;
    const bool whole = digits == 0 || value->size() == digits;
    const bool all_digits = std::ranges::all_of(*value, [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
    if (!whole || !all_digits) {
      return wrong(name, digits == 0 ? std::string("hexadecimal digits")
                                     : std::to_string(digits) + " hexadecimal digits");
    }
    return value;
  }

  /// True when the member is there and null.
  bool is_null(std::string_view name) const {
    const Value* const value = find(name);
    return value != nullptr && value->IsNull();
  }

 private:
  const Value& object_;
};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

/// What Members gives, put where it belongs; the first failure stays.
class Reading {
 public:
  void put(std::string& to, Result<std::string> text) {
    if (!text) return keep(std::move(text.error()));
    to = std::move(*text);
  }
  void put(std::optional<std::string>& to, const Members& members, std::string_view name,
           Result<std::string> text) {
    if (members.is_null(name)) return;
    to.emplace();
    put(*to, std::move(text));
  }
  void put(Timestamp& to, const std::string& text, std::string_view name) {
    const auto time = parse_time(text);
    if (!time) return keep(wrong(name, "a time").value());
    to = *time;
  }
  void keep(Error error) {
    if (!failure_) failure_ = std::move(error);
  }
  const std::optional<Error>& failure() const { return failure_; }

 private:
  std::optional<Error> failure_;
};

void read_previous(const Members& members, Digest& digest, Reading& reading) {
  const auto text = [&](std::string_view name, std::size_t most, std::optional<std::string>& to) {
    reading.put(to, members, name, members.text(name, most));
  };
  text("previousDigestS3Bucket", kMostBucketBytes, digest.previous_bucket);
  text("previousDigestS3Object", kMostKeyBytes, digest.previous_key);
  constexpr std::string_view kHash = "previousDigestHashValue";
  reading.put(digest.previous_sha256, members, kHash, members.hex(kHash, kSha256Digits));
  // The signed text has it as it stands here, so its case stays.
  constexpr std::string_view kSignature = "previousDigestSignature";
  reading.put(digest.previous_signature, members, kSignature, members.hex(kSignature, 0));
  if (digest.previous_sha256) digest.previous_sha256 = lower(std::move(*digest.previous_sha256));
  if (digest.previous_bucket.has_value() != digest.previous_key.has_value()) {
    reading.keep(wrong("previousDigestS3Object", "null where previousDigestS3Bucket is").value());
  }
}

void read_log_file(const Value& value, Digest& digest, Reading& reading) {
  if (!value.IsObject()) return reading.keep(wrong("logFiles", "objects").value());
  const Members members(value);
  DigestLogFile file;
  reading.put(file.bucket, members.text("s3Bucket", kMostBucketBytes));
  reading.put(file.key, members.text("s3Object", kMostKeyBytes));
  reading.put(file.sha256, members.hex("hashValue", kSha256Digits));
  file.sha256 = lower(std::move(file.sha256));
  const auto algorithm = members.text("hashAlgorithm", kMostBucketBytes);
  if (!algorithm || *algorithm != "SHA-256") {
    reading.keep(wrong("hashAlgorithm", "'SHA-256'").value());
  }
  digest.log_files.push_back(std::move(file));
}

void read_log_files(const Members& members, Digest& digest, Reading& reading) {
  const Value* const files = members.find("logFiles");
  if (files == nullptr || !files->IsArray()) {
    return reading.keep(wrong("logFiles", "one array").value());
  }
  digest.log_files.reserve(files->Size());
  for (const Value& file : files->GetArray()) {
    if (reading.failure()) return;
    read_log_file(file, digest, reading);
  }
}

}  // namespace

Result<Digest> parse_digest(std::string_view json) {
  rapidjson::Document document;
  document.Parse<kParseFlags>(json.data(), json.size());
  if (document.HasParseError()) {
    return fail(ErrorCode::corrupt, std::string("expected JSON: ") +
                                        rapidjson::GetParseError_En(document.GetParseError()));
  }
  if (!document.IsObject()) return fail(ErrorCode::corrupt, "expected one JSON object");
  const Members members(document);
  Digest digest;
  Reading reading;
  reading.put(digest.bucket, members.text("digestS3Bucket", kMostBucketBytes));
  reading.put(digest.key, members.text("digestS3Object", kMostKeyBytes));
  reading.put(digest.start_text, members.text("digestStartTime", kMostTimeBytes));
  reading.put(digest.end_text, members.text("digestEndTime", kMostTimeBytes));
  reading.put(digest.start, digest.start_text, "digestStartTime");
  reading.put(digest.end, digest.end_text, "digestEndTime");
  reading.put(digest.fingerprint, members.hex("digestPublicKeyFingerprint", kMd5Digits));
  digest.fingerprint = lower(std::move(digest.fingerprint));
  read_previous(members, digest, reading);
  read_log_files(members, digest, reading);
  if (digest.end < digest.start) {
    reading.keep(wrong("digestEndTime", "not before digestStartTime").value());
  }
  if (reading.failure()) return tl::unexpected(*reading.failure());
  digest.sha256 = sha256_hex(json);
  return digest;
}

std::string string_to_sign(const Digest& digest) {
  return digest.end_text + "\n" + digest.bucket + "/" + digest.key + "\n" + digest.sha256 + "\n" +
         digest.previous_signature.value_or("null");
}

}  // namespace trailsift::indexer
