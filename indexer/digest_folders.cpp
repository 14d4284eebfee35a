#include "indexer/digest_folders.h"

#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

namespace trailsift::indexer {
namespace {

constexpr std::string_view kDigests = "CloudTrail-Digest";
constexpr std::chrono::hours kSpill(1);  // A log file may be listed by the next hour's digest.
constexpr std::chrono::hours kLater(3);  // The digest after the range may come late.

class FolderListing {
 public:
  FolderListing(ObjectStore& store, const VerifyOptions& options,
                const std::function<Result<bool>(const DigestFolder&)>& visitor)
      : store_(store), options_(options), visitor_(visitor) {}

  Result<void> run() {
    std::string after;
    while (true) {
      std::optional<std::string> jump;
      auto listed =
          store_.list(options_.bucket, options_.prefix, after, [&](const std::string& key) {
            jump = place_behind(key);
            if (!jump) take(key);
            return !jump && !failure_ && !ended_;
          });
      if (!listed) return listed;
      if (failure_) return tl::unexpected(*failure_);
      if (ended_) return {};
      if (!jump) break;
      after = std::move(*jump);
    }
    hand_over();
    return failure_ ? Result<void>(tl::unexpected(*failure_)) : Result<void>();
  }

 private:
  /// Where to go on when nothing near `key` is wanted.
  std::optional<std::string> place_behind(const std::string& key) const {
    const auto place = parse_delivered_key(key);
    if (!place) return std::nullopt;
    if (!options_.accounts.empty() && !options_.accounts.contains(place->account)) {
      return behind_folder(place->account_folder);
    }
    if (place->service != kDigests) return behind_folder(place->service_folder);
    if (place->region.empty()) return std::nullopt;
    if (!options_.regions.empty() && !options_.regions.contains(place->region)) {
      return behind_folder(place->region_folder);
    }
    return place_in_time(key, *place);
  }

  std::optional<std::string> place_in_time(const std::string& key,
                                           const DeliveredKey& place) const {
    if (options_.from) {
      std::string first = std::string(place.region_folder) + day_folder(*options_.from);
      if (key < first) return first;
    }
    if (options_.to) {
      const auto last = *options_.to + kSpill + kLater;
      if (key > behind_folder(std::string(place.region_folder) + day_folder(last))) {
        return behind_folder(place.region_folder);
      }
    }
    return std::nullopt;
  }

  void take(const std::string& key) {
    auto digest = parse_digest_key(key);
    if (!digest || (options_.from && digest->time < *options_.from)) return;
    const bool later = options_.to && digest->time > *options_.to + kSpill;
    if (later && digest->time > *options_.to + kSpill + kLater) return;
    const auto place = parse_delivered_key(key);
    if (place->region_folder != folder_.path) hand_over();
    folder_.path = place->region_folder;
    (later ? folder_.later : folder_.keys).push_back(std::move(*digest));
  }

  void hand_over() {
    const DigestFolder folder = std::exchange(folder_, {});
    if (folder.keys.empty() || ended_ || failure_) return;
    const auto more = visitor_(folder);
    if (!more) failure_ = more.error();
    ended_ = more && !*more;
  }

  ObjectStore& store_;
  const VerifyOptions& options_;
  const std::function<Result<bool>(const DigestFolder&)>& visitor_;
  DigestFolder folder_;
  std::optional<Error> failure_;
  bool ended_ = false;
};

}  // namespace

Result<void> for_each_digest_folder(
    ObjectStore& store, const VerifyOptions& options,
    const std::function<Result<bool>(const DigestFolder& folder)>& visitor) {
  return FolderListing(store, options, visitor).run();
}

}  // namespace trailsift::indexer
