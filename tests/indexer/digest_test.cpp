#include "indexer/digest.h"

#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "schema/sha256.h"

namespace trailsift::indexer {
namespace {

const std::string kHash(64, 'a');

/// A digest's text with `from` replaced by `to`.
std::string digest_text(std::string_view from = "", std::string_view to = "") {
  std::string text = R"({"awsAccountId":"111122223333",)"
                     R"("digestStartTime":"2026-07-29T20:00:00Z",)"
                     R"("digestEndTime":"2026-07-29T21:00:00Z",)"
                     R"("digestS3Bucket":"logs","digestS3Object":"AWSLogs/d.json.gz",)"
                     R"("digestPublicKeyFingerprint":"31e8b5433410dfb61a9dc45cc65b22ff",)"
                     R"("previousDigestS3Bucket":"old","previousDigestS3Object":"AWSLogs/c",)"
                     R"("previousDigestHashValue":")" +
                     kHash +
                     R"(","previousDigestHashAlgorithm":"SHA-256",)"
                     R"("previousDigestSignature":"50AB","logFiles":[{"s3Bucket":"logs",)"
                     R"("s3Object":"AWSLogs/l.json.gz","hashValue":")" +
                     std::string(64, 'B') + R"(","hashAlgorithm":"SHA-256"}]})";
  if (from.empty()) return text;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Digest, HasItsMembers) {
  const auto digest = parse_digest(digest_text());
  ASSERT_TRUE(digest) << digest.error().message;
  EXPECT_EQ(digest->bucket, "logs");
  EXPECT_EQ(digest->key, "AWSLogs/d.json.gz");
  EXPECT_EQ(format_time(digest->start), "2026-07-29T20:00:00Z");
  EXPECT_EQ(format_time(digest->end), "2026-07-29T21:00:00Z");
  EXPECT_EQ(digest->fingerprint, "31e8b5433410dfb61a9dc45cc65b22ff");
  EXPECT_EQ(digest->previous_bucket, "old");
  EXPECT_EQ(digest->previous_key, "AWSLogs/c");
  EXPECT_EQ(digest->previous_sha256, kHash);
  ASSERT_EQ(digest->log_files.size(), 1U);
  EXPECT_EQ(digest->log_files[0].bucket, "logs");
  EXPECT_EQ(digest->log_files[0].key, "AWSLogs/l.json.gz");
  EXPECT_EQ(digest->log_files[0].sha256, std::string(64, 'b'));
  EXPECT_EQ(digest->sha256, sha256_hex(digest_text()));
}

TEST(Digest, SaysWhatCloudTrailSigns) {
  const auto digest = parse_digest(digest_text());
  ASSERT_TRUE(digest);
  EXPECT_EQ(string_to_sign(*digest), "2026-07-29T21:00:00Z\nlogs/AWSLogs/d.json.gz\n" +
                                         sha256_hex(digest_text()) + "\n50AB");
  const std::string first =
      digest_text(R"("previousDigestSignature":"50AB")", R"("previousDigestSignature":null)");
  const auto starting = parse_digest(first);
  ASSERT_TRUE(starting);
  EXPECT_TRUE(string_to_sign(*starting).ends_with("\n" + sha256_hex(first) + "\nnull"));
}

TEST(Digest, RefusesWhatIsNone) {
  const std::string many(5000, '0');
  const std::pair<std::string, std::string_view> rows[] = {
      {"", "expected JSON: The document is empty."},
      {"[]", "expected one JSON object"},
      {R"({"Records":[]})", "expected 'digestS3Bucket' to be one string"},
      {digest_text() + "x",
       "expected JSON: The document root must not be followed by other "
       "values."},
      {digest_text("\"logs\"", "7"), "expected 'digestS3Bucket' to be one string"},
      {digest_text("\"logs\"", "\"\""), "expected 'digestS3Bucket' to be 1 to 255 bytes"},
      {digest_text("AWSLogs/d", many), "expected 'digestS3Object' to be 1 to 1024 bytes"},
      {digest_text("\"digestS3Bucket\":", "\"digestS3Bucket\":\"a\",\"digestS3Bucket\":"),
       "expected 'digestS3Bucket' to be one string"},
      {digest_text("2026-07-29T21", "2026-07-29X21"), "expected 'digestEndTime' to be a time"},
      {digest_text("2026-07-29T21", "2026-07-29T19"),
       "expected 'digestEndTime' to be not before digestStartTime"},
      {digest_text("31e8", "31e"),
       "expected 'digestPublicKeyFingerprint' to be 32 hexadecimal digits"},
      {digest_text("31e8", "31eg"),
       "expected 'digestPublicKeyFingerprint' to be 32 hexadecimal digits"},
      {digest_text("\"previousDigestSignature\":\"50AB\",", ""),
       "expected 'previousDigestSignature' to be one string"},
      {digest_text("50AB", "50 A"), "expected 'previousDigestSignature' to be hexadecimal digits"},
      {digest_text("\"AWSLogs/c\"", "null"),
       "expected 'previousDigestS3Object' to be null where previousDigestS3Bucket is"},
      {digest_text("BBBB", "BBB"), "expected 'hashValue' to be 64 hexadecimal digits"},
      {digest_text("SHA-256\"}", "MD5\"}"), "expected 'hashAlgorithm' to be 'SHA-256'"},
      {digest_text("[{", "[7,{"), "expected 'logFiles' to be objects"},
      {digest_text("\"logFiles\":[", "\"logFiles\":{\"a\":["),
       "expected JSON: Missing a comma or '}' after an object member."},
      {digest_text("logFiles", "logfiles"), "expected 'logFiles' to be one array"},
      {digest_text("AWSLogs/d", "AWSLogs/\xff"), "expected JSON: Invalid encoding in string."},
      {std::string(100000, '['), "expected JSON: Invalid value."},
  };
  for (const auto& [text, message] : rows) {
    const auto digest = parse_digest(text);
    ASSERT_FALSE(digest) << message;
    EXPECT_EQ(digest.error().code, ErrorCode::corrupt);
    EXPECT_EQ(digest.error().message, message) << text.substr(0, 200);
  }
}

}  // namespace
}  // namespace trailsift::indexer
