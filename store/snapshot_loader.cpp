#include "store/snapshot_loader.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "store/live_segment.h"

namespace trailsift::store {

std::uint64_t Snapshot::events() const {
  std::uint64_t count = 0;
  for (const auto& segment : segments) count += segment->live();
  return count;
}

namespace {

Result<std::shared_ptr<const Deletes>> load_deletes(const std::filesystem::path& directory,
                                                    const Manifest& manifest,
                                                    const Snapshot* known) {
  if (manifest.deletes == 0) return std::shared_ptr<const Deletes>();
  const bool is_known =
      known != nullptr && known->deletes && known->deletes->number == manifest.deletes;
  if (is_known) return known->deletes;
  auto deletes = read_deletes(directory, manifest.deletes);
  if (!deletes) return tl::unexpected(deletes.error());
  return std::make_shared<const Deletes>(std::move(*deletes));
}

Result<std::shared_ptr<const Segment>> load_segment(const std::filesystem::path& directory,
                                                    const std::string& name,
                                                    const Snapshot* known) {
  if (known != nullptr) {
    const auto found = std::ranges::find_if(
        known->segments, [&](const auto& segment) { return segment->name() == name; });
    if (found != known->segments.end()) return *found;
  }
  return open_segment(directory / name);
}

}  // namespace

Result<std::shared_ptr<const Segment>> with_deletes(std::shared_ptr<const Segment> segment,
                                                    const Deletes* deletes) {
  std::vector<DocId> docs;
  if (deletes != nullptr) {
    const auto found = deletes->docs.find(segment->name());
    if (found != deletes->docs.end()) docs = found->second;
  }
  if (!docs.empty() && docs.back() >= segment->size()) {
    return fail(ErrorCode::corrupt, "'" + deletes_name(deletes->number) +
                                        "' is corrupt: it names a document that '" +
                                        segment->name() + "' does not have");
  }
  const bool same = std::ranges::equal(docs, segment->deleted());
  return same ? std::move(segment) : without_documents(std::move(segment), std::move(docs));
}

Result<std::shared_ptr<const Snapshot>> load_snapshot(const std::filesystem::path& directory,
                                                      const Manifest& manifest,
                                                      const Snapshot* known) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->generation = manifest.generation;
  auto deletes = load_deletes(directory, manifest, known);
  if (!deletes) return tl::unexpected(deletes.error());
  snapshot->deletes = std::move(*deletes);
  for (const auto& name : manifest.segments) {
    auto segment = load_segment(directory, name, known);
    if (!segment) return tl::unexpected(segment.error());
    segment = with_deletes(std::move(*segment), snapshot->deletes.get());
    if (!segment) return tl::unexpected(segment.error());
    snapshot->segments.push_back(std::move(*segment));
  }
  return snapshot;
}

}  // namespace trailsift::store
