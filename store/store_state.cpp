#include "store/store_state.h"

#include <algorithm>
#include <random>
#include <utility>

#include "store/file.h"
#include "store/snapshot_loader.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;

std::uint64_t random_number() {
  std::random_device device;
  return std::uint64_t{device()} << 32U | device();
}

bool contains(std::span<const std::string> names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

Result<std::unique_ptr<StoreState>> StoreState::open(const fs::path& directory, bool durable) {
  std::unique_ptr<StoreState> state(new StoreState(directory, durable));
  auto manifest = read_manifest(directory);
  if (!manifest && manifest.error().code == ErrorCode::not_found) {
    manifest.emplace();
    manifest->store = random_number();
    if (auto done = publish_manifest(directory, *manifest, durable); !done) {
      return tl::unexpected(done.error());
    }
  }
  if (!manifest) return tl::unexpected(manifest.error());
  state->manifest_ = std::move(*manifest);
  if (auto done = state->remove_leftovers(); !done) return tl::unexpected(done.error());
  auto snapshot = load_snapshot(directory, state->manifest_, nullptr);
  if (!snapshot) {
    // Nothing else writes here: a segment that is not there has been lost.
    auto error = snapshot.error();
    if (error.code == ErrorCode::not_found) error.code = ErrorCode::corrupt;
    return tl::unexpected(std::move(error));
  }
  state->snapshot_ = std::move(*snapshot);
  return state;
}

Result<void> StoreState::remove_leftovers() const {
  const auto names = list_directory(directory_);
  if (!names) return tl::unexpected(names.error());
  for (const auto& name : *names) {
    const bool unlisted = is_segment_name(name) && !contains(manifest_.segments, name);
    if (!unlisted && !is_temporary_name(name) && name != kManifestTemporary) continue;
    if (auto done = remove_tree(directory_ / name); !done) return done;
  }
  return {};
}

std::shared_ptr<const Snapshot> StoreState::snapshot() const {
  const std::scoped_lock lock(mutex_);
  return snapshot_;
}

std::uint64_t StoreState::reserve_number() {
  const std::scoped_lock lock(mutex_);
  return manifest_.next_segment++;
}

Result<void> StoreState::publish(std::uint64_t number, std::span<const std::string> replaced) {
  const fs::path temporary = directory_ / temporary_name(number);
  const fs::path path = directory_ / segment_name(number);
  auto done = rename_file(temporary, path);
  if (done && durable_) done = sync_directory(directory_);
  if (done) {
    auto segment = open_segment(path);
    done = segment ? replace_manifest(std::move(*segment), replaced)
                   : Result<void>(tl::unexpected(segment.error()));
  }
  if (done) return done;
  // A manifest may have been replaced although that could not be made durable.
  const auto manifest = read_manifest(directory_);
  if (!manifest || contains(manifest->segments, segment_name(number))) return done;
  for (const auto& leftover : {temporary, path}) {
    [[maybe_unused]] const auto removed = remove_tree(leftover);  // Else by the next writer.
  }
  return done;
}

Result<void> StoreState::replace_manifest(std::shared_ptr<const Segment> added,
                                          std::span<const std::string> replaced) {
  const std::scoped_lock lock(mutex_);
  Manifest manifest = manifest_;
  ++manifest.generation;
  std::erase_if(manifest.segments, [&](const auto& name) { return contains(replaced, name); });
  manifest.segments.push_back(added->name());
  auto snapshot = std::make_shared<Snapshot>(*snapshot_);
  snapshot->generation = manifest.generation;
  std::erase_if(snapshot->segments,
                [&](const auto& segment) { return contains(replaced, segment->name()); });
  snapshot->segments.push_back(std::move(added));
  auto done = publish_manifest(directory_, manifest, durable_);
  if (!done) {
    const auto on_disk = read_manifest(directory_);
    if (!on_disk || on_disk->generation != manifest.generation) return done;
  }
  manifest_ = std::move(manifest);
  snapshot_ = std::move(snapshot);
  return done;
}

}  // namespace trailsift::store
