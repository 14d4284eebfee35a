#include "store/snapshot_loader.h"

#include <algorithm>
#include <utility>

namespace trailsift::store {

std::uint64_t Snapshot::events() const {
  std::uint64_t count = 0;
  for (const auto& segment : segments) count += segment->size();
  return count;
}

Result<std::shared_ptr<const Snapshot>> load_snapshot(const std::filesystem::path& directory,
                                                      const Manifest& manifest,
                                                      const Snapshot* known) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->generation = manifest.generation;
  for (const auto& name : manifest.segments) {
    if (known != nullptr) {
      const auto found = std::ranges::find_if(
          known->segments, [&](const auto& segment) { return segment->name() == name; });
      if (found != known->segments.end()) {
        snapshot->segments.push_back(*found);
        continue;
      }
    }
    auto segment = open_segment(directory / name);
    if (!segment) return tl::unexpected(segment.error());
    snapshot->segments.push_back(std::move(*segment));
  }
  return snapshot;
}

}  // namespace trailsift::store
