#include "indexer/delivery_choice.h"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "indexer/digest_key.h"
#include "indexer/object_event.h"

namespace trailsift::indexer {
namespace {

using Names = std::set<std::string, std::less<>>;

constexpr std::string_view kLogs = "CloudTrail";
constexpr std::string_view kDigests = "CloudTrail-Digest";

KeyJudgement unwanted(std::string up_to = {}) {
  return {false, std::move(up_to)};
}

bool leaves_out(const Names& wanted, std::string_view name) {
  return !wanted.empty() && !wanted.contains(name);
}

/// The first day whose deliveries are not wanted any more.
std::optional<Timestamp> end_day(const DeliveryChoice& choice) {
  if (!choice.to) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(*choice.to) + std::chrono::days(2);
}

/// By the name alone, where no folders tell.
KeyJudgement judge_name(const std::string& key, const DeliveryChoice& choice) {
  const auto time = log_file_time(key);
  if (!time) return {true, {}};
  const auto end = end_day(choice);
  if (choice.from && *time < std::chrono::floor<std::chrono::days>(*choice.from)) return unwanted();
  if (end && *time >= *end) return unwanted();
  std::string_view name = std::string_view(key).substr(key.rfind('/') + 1);
  const auto next_part = [&name] {
    const std::size_t end_of_part = std::min(name.find('_'), name.size());
    const std::string_view part = name.substr(0, end_of_part);
    name.remove_prefix(std::min(end_of_part + 1, name.size()));
    return part;
  };
  const std::string_view account = next_part();
  const std::string_view service = next_part();
  const std::string_view region = next_part();
  if (!service.starts_with(kLogs)) return {true, {}};
  return {!leaves_out(choice.accounts, account) && !leaves_out(choice.regions, region), {}};
}

/// Folders of days stand in the order of their text, so that nothing else in a region's folder can
/// be told from them when most of it is jumped over.
KeyJudgement judge_day(const std::string& key, const DeliveredKey& place,
                       const DeliveryChoice& choice) {
  const std::string folder(place.region_folder);
  if (choice.from) {
    const std::string first = folder + day_folder(*choice.from);
    if (key < first) return unwanted(first);
  }
  if (const auto end = end_day(choice); end && key >= folder + day_folder(*end)) {
    return unwanted(behind_folder(folder));
  }
  return {true, {}};
}

}  // namespace

KeyJudgement judge_key(const std::string& key, const DeliveryChoice& choice) {
  const auto place = parse_delivered_key(key);
  if (!place) return notice_of_key(key) ? unwanted() : judge_name(key, choice);
  if (leaves_out(choice.accounts, place->account))
    return unwanted(behind_folder(place->account_folder));
  if (!place->service.starts_with(kLogs) || place->service == kDigests) {
    return unwanted(behind_folder(place->service_folder));
  }
  if (!place->region.empty() && leaves_out(choice.regions, place->region)) {
    return unwanted(behind_folder(place->region_folder));
  }
  const KeyJudgement judged =
      place->region.empty() ? judge_name(key, choice) : judge_day(key, *place, choice);
  return judged.wanted && notice_of_key(key) ? unwanted() : judged;
}

}  // namespace trailsift::indexer
