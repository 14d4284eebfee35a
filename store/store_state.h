#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <string>

#include "schema/error.h"
#include "store/manifest.h"
#include "store/store.h"

namespace trailsift::store {

/// What the writer of a store knows of it, and the one place where that changes. Any thread: a
/// commit and a merge that are published at the same time follow each other.
class StoreState {
 public:
  /// Reads the manifest, or makes an empty one; removes what a killed writer left behind.
  static Result<std::unique_ptr<StoreState>> open(const std::filesystem::path& directory,
                                                  bool durable);

  std::shared_ptr<const Snapshot> snapshot() const;
  const std::filesystem::path& directory() const { return directory_; }

  /// A number that no segment has had.
  std::uint64_t reserve_number();

  /// Makes the finished segment in `temporary_name(number)` part of the store in place of the
  /// segments named `replaced`. After an error the store is as it was and the segment is gone.
  Result<void> publish(std::uint64_t number, std::span<const std::string> replaced);

 private:
  StoreState(std::filesystem::path directory, bool durable)
      : directory_(std::move(directory)), durable_(durable) {}
  Result<void> remove_leftovers() const;
  Result<void> replace_manifest(std::shared_ptr<const Segment> added,
                                std::span<const std::string> replaced);

  const std::filesystem::path directory_;
  const bool durable_;

  mutable std::mutex mutex_;  // Guards everything below.
  Manifest manifest_;
  std::shared_ptr<const Snapshot> snapshot_;
};

}  // namespace trailsift::store
