#include "indexer/digest_key.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace trailsift::indexer {
namespace {

/// "account region trail home time [backfill]", or "".
std::string parts_of(std::string_view key) {
  const auto digest = parse_digest_key(key);
  if (!digest) return "";
  EXPECT_EQ(digest->key, key);
  return digest->account + " " + digest->region + " " + digest->trail + " " + digest->home_region +
         " " + format_time(digest->time) + (digest->backfill ? " backfill" : "");
}

TEST(DigestKey, IsTakenApart) {
  const std::string in = "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/07/29/";
  const std::string name = "111122223333_CloudTrail-Digest_eu-west-1_main_us-east-1_";
  const std::string want = "111122223333 eu-west-1 main us-east-1 2026-07-29T21:00:05Z";
  const std::pair<std::string, std::string> rows[] = {
      {in + name + "20260729T210005Z.json.gz", want},
      {in + name + "20260729T210005Z_backfill.json.gz", want + " backfill"},
      {"a/b/" + in + name + "20260729T210005Z.json.gz", want},
      {"AWSLogs/AWSLogs/o-1/" + in.substr(8) + name + "20260729T210005Z.json.gz", want},
      {"AWSLogs/o-ab12/" + in.substr(8) + name + "20260729T210005Z.json.gz", want},
      {in + "111122223333_CloudTrail-Digest_eu-west-1_a_b-c.d_us-east-1_20260729T210005Z.json.gz",
       "111122223333 eu-west-1 a_b-c.d us-east-1 2026-07-29T21:00:05Z"},
      // No digests.
      {"", ""},
      {in, ""},
      {in + name + "20260729T210005Z.json", ""},
      {in + name + "20260729T2100Z0.json.gz", ""},
      {in + name + "20261329T210005Z.json.gz", ""},
      {in + "x/" + name + "20260729T210005Z.json.gz", ""},
      {in + "444455556666_CloudTrail-Digest_eu-west-1_main_us-east-1_20260729T210005Z.json.gz", ""},
      {in + "111122223333_CloudTrail-Digest_eu-west-1_20260729T210005Z.json.gz", ""},
      {"AWSLogs/11112222333/CloudTrail-Digest/eu-west-1/2026/07/29/" + name +
           "20260729T210005Z.json.gz",
       ""},
      {"AWSLogs/111122223333/CloudTrail/eu-west-1/2026/07/29/"
       "111122223333_CloudTrail_eu-west-1_20260729T2105Z_abcdefghijklmnop.json.gz",
       ""},
  };
  for (const auto& [key, parts] : rows) EXPECT_EQ(parts_of(key), parts) << key;
}

TEST(DigestKey, LeadsToTheFolderOfItsLogs) {
  EXPECT_EQ(log_folder_of("p/AWSLogs/o-1/111122223333/CloudTrail-Digest/eu-west-1/"),
            "p/AWSLogs/o-1/111122223333/CloudTrail/eu-west-1/");
  EXPECT_EQ(log_folder_of("AWSLogs/"), "");
}

TEST(DigestKey, LogFilesTellTheirMinute) {
  const auto time = log_file_time("a/111122223333_CloudTrail_eu-west-1_20260729T2105Z_abc.json.gz");
  ASSERT_TRUE(time);
  EXPECT_EQ(format_time(*time), "2026-07-29T21:05:00Z");
  EXPECT_EQ(day_folder(*time), "2026/07/29/");
  for (const std::string_view none : {"", "a/b.json.gz", "20260729T2105Z_abc.json",
                                      "x_20260729T9905Z_abc.json.gz", "x_.json.gz"}) {
    EXPECT_FALSE(log_file_time(none)) << none;
  }
}

}  // namespace
}  // namespace trailsift::indexer
