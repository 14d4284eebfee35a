#include "indexer/cloudtrail_keys.h"

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace trailsift::indexer {
namespace {

// A digest is signed some time after the hour that it is about, and keys overlap.
constexpr std::chrono::days kAround(1);

class CloudTrailKeys : public PublicKeys {
 public:
  CloudTrailKeys(aws::CloudTrail& cloudtrail, std::stop_token stop)
      : cloudtrail_(cloudtrail), stop_(std::move(stop)) {}

  Result<std::string> find(const std::string& region, const std::string& fingerprint,
                           Timestamp at) override {
    if (const std::string* key = known(region, fingerprint)) return *key;
    if (auto asked = ask(region, at); !asked) return tl::unexpected(asked.error());
    if (const std::string* key = known(region, fingerprint)) return *key;
    return fail(ErrorCode::not_found, "no key has this fingerprint");
  }

 private:
  using Day = std::chrono::sys_days;

  const std::string* known(const std::string& region, const std::string& fingerprint) const {
    const auto found = keys_.find({region, fingerprint});
    return found == keys_.end() ? nullptr : &found->second;
  }

  Result<void> ask(const std::string& region, Timestamp at) {
    const Day day = std::chrono::floor<std::chrono::days>(at);
    if (asked_.contains({region, day})) return {};
    auto keys = cloudtrail_.list_public_keys(day - kAround, day + 2 * kAround, region, stop_);
    const bool refused = !keys && keys.error().code == ErrorCode::bad_request;
    if (!keys && !refused) return tl::unexpected(keys.error());
    asked_.insert({region, day});
    if (refused) return {};
    for (aws::PublicKey& key : *keys) {
      keys_.insert_or_assign({region, key.fingerprint}, std::move(key.der));
    }
    return {};
  }

  aws::CloudTrail& cloudtrail_;
  const std::stop_token stop_;
  std::map<std::pair<std::string, std::string>, std::string> keys_;
  std::set<std::pair<std::string, Day>> asked_;
};

}  // namespace

std::unique_ptr<PublicKeys> cloudtrail_keys(aws::CloudTrail& cloudtrail, std::stop_token stop) {
  return std::make_unique<CloudTrailKeys>(cloudtrail, std::move(stop));
}

}  // namespace trailsift::indexer
