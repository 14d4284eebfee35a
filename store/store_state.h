#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

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

  using Segments = std::vector<std::shared_ptr<const Segment>>;
  /// Makes the finished segment in `temporary_name(number)` part of the store in place of those of
  /// which it was merged, as they were then: what was deleted of them since is deleted of it. After
  /// an error the store is as it was and the segment is gone.
  Result<void> publish(std::uint64_t number, const Segments& replaced);

  /// See Writer.
  Result<std::uint64_t> remove(std::span<const std::string> ids);
  Result<void> permit(std::span<const std::string> ids);

 private:
  StoreState(std::filesystem::path directory, bool durable)
      : directory_(std::move(directory)), durable_(durable) {}
  Result<void> remove_leftovers() const;
  Result<void> replace_segments(std::shared_ptr<const Segment> added, const Segments& replaced);
  /// Makes these the segments of the store, without those of which nothing is left, and `changed`
  /// what was deleted of it; without, that stays.
  Result<void> replace_state(Segments segments, std::optional<Deletes> changed);
  /// Puts the files in their places. An error only where the manifest is still the old one, or may
  /// be after a crash.
  Result<void> write_state(const Manifest& manifest, const Deletes* deletes) const;

  const std::filesystem::path directory_;
  const bool durable_;

  mutable std::mutex mutex_;  // Guards everything below.
  Manifest manifest_;
  std::shared_ptr<const Snapshot> snapshot_;
};

}  // namespace trailsift::store
