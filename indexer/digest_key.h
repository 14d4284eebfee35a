#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schema/time.h"

namespace trailsift::indexer {

/// What the key of a delivered digest says:
/// `[PREFIX/]AWSLogs/[ORGANIZATION/]ACCOUNT/CloudTrail-Digest/REGION/YYYY/MM/DD/`
/// `ACCOUNT_CloudTrail-Digest_REGION_TRAIL_HOMEREGION_YYYYMMDDTHHMMSSZ[_backfill].json.gz`
struct DigestKey {
  std::string key;
  std::string account;
  std::string region;
  std::string trail;
  std::string home_region;
  Timestamp time;  ///< The end of the digest's hour.
  bool backfill = false;
};

/// nullopt when `key` is not the key of a digest.
std::optional<DigestKey> parse_digest_key(std::string_view key);

/// The place of an object below an `AWSLogs/` folder. Borrows the key.
struct DeliveredKey {
  std::string_view account_folder;  ///< Up to and with `ACCOUNT/`.
  std::string_view service_folder;  ///< Up to and with `CloudTrail/`, `CloudTrail-Digest/`, ….
  std::string_view region_folder;   ///< Up to and with `REGION/`; empty when there is none.
  std::string_view account;
  std::string_view service;
  std::string_view region;
  std::string_view rest;  ///< `YYYY/MM/DD/NAME`.
};

/// nullopt when `key` lies in no account's folder.
std::optional<DeliveredKey> parse_delivered_key(std::string_view key);

/// The folder in which CloudTrail delivers the log files that digests in `region_folder`, a folder
/// of digests, list.
std::string log_folder_of(std::string_view region_folder);

/// When a log file was delivered, by the minute in its name; nullopt when `key` has no such name.
std::optional<Timestamp> log_file_time(std::string_view key);

/// "2026/07/29/": the folder of a day.
std::string day_folder(Timestamp time);

/// The least text that is greater than every key in the folder, which ends in '/'.
std::string behind_folder(std::string_view folder);

}  // namespace trailsift::indexer
