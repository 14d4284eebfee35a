#include "indexer/verify.h"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "schema/sha256.h"
#include "tests/indexer/reading.h"
#include "tests/indexer/signing_key.h"

namespace trailsift::indexer::testing {
namespace {

const std::string kFolder = "AWSLogs/111122223333/";

/// Objects with their metadata, as S3 has them.
class MemoryStore : public ObjectStore {
 public:
  Result<Object> get(const std::string& /*bucket*/, const std::string& key) override {
    if (key == denied) return fail(ErrorCode::io, "access denied");
    const auto found = objects.find(key);
    if (found == objects.end()) return fail(ErrorCode::not_found, "no such key");
    return found->second;
  }
  Result<void> list(const std::string& /*bucket*/, const std::string& prefix,
                    const std::string& start_after, const KeyVisitor& visitor) override {
    if (denied == "list") return fail(ErrorCode::io, "access denied");
    for (auto at = objects.upper_bound(start_after); at != objects.end(); ++at) {
      if (!at->first.starts_with(prefix)) continue;
      ++keys_told;
      if (!visitor(at->first)) return {};
    }
    return {};
  }
  std::string name(const std::string& bucket, const std::string& key) const override {
    return "s3://" + bucket + "/" + key;
  }
  bool has_metadata() const override { return true; }

  std::map<std::string, Object> objects;
  std::string denied;
  std::size_t keys_told = 0;
};

/// One key, which cannot always be had.
class OneKey : public PublicKeys {
 public:
  explicit OneKey(const SigningKey& key) : der_(key.pkcs1_der()) {}
  Result<std::string> find(const std::string& region, const std::string& fingerprint,
                           Timestamp at) override {
    asked.push_back(region + " " + format_time(at));
    if (broken) return fail(ErrorCode::unavailable, "cannot call ListPublicKeys: throttled");
    if (fingerprint != md5_hex(der_)) return fail(ErrorCode::not_found, "no such key");
    return der_;
  }

  std::vector<std::string> asked;
  bool broken = false;

 private:
  std::string der_;
};

struct Lines : VerdictSink {
  void on_file(const FileVerdict& verdict) override {
    const std::string key = verdict.name.substr(verdict.name.rfind('/') + 1);
    lines.push_back(key + " " + std::string(name(verdict.status)) + " " +
                    std::string(name(verdict.reason)));
  }
  void on_gap(const DigestGap& gap) override {
    lines.push_back("gap " + format_time(gap.from) + " " + format_time(gap.to));
  }
  std::vector<std::string> lines;
};

const SigningKey& signing_key() {
  static const SigningKey key;
  return key;
}

class VerifyTest : public ::testing::Test {
 protected:
  /// Delivers one digest of the hour that ends at `hour`, and its log files.
  void deliver(int hour, const std::vector<std::string>& logs, const std::string& previous = "") {
    const std::string key = digest_key(hour);
    std::string files;
    for (const std::string& log : logs) {
      const std::string at = kFolder + "CloudTrail/us-east-1/2026/07/29/" + log;
      store_.objects[at] = {gzip(log), {}};
      files += (files.empty() ? "" : ",") +
               (R"({"s3Bucket":"logs","hashAlgorithm":"SHA-256","s3Object":")" + at +
                R"(","hashValue":")" + sha256_hex(log) + "\"}");
    }
    const std::string text = R"({"digestStartTime":")" + time(hour - 1) + R"(","digestEndTime":")" +
                             time(hour) + R"(","digestS3Bucket":"logs","digestS3Object":")" + key +
                             R"(","digestPublicKeyFingerprint":")" +
                             md5_hex(signing_key().pkcs1_der()) + "\"," +
                             previous_members(previous) + R"("logFiles":[)" + files + "]}";
    const std::string to_sign = time(hour) + "\nlogs/" + key + "\n" + sha256_hex(text) + "\n" +
                                (previous.empty() ? "null" : signature_of(previous));
    store_.objects[key] = {
        gzip(text),
        {{"signature", signing_key().sign(to_sign)}, {"signature-algorithm", "SHA256withRSA"}}};
  }

  std::string signature_of(const std::string& key) {
    return store_.objects[key].metadata["signature"];
  }

  std::string previous_members(const std::string& key) {
    if (key.empty()) {
      return R"("previousDigestS3Bucket":null,"previousDigestS3Object":null,)"
             R"("previousDigestHashValue":null,"previousDigestSignature":null,)";
    }
    return R"("previousDigestS3Bucket":"logs","previousDigestS3Object":")" + key +
           R"(","previousDigestHashValue":null,"previousDigestSignature":")" + signature_of(key) +
           "\",";
  }

  static std::string two(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }
  static std::string time(int hour) { return "2026-07-29T" + two(hour) + ":00:00Z"; }
  static std::string digest_name(int hour) {
    return "111122223333_CloudTrail-Digest_us-east-1_main_us-east-1_20260729T" + two(hour) +
           "0000Z.json.gz";
  }
  static std::string digest_key(int hour) {
    return kFolder + "CloudTrail-Digest/us-east-1/2026/07/29/" + digest_name(hour);
  }

  std::vector<std::string> lines(const VerifyOptions& options = {.bucket = "logs"}) {
    Lines lines;
    const auto account = verify(store_, keys_, options, lines, {});
    EXPECT_TRUE(account) << account.error().message;
    return lines.lines;
  }

  MemoryStore store_;
  OneKey keys_{signing_key()};
};

