#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <queue>
#include <string_view>
#include <utility>

#include "store/file.h"
#include "store/live_segment.h"
#include "store/manifest.h"
#include "store/store.h"
#include "store/writer_lock.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;

/// What lies in a data directory besides segments and what a killed writer leaves, which the next
/// one removes; what the page keeps (page-…). The ledger and the quarantine list have files beside
/// them while they are open.
bool is_expected(std::string_view name) {
  const auto is_table = [name](FieldIndex joined) {
    return name.starts_with(field_at(joined).join.file);  // Or a new version under way.
  };
  return std::ranges::any_of(joined_fields(), is_table) || name == kManifestFile ||
         name == kManifestTemporary || name == WriterLock::kFile ||
         name.starts_with("quarantine.") || name.starts_with("page-") ||
         name.starts_with("deliveries.sqlite") || is_segment_name(name) ||
         is_temporary_name(name) || is_deletes_name(name);
}

Result<void> check_names(const fs::path& directory, std::vector<std::string>& faults) {
  const auto names = list_directory(directory);
  if (!names) return tl::unexpected(names.error());
  for (const auto& name : *names) {
    if (!is_expected(name)) {
      faults.push_back("'" + (directory / name).string() + "' does not belong to the store");
    }
  }
  return {};
}

/// The next id of one segment's dictionary. One that was deleted may be in another segment again.
struct Head {
  std::string id;
  std::size_t segment;

  bool operator>(const Head& other) const { return id > other.id; }
};

/// All dictionaries of ids ascend, so that equal ids meet when they are merged.
Result<void> check_ids(const Snapshot& snapshot, std::vector<std::string>& faults) {
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
  std::vector<Dictionary::Cursor> cursors;
  std::vector<std::vector<bool>> gone;  // By rank; empty: none.
  for (const auto& segment : snapshot.segments) {
    const auto column = segment->column(event_id_field());
    if (!column) return tl::unexpected(column.error());
    if (*column == nullptr) continue;
    cursors.emplace_back((*column)->dictionary());
    gone.push_back(deleted_ids(*segment, **column));
  }
  const auto push_next = [&](std::size_t segment) {
    auto& cursor = cursors[segment];
    while (!cursor.at_end() && !gone[segment].empty() && gone[segment][cursor.rank()])
      cursor.next();
    if (!cursor.at_end()) heads.push({std::string(cursor.value()), segment});
  };
  for (std::size_t segment = 0; segment < cursors.size(); ++segment) push_next(segment);
  std::string last;
  while (!heads.empty()) {
    const Head head = heads.top();
    heads.pop();
    if (head.id == last) faults.push_back("the event '" + last + "' is there twice");
    last = head.id;
    cursors[head.segment].next();
    push_next(head.segment);
  }
  return {};
}

/// Checks the segments of the store, those that come meanwhile too. A fault of a segment that a
/// merge has replaced meanwhile is none: its files went away.
Result<void> check_segments(const fs::path& directory, std::vector<std::string>& faults) {
  constexpr int kPasses = 2;  // The second sees what came during the first.
  std::map<std::string, std::vector<std::string>> found;
  auto manifest = read_manifest(directory);
  for (int pass = 0; pass < kPasses && manifest; ++pass) {
    for (const auto& name : manifest->segments) {
      if (!found.contains(name)) found[name] = check_segment(directory / name);
    }
    manifest = read_manifest(directory);
  }
  if (!manifest) return tl::unexpected(manifest.error());
  for (const auto& name : manifest->segments)
    std::ranges::move(found[name], std::back_inserter(faults));
  return {};
}

/// What is wrong between the segments.
Result<void> check_snapshot(const fs::path& directory, std::vector<std::string>& faults) {
  const auto reader = Reader::open(directory);
  if (!reader) return tl::unexpected(reader.error());
  const auto snapshot = (*reader)->snapshot();
  if (!snapshot) return tl::unexpected(snapshot.error());
  return check_ids(**snapshot, faults);
}

}  // namespace

Result<std::vector<std::string>> check(const fs::path& directory) {
  std::vector<std::string> faults;
  auto done = check_segments(directory, faults);
  if (done && faults.empty()) done = check_snapshot(directory, faults);
  if (done) done = check_names(directory, faults);
  if (done) return faults;
  if (done.error().code == ErrorCode::corrupt) return std::vector{done.error().message};
  if (done.error().code != ErrorCode::not_found) return tl::unexpected(done.error());
  return fail(ErrorCode::not_found, "there is no store in '" + directory.string() + "'");
}

}  // namespace trailsift::store
