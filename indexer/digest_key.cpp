#include "indexer/digest_key.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace trailsift::indexer {
namespace {

constexpr std::string_view kRoot = "AWSLogs/";
constexpr std::string_view kDigests = "CloudTrail-Digest";
constexpr std::string_view kLogs = "CloudTrail";
constexpr std::string_view kEnding = ".json.gz";
constexpr std::string_view kBackfill = "_backfill";
constexpr std::size_t kAccountDigits = 12;
constexpr std::size_t kDayFolderBytes = 11;  // YYYY/MM/DD/

bool is_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_account(std::string_view text) {
  return text.size() == kAccountDigits && is_digits(text);
}

/// "20260729T210000Z", or without seconds "20260729T2100Z".
std::optional<Timestamp> parse_compact_time(std::string_view text) {
  const bool seconds = text.size() == 16;
  if ((!seconds && text.size() != 14) || text[8] != 'T' || text.back() != 'Z') return std::nullopt;
  const auto part = [&](std::size_t at, std::size_t size) {
    return std::string(text.substr(at, size));
  };
  const auto time = parse_time(part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + "T" + part(9, 2) +
                               ":" + part(11, 2) + ":" + (seconds ? part(13, 2) : "00") + "Z");
  return time ? std::optional(*time) : std::nullopt;
}

bool drop_front(std::string_view& text, std::string_view front) {
  if (!text.starts_with(front)) return false;
  text.remove_prefix(front.size());
  return true;
}

bool drop_back(std::string_view& text, std::string_view back) {
  if (!text.ends_with(back)) return false;
  text.remove_suffix(back.size());
  return true;
}

bool is_day_folder(std::string_view text) {
  return text.size() == kDayFolderBytes && text[4] == '/' && text[7] == '/' && text[10] == '/' &&
         is_digits(text.substr(0, 4)) && is_digits(text.substr(5, 2)) &&
         is_digits(text.substr(8, 2));
}

/// The folders of a key below its last `AWSLogs/`, each with its slash; the name is the last.
std::vector<std::string_view> parts_below_root(std::string_view key) {
  std::size_t root = key.rfind(std::string("/") + std::string(kRoot));
  root = root == std::string_view::npos ? 0 : root + 1;
  std::vector<std::string_view> parts;
  if (!key.substr(root).starts_with(kRoot)) return parts;
  std::string_view rest = key.substr(root + kRoot.size());
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('/'), rest.size() - 1) + 1;
    parts.push_back(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  return parts;
}

std::string_view without_slash(std::string_view part) {
  drop_back(part, "/");
  return part;
}

}  // namespace

std::optional<DeliveredKey> parse_delivered_key(std::string_view key) {
  const auto parts = parts_below_root(key);
  // An organisation's folder may stand before the account's.
  const std::size_t at = !parts.empty() && is_account(without_slash(parts[0])) ? 0 : 1;
  if (parts.size() < at + 3 || !is_account(without_slash(parts[at]))) return std::nullopt;
  const auto up_to = [&](std::string_view part) {
    return key.substr(0, static_cast<std::size_t>(part.data() + part.size() - key.data()));
  };
  DeliveredKey place;
  place.account = without_slash(parts[at]);
  place.service = without_slash(parts[at + 1]);
  place.account_folder = up_to(parts[at]);
  place.service_folder = up_to(parts[at + 1]);
  if (parts[at + 2].ends_with('/')) {
    place.region = without_slash(parts[at + 2]);
    place.region_folder = up_to(parts[at + 2]);
    place.rest = key.substr(place.region_folder.size());
  }
  return place;
}

std::optional<DigestKey> parse_digest_key(std::string_view key) {
  const auto place = parse_delivered_key(key);
  if (!place || place->service != kDigests || place->region.empty()) return std::nullopt;
  if (!is_day_folder(place->rest.substr(0, kDayFolderBytes))) return std::nullopt;
  std::string_view name = place->rest.substr(kDayFolderBytes);
  const std::string front = std::string(place->account) + "_" + std::string(kDigests) + "_" +
                            std::string(place->region) + "_";
  if (name.find('/') != std::string_view::npos || !drop_front(name, front)) return std::nullopt;
  if (!drop_back(name, kEnding)) return std::nullopt;
  DigestKey digest;
  digest.backfill = drop_back(name, kBackfill);
  const std::size_t before_time = name.rfind('_');
  if (before_time == std::string_view::npos) return std::nullopt;
  const auto time = parse_compact_time(name.substr(before_time + 1));
  name = name.substr(0, before_time);
  const std::size_t before_region = name.rfind('_');
  if (!time || before_region == std::string_view::npos) return std::nullopt;
  digest.key = key;
  digest.account = place->account;
  digest.region = place->region;
  digest.trail = name.substr(0, before_region);
  digest.home_region = name.substr(before_region + 1);
  digest.time = *time;
  return digest;
}

std::string log_folder_of(std::string_view region_folder) {
  const std::string some_key = std::string(region_folder) + "x";
  const auto place = parse_delivered_key(some_key);
  if (!place) return "";
  return std::string(place->account_folder) + std::string(kLogs) + "/" +
         std::string(place->region) + "/";
}

std::optional<Timestamp> log_file_time(std::string_view key) {
  std::string_view name = key.substr(key.rfind('/') + 1);
  if (!drop_back(name, kEnding)) return std::nullopt;
  const std::size_t before_random = name.rfind('_');
  if (before_random == std::string_view::npos) return std::nullopt;
  name = name.substr(0, before_random);
  return parse_compact_time(name.substr(name.rfind('_') + 1));
}

std::string day_folder(Timestamp time) {
  std::string day = format_time(time).substr(0, 10) + "/";
  std::ranges::replace(day, '-', '/');
  return day;
}

std::string behind_folder(std::string_view folder) {
  std::string text(folder.substr(0, folder.size() - 1));
  return text + static_cast<char>('/' + 1);
}

}  // namespace trailsift::indexer
