#include "indexer/delivery_choice.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace trailsift::indexer {
namespace {

const std::string kRoot = "AWSLogs/111122223333/";
const std::string kFolder = kRoot + "CloudTrail/us-east-1/";

std::string log_name(const std::string& day, const std::string& account = "111122223333") {
  return account + "_CloudTrail_us-east-1_" + day + "T0005Z_kYkQzmK2NCaJgbCm.json.gz";
}

/// "wanted", "not wanted", or up to where nothing is.
std::string words(const std::string& key, const DeliveryChoice& choice) {
  const KeyJudgement judged = judge_key(key, choice);
  if (judged.wanted) return judged.up_to.empty() ? "wanted" : "wanted, and not up to?";
  return judged.up_to.empty() ? "not wanted" : "not up to " + judged.up_to;
}

TEST(DeliveryChoice, KeysAreJudgedByTheirFolders) {
  const Timestamp day = *parse_time("2026-07-29T17:30:00Z");
  const DeliveryChoice all;
  const DeliveryChoice one_day{.from = day, .to = day};
  const DeliveryChoice new_year{.to = *parse_time("2026-12-31T00:00:00Z")};
  const DeliveryChoice account{.accounts = {"111122223333"}};
  const DeliveryChoice others{.accounts = {"444455556666"}, .regions = {"eu-west-1"}};
  const DeliveryChoice region{.regions = {"us-east-1", "us-west-2"}};
  const DeliveryChoice other_region{.regions = {"us-east-11", "us-west-2"}};
  const std::string organisation = "p/AWSLogs/o-ab12cd34ef/111122223333/";
  const struct {
    std::string key;
    DeliveryChoice choice;
    std::string expected;
  } kCases[] = {
      {kFolder + "2026/07/29/" + log_name("20260729"), all, "wanted"},
      {kFolder + "2026/07/29/" + log_name("20260729"), one_day, "wanted"},
      {kFolder + "2026/07/30/" + log_name("20260730"), one_day, "wanted"},
      {kFolder + "2026/07/28/" + log_name("20260728"), one_day,
       "not up to " + kFolder + "2026/07/29/"},
      {kFolder + "2025/12/31/" + log_name("20251231"), one_day,
       "not up to " + kFolder + "2026/07/29/"},
      {kFolder + "2026/07/31/" + log_name("20260731"), one_day,
       "not up to " + kRoot + "CloudTrail/us-east-10"},
      {kFolder + "2027/01/01/" + log_name("20270101"), new_year, "wanted"},
      {kFolder + "2027/01/02/" + log_name("20270102"), new_year,
       "not up to " + kRoot + "CloudTrail/us-east-10"},
      // The folder counts, whatever the name of the file.
      {kFolder + "2026/07/29/" + log_name("20250101"), one_day, "wanted"},
      {kFolder + "2026/07/28/notes.json", one_day, "not up to " + kFolder + "2026/07/29/"},
      // What is in no day's folder is compared with them as it stands.
      {kFolder + log_name("20260729"), one_day, "not up to " + kFolder + "2026/07/29/"},
      {kFolder + "notes.json", one_day, "not up to " + kRoot + "CloudTrail/us-east-10"},
      {kFolder + "notes.json", all, "wanted"},
      // In no region's folder, it is judged by its name.
      {kRoot + "CloudTrail/" + log_name("20260728"), one_day, "not wanted"},
      {kRoot + "CloudTrail/" + log_name("20260729"), one_day, "wanted"},
      // Accounts and regions.
      {kFolder + "2026/07/29/x", account, "wanted"},
      {kFolder + "2026/07/29/x", others, "not up to AWSLogs/1111222233330"},
      {kFolder + "2026/07/29/x", region, "wanted"},
      {kFolder + "2026/07/29/x", other_region, "not up to " + kRoot + "CloudTrail/us-east-10"},
      {organisation + "CloudTrail/us-east-1/2026/07/29/x", others,
       "not up to p/AWSLogs/o-ab12cd34ef/1111222233330"},
      {organisation + "CloudTrail/us-east-1/2026/07/28/x", one_day,
       "not up to " + organisation + "CloudTrail/us-east-1/2026/07/29/"},
      // Services.
      {kRoot + "CloudTrail-Insight/us-east-1/2026/07/29/x", one_day, "wanted"},
      {kRoot + "CloudTrail-Insight/us-east-1/2026/07/27/x", one_day,
       "not up to " + kRoot + "CloudTrail-Insight/us-east-1/2026/07/29/"},
      {kRoot + "CloudTrail-Digest/us-east-1/2026/07/29/x", all,
       "not up to " + kRoot + "CloudTrail-Digest0"},
      {kRoot + "Config/us-east-1/2026/7/29/ConfigHistory/x.json.gz", all,
       "not up to " + kRoot + "Config0"},
      {kRoot + "elasticloadbalancing/us-east-1/2026/07/29/x.log", all,
       "not up to " + kRoot + "elasticloadbalancing0"},
      {kFolder + "2026/07/29/111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_x.json.gz", all,
       "not wanted"},
      {kFolder + "2026/07/29/", all, "not wanted"},
      // No layout at all.
      {log_name("20260729"), one_day, "wanted"},
      {log_name("20260730"), one_day, "wanted"},
      {log_name("20260731"), one_day, "not wanted"},
      {"copies/" + log_name("20260728"), one_day, "not wanted"},
      {"copies/" + log_name("20260728"), account, "wanted"},
      {"copies/" + log_name("20260728", "444455556666"), account, "not wanted"},
      {"copies/" + log_name("20260728"), other_region, "not wanted"},
      {"copies/notes_of_20260728T0005Z_x.json.gz", account, "wanted"},
      {"copies/x.json", one_day, "wanted"},
      {"copies/", all, "not wanted"},
      {"AWSLogs/not-an-account/CloudTrail/us-east-1/2026/07/28/x", one_day, "wanted"},
      {"AWSLogs/aws-account/111122223333/x/y/z", all,
       "not up to AWSLogs/aws-account/111122223333/x0"},
      {"", all, "not wanted"},
  };
  for (const auto& c : kCases) EXPECT_EQ(words(c.key, c.choice), c.expected) << c.key;
}

/// Whoever continues behind `up_to` must not miss anything.
TEST(DeliveryChoice, NothingWantedIsJumpedOver) {
  const DeliveryChoice choice{.from = *parse_time("2026-07-29T00:00:00Z"),
                              .to = *parse_time("2026-07-29T00:00:00Z"),
                              .accounts = {"111122223333", "444455556666"},
                              .regions = {"us-east-1"}};
  std::vector<std::string> keys;
  for (const std::string account : {"000000000000", "111122223333", "444455556666"}) {
    for (const std::string service :
         {"Aa", "CloudTrail", "CloudTrail-Digest", "CloudTrail-Insight", "Config", "cloud"}) {
      for (const std::string region : {"eu-west-1", "us-east", "us-east-1", "us-east-11"}) {
        for (const std::string day : {"2025/07/29", "2026/07/28", "2026/07/29", "2026/07/30",
                                      "2026/07/31", "2026/7/29", "zz"}) {
          keys.push_back("AWSLogs/" + account + "/" + service + "/" + region + "/" + day + "/x");
        }
      }
    }
  }
  std::ranges::sort(keys);
  std::size_t jumps = 0;
  for (const std::string& key : keys) {
    const KeyJudgement judged = judge_key(key, choice);
    if (judged.up_to.empty()) continue;
    ++jumps;
    EXPECT_GT(judged.up_to, key);
    for (const std::string& other : keys) {
      if (other < key || other > judged.up_to) continue;
      EXPECT_FALSE(judge_key(other, choice).wanted) << key << " jumps over " << other;
    }
  }
  EXPECT_GT(jumps, keys.size() / 2);
}

}  // namespace
}  // namespace trailsift::indexer
