#include "store/store_state.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <random>
#include <set>
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
    const bool unlisted = (is_segment_name(name) && !contains(manifest_.segments, name)) ||
                          (is_deletes_name(name) && name != deletes_name(manifest_.deletes));
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

Result<void> StoreState::publish(std::uint64_t number, const Segments& replaced) {
  const fs::path temporary = directory_ / temporary_name(number);
  const fs::path path = directory_ / segment_name(number);
  auto done = rename_file(temporary, path);
  if (done && durable_) done = sync_directory(directory_);
  if (done) {
    auto segment = open_segment(path);
    done = segment ? replace_segments(std::move(*segment), replaced)
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

namespace {

/// The documents of `added`, which was merged of `segment` as it was, that are deleted of it now.
Result<void> carry_deletes(const Segment& segment, std::span<const DocId> deleted_now,
                           const Segment& added, std::vector<DocId>& docs) {
  std::vector<DocId> since;
  std::ranges::set_difference(deleted_now, segment.deleted(), std::back_inserter(since));
  if (since.empty()) return {};
  const auto ids = segment.column(event_id_field());
  if (!ids) return tl::unexpected(ids.error());
  for (const DocId doc : since) {
    const auto moved = added.find((*ids)->value((*ids)->ordinal(doc) - 1));
    if (!moved) return tl::unexpected(moved.error());
    if (*moved) docs.push_back(**moved);
  }
  return {};
}

}  // namespace

Result<void> StoreState::replace_segments(std::shared_ptr<const Segment> added,
                                          const Segments& replaced) {
  const std::scoped_lock lock(mutex_);
  Segments segments = snapshot_->segments;
  std::optional<Deletes> changed;
  std::vector<DocId> docs;
  for (const auto& old : replaced) {
    std::erase_if(segments, [&](const auto& segment) { return segment->name() == old->name(); });
    if (!snapshot_->deletes) continue;
    const auto found = snapshot_->deletes->docs.find(old->name());
    if (found == snapshot_->deletes->docs.end()) continue;
    if (auto done = carry_deletes(*old, found->second, *added, docs); !done) return done;
    if (!changed) changed = *snapshot_->deletes;
    changed->docs.erase(old->name());
  }
  std::ranges::sort(docs);
  if (!docs.empty()) changed->docs[added->name()] = std::move(docs);
  segments.push_back(std::move(added));
  return replace_state(std::move(segments), std::move(changed));
}

Result<std::uint64_t> StoreState::remove(std::span<const std::string> ids) {
  const std::scoped_lock lock(mutex_);
  Deletes deletes = snapshot_->deletes ? *snapshot_->deletes : Deletes{};
  std::uint64_t removed = 0;
  for (const std::string& id : std::set<std::string>(ids.begin(), ids.end())) {
    for (const auto& segment : snapshot_->segments) {
      const auto doc = segment->find(id);
      if (!doc) return tl::unexpected(doc.error());
      if (!*doc) continue;
      deletes.docs[segment->name()].push_back(**doc);
      deletes.ids.insert(id);
      ++removed;
    }
  }
  if (removed == 0) return removed;
  if (deletes.ids.size() > kMaxDeletedIds) {
    return fail(ErrorCode::too_large, "expected at most " + std::to_string(kMaxDeletedIds) +
                                          " deleted events in a store, got more");
  }
  for (auto& [name, docs] : deletes.docs) std::ranges::sort(docs);
  auto done = replace_state(snapshot_->segments, std::move(deletes));
  if (!done) return tl::unexpected(done.error());
  return removed;
}

Result<void> StoreState::permit(std::span<const std::string> ids) {
  const std::scoped_lock lock(mutex_);
  const auto& known = snapshot_->deletes;
  const auto is_deleted = [&](const std::string& id) { return known->ids.contains(id); };
  if (!known || std::ranges::none_of(ids, is_deleted)) return {};
  Deletes deletes = *known;
  for (const std::string& id : ids) deletes.ids.erase(id);
  return replace_state(snapshot_->segments, std::move(deletes));
}

Result<void> StoreState::write_state(const Manifest& manifest, const Deletes* deletes) const {
  const bool has_file = deletes != nullptr && deletes->number != manifest_.deletes;
  auto done = has_file ? write_deletes(directory_, *deletes, durable_) : Result<void>();
  if (done) done = publish_manifest(directory_, manifest, durable_);
  if (done) return done;
  const auto on_disk = read_manifest(directory_);
  const bool replaced = on_disk && on_disk->generation == manifest.generation;
  if (has_file && !replaced) {
    [[maybe_unused]] const auto removed = remove_tree(directory_ / deletes_name(manifest.deletes));
  }
  return done;
}

namespace {

/// Leaves out of the segments what was deleted, and takes out those of which nothing is left, whose
/// names it returns.
Result<std::vector<std::string>> apply_deletes(StoreState::Segments& segments, Deletes& deletes) {
  std::vector<std::string> dead;
  for (auto& segment : segments) {
    auto live = with_deletes(segment, &deletes);
    if (!live) return tl::unexpected(live.error());
    segment = std::move(*live);
    if (segment->live() == 0) dead.push_back(segment->name());
  }
  std::erase_if(segments, [](const auto& segment) { return segment->live() == 0; });
  for (const std::string& name : dead) deletes.docs.erase(name);
  return dead;
}

}  // namespace

Result<void> StoreState::replace_state(Segments segments, std::optional<Deletes> changed) {
  std::vector<std::string> leftovers;
  auto deletes = snapshot_->deletes;
  if (changed) {
    auto dead = apply_deletes(segments, *changed);
    if (!dead) return tl::unexpected(dead.error());
    leftovers = std::move(*dead);
    if (deletes) leftovers.push_back(deletes_name(deletes->number));
    changed->number = manifest_.next_segment++;
    deletes = changed->empty() ? nullptr : std::make_shared<const Deletes>(std::move(*changed));
  }
  Manifest manifest = manifest_;
  ++manifest.generation;
  manifest.deletes = deletes ? deletes->number : 0;
  manifest.segments.clear();
  for (const auto& segment : segments) manifest.segments.push_back(segment->name());

  auto done = write_state(manifest, deletes.get());
  if (!done) {
    const auto on_disk = read_manifest(directory_);
    if (!on_disk || on_disk->generation != manifest.generation) return done;
  }
  snapshot_ = std::make_shared<const Snapshot>(
      Snapshot{manifest.generation, std::move(segments), std::move(deletes)});
  manifest_ = std::move(manifest);
  for (const std::string& name : leftovers) {
    [[maybe_unused]] const auto removed =
        remove_tree(directory_ / name);  // Else by the next writer.
  }
  return done;
}

}  // namespace trailsift::store
