#include "indexer/digest_check.h"

#include <utility>

#include "indexer/single_gzip.h"
#include "schema/sha256.h"

namespace trailsift::indexer {
namespace {

constexpr IngestLimits kDigestLimits{.max_inflated_bytes = 64ULL << 20};
constexpr IngestLimits kLogLimits{};
constexpr const char* kTrailing = "unexpected data after end of compressed stream";
constexpr const char* kGenerated = "backfill-generation-timestamp";
constexpr const char* kSignatureFailed = "signature verification failed";

FileVerdict with(Status status, Reason reason, std::string detail) {
  FileVerdict verdict;
  verdict.status = status;
  verdict.reason = reason;
  verdict.detail = std::move(detail);
  return verdict;
}

FileVerdict invalid(Reason reason, std::string detail) {
  return with(Status::invalid, reason, std::move(detail));
}

FileVerdict cannot_get(const Error& error) {
  if (error.code == ErrorCode::not_found) return invalid(Reason::not_found, "not found");
  return invalid(Reason::unreadable, error.message);
}

FileVerdict not_sound(GzipEnd end) {
  if (end == GzipEnd::trailing_data) return invalid(Reason::trailing_data, kTrailing);
  if (end == GzipEnd::damaged) return invalid(Reason::invalid_format, "invalid format");
  return invalid(Reason::invalid_format, "invalid format (inflates beyond the limits)");
}

std::optional<std::string> member(const ObjectStore::Object& object, const std::string& name) {
  const auto found = object.metadata.find(name);
  return found == object.metadata.end() ? std::nullopt : std::optional(found->second);
}

bool is_moved(const Digest& digest, const std::string& bucket, const DigestKey& key) {
  return digest.key != key.key || (!bucket.empty() && digest.bucket != bucket);
}

/// When the digest was signed. A backfill digest's hour may lie long before that.
Timestamp signed_at(const Digest& digest, const ObjectStore::Object& object) {
  const auto generated = member(object, kGenerated);
  if (!generated) return digest.end;
  const auto time = parse_time(*generated);
  return time ? *time : digest.end;
}

}  // namespace

Result<CheckedDigest> DigestChecker::check(const std::string& bucket, const DigestKey& key,
                                           const std::optional<ExpectedDigest>& expected) {
  const auto object = store_.get(bucket, key.key);
  auto checked = object ? verify(bucket, key, *object, expected)
                        : CheckedDigest{cannot_get(object.error()), std::nullopt};
  if (!checked) return checked;
  checked->verdict.kind = FileVerdict::Kind::digest;
  checked->verdict.backfill = key.backfill;
  checked->verdict.name = store_.name(bucket, key.key);
  return checked;
}

std::optional<ExpectedDigest> DigestChecker::testimony(const std::string& bucket,
                                                       const DigestKey& key,
                                                       const std::string& previous) {
  const auto object = store_.get(bucket, key.key);
  if (!object) return std::nullopt;
  std::string text;
  const GzipEnd end =
      inflate_single(object->bytes, kDigestLimits, [&](std::string_view piece) { text += piece; });
  const auto digest = parse_digest(text);
  if (end != GzipEnd::sound || !digest || digest->previous_key != previous) return std::nullopt;
  return ExpectedDigest{digest->previous_signature, digest->previous_sha256, false};
}

Result<CheckedDigest> DigestChecker::verify(const std::string& bucket, const DigestKey& key,
                                            const ObjectStore::Object& object,
                                            const std::optional<ExpectedDigest>& expected) {
  std::string text;
  const GzipEnd end =
      inflate_single(object.bytes, kDigestLimits, [&](std::string_view piece) { text += piece; });
  if (end != GzipEnd::sound) return CheckedDigest{not_sound(end), std::nullopt};
  auto digest = parse_digest(text);
  if (!digest) {
    return CheckedDigest{
        invalid(Reason::invalid_format, "invalid format (" + digest.error().message + ")"),
        std::nullopt};
  }
  if (store_.has_metadata() && key.backfill && !member(object, kGenerated)) {
    return CheckedDigest{invalid(Reason::invalid_format, "invalid format (expected metadata '" +
                                                             std::string(kGenerated) + "')"),
                         std::move(*digest)};
  }
  auto verdict = verify_signature(*digest, key, object, expected);
  if (is_moved(*digest, bucket, key)) {
    verdict = invalid(Reason::moved, "has been moved from its original location");
  }
  if (!verdict) return tl::unexpected(verdict.error());
  return CheckedDigest{std::move(*verdict), std::move(*digest)};
}

Result<FileVerdict> DigestChecker::verify_signature(const Digest& digest, const DigestKey& key,
                                                    const ObjectStore::Object& object,
                                                    const std::optional<ExpectedDigest>& expected) {
  std::optional<std::string> signature = member(object, "signature");
  const bool complete = signature && member(object, "signature-algorithm");
  if (store_.has_metadata() && !complete) {
    return invalid(Reason::signature_failed,
                   std::string(kSignatureFailed) + " (the object has none)");
  }
  const auto der = keys_.find(key.region, digest.fingerprint, signed_at(digest, object));
  if (!der && der.error().code != ErrorCode::not_found) return tl::unexpected(der.error());
  if (!der) {
    return invalid(Reason::unknown_key, "public key not found in region " + key.home_region +
                                            " for fingerprint " + digest.fingerprint);
  }
  const bool own = signature.has_value();
  if (!own && expected) signature = expected->signature;
  if (!signature) {
    return with(Status::unverified, Reason::signature_unknown, "signature unknown (no metadata)");
  }
  const auto fits = is_signed(string_to_sign(digest), *signature, *der);
  if (!fits) return tl::unexpected(fits.error());
  if (!*fits && !own && !expected->trusted) {
    return with(Status::unverified, Reason::signature_unknown,
                "signature unknown (the next digest, which holds it, is invalid)");
  }
  if (!*fits) return invalid(Reason::signature_failed, kSignatureFailed);
  if (expected && expected->trusted && expected->sha256 && *expected->sha256 != digest.sha256) {
    return invalid(Reason::chain_mismatch, "hash value doesn't match the one in the next digest");
  }
  return FileVerdict{};
}

FileVerdict check_log_file(ObjectStore& store, const DigestLogFile& file, bool digest_is_valid) {
  const auto check = [&]() -> FileVerdict {
    const auto object = store.get(file.bucket, file.key);
    if (!object) return cannot_get(object.error());
    Sha256 hash;
    const GzipEnd end = inflate_single(object->bytes, kLogLimits,
                                       [&](std::string_view piece) { hash.update(piece); });
    if (end != GzipEnd::sound) return not_sound(end);
    if (hash.hex() != file.sha256) {
      return invalid(Reason::hash_mismatch, "hash value doesn't match");
    }
    if (digest_is_valid) return FileVerdict{};
    return with(Status::unverified, Reason::digest_not_verified, "its digest is not verified");
  };
  FileVerdict verdict = check();
  verdict.name = store.name(file.bucket, file.key);
  if (verdict.status == Status::valid) verdict.integrity = Integrity::verified;
  if (verdict.status == Status::invalid) verdict.integrity = Integrity::tampered;
  if (verdict.reason == Reason::not_found) verdict.integrity = Integrity::missing;
  if (verdict.reason == Reason::unreadable) verdict.integrity = Integrity::unverified;
  return verdict;
}

}  // namespace trailsift::indexer
