#pragma once

#include <optional>
#include <set>
#include <string>

#include "schema/time.h"

namespace trailsift::indexer {

/// Which of the objects in a bucket are wanted, by what their keys tell. A key that does not tell
/// is wanted.
struct DeliveryChoice {
  /// Days, in UTC. What was delivered on the day after `to` is wanted too: a file that comes after
  /// midnight holds events of the day before.
  std::optional<Timestamp> from = {};
  std::optional<Timestamp> to = {};
  std::set<std::string, std::less<>> accounts = {};  ///< Empty: every one.
  std::set<std::string, std::less<>> regions = {};   ///< Empty: every one.
};

struct KeyJudgement {
  bool wanted = false;
  /// Of an unwanted key: the keys up to and with this text are not wanted either; "": no telling.
  std::string up_to;
};

/// Judges by the folders `[PREFIX/]AWSLogs/[o-ORG/]ACCOUNT/SERVICE/REGION/YYYY/MM/DD/`, whose text
/// is compared with that of days, and, outside of `REGION/`, by the name
/// `ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHMMZ_ID.json.gz`. What is surely no log (notice_of_key())
/// is not wanted.
KeyJudgement judge_key(const std::string& key, const DeliveryChoice& choice);

}  // namespace trailsift::indexer