using Strings = std::vector<std::string>;

TEST_F(VerifyTest, TellsEachDigestAndThenItsLogFiles) {
  deliver(1, {"a", "b"});
  deliver(2, {}, digest_key(1));
  deliver(3, {"c"}, digest_key(2));
  for (const unsigned threads : {1U, 2U, 7U}) {
    EXPECT_EQ(
        lines({.bucket = "logs", .threads = threads}),
        (Strings{digest_name(3) + " valid none", "c valid none", digest_name(2) + " valid none",
                 digest_name(1) + " valid none", "a valid none", "b valid none"}));
  }
  EXPECT_EQ(keys_.asked[0], "us-east-1 " + time(3));
}

TEST_F(VerifyTest, AnObjectWithoutSignatureWasReplaced) {
  deliver(1, {"a"});
  deliver(2, {}, digest_key(1));
  store_.objects[digest_key(1)].metadata.erase("signature-algorithm");
  EXPECT_EQ(lines(),
            (Strings{digest_name(2) + " valid none", digest_name(1) + " invalid signature_failed",
                     "a unverified digest_not_verified"}));
}

TEST_F(VerifyTest, WhatCannotBeReadIsNotTampered) {
  deliver(1, {"a", "b"});
  store_.denied = kFolder + "CloudTrail/us-east-1/2026/07/29/a";
  Lines lines;
  const auto account = verify(store_, keys_, {.bucket = "logs"}, lines, {});
  ASSERT_TRUE(account);
  EXPECT_EQ(lines.lines[1], "a invalid unreadable");
  EXPECT_FALSE(account->is_clean());
  EXPECT_EQ(account->logs.valid, 1U);
}

TEST_F(VerifyTest, EndsWhenItCannotList) {
  deliver(1, {"a"});
  Lines lines;
  keys_.broken = true;
  const auto no_keys = verify(store_, keys_, {.bucket = "logs"}, lines, {});
  ASSERT_FALSE(no_keys);
  EXPECT_EQ(no_keys.error().message, "cannot call ListPublicKeys: throttled");
  store_.denied = "list";
  EXPECT_EQ(verify(store_, keys_, {.bucket = "logs"}, lines, {}).error().code, ErrorCode::io);
}

TEST_F(VerifyTest, StopsWhenAsked) {
  deliver(1, {"a"});
  std::stop_source stop;
  stop.request_stop();
  Lines lines;
  ASSERT_TRUE(verify(store_, keys_, {.bucket = "logs"}, lines, stop.get_token()));
  EXPECT_TRUE(lines.lines.empty());
}

TEST_F(VerifyTest, PassesOverFoldersWithoutDigests) {
  deliver(1, {"a"});
  for (int i = 0; i < 1000; ++i) {
    const std::string name = std::to_string(i);
    for (const std::string folder :
         {"AWSLogs/111122223333/Config/us-east-1/", "AWSLogs/111122223333/CloudTrail/eu-west-1/",
          "AWSLogs/111122223333/vpcflowlogs/us-east-1/",
          "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/01/01/",
          "AWSLogs/444455556666/CloudTrail-Digest/us-east-1/2026/01/"}) {
      store_.objects[folder + name] = {};
    }
  }
  const VerifyOptions options{
      .bucket = "logs", .accounts = {"111122223333"}, .regions = {"us-east-1"}};
  EXPECT_EQ(lines(options), (Strings{digest_name(1) + " valid none", "a valid none"}));
  EXPECT_LT(store_.keys_told, 12U);
}

TEST_F(VerifyTest, RangesLeaveOtherDaysUnlisted) {
  deliver(1, {"a"});
  for (int day = 10; day < 29; ++day) {
    for (const std::string service : {"CloudTrail-Digest", "CloudTrail"}) {
      const std::string folder = kFolder + service + "/us-east-1/2026/";
      for (int i = 0; i < 50; ++i) {
        store_.objects[folder + "07/" + two(day) + "/" + std::to_string(i)] = {};
        store_.objects[folder + "08/" + two(day) + "/" + std::to_string(i)] = {};
      }
    }
  }
  const VerifyOptions options{
      .bucket = "logs", .from = *parse_time(time(0)), .to = *parse_time(time(2))};
  EXPECT_EQ(lines(options), (Strings{digest_name(1) + " valid none", "a valid none"}));
  EXPECT_LT(store_.keys_told, 12U);
}

}  // namespace
}  // namespace trailsift::indexer::testing
