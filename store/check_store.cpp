#include <algorithm>
#include <iterator>
#include <queue>
#include <set>
#include <string_view>
#include <utility>

#include "store/file.h"
#include "store/manifest.h"
#include "store/store.h"
#include "store/writer_lock.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;

/// What lies in a data directory besides segments and what a killed writer leaves, which the next
/// one removes.
bool is_expected(std::string_view name) {
  return name == kManifestFile || name == kManifestTemporary || name == WriterLock::kFile ||
         name.starts_with("quarantine") || is_segment_name(name) || is_temporary_name(name);
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

/// The next id of one segment's dictionary.
struct Head {
  std::string_view id;
  std::size_t segment;
  std::uint32_t rank;

  bool operator>(const Head& other) const { return id > other.id; }
};

/// All dictionaries of ids ascend, so that equal ids meet when they are merged.
Result<void> check_ids(const Snapshot& snapshot, std::vector<std::string>& faults) {
  static const FieldIndex kEventId = field_index("event_id");
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
  std::vector<const Column*> columns;
  for (const auto& segment : snapshot.segments) {
    const auto column = segment->column(kEventId);
    if (!column) return tl::unexpected(column.error());
    if (*column != nullptr) heads.push({(*column)->value(0), columns.size(), 0});
    columns.push_back(*column);
  }
  std::string_view last;
  while (!heads.empty()) {
    const Head head = heads.top();
    heads.pop();
    if (head.id == last) faults.push_back("the event '" + std::string(last) + "' is there twice");
    last = head.id;
    const std::uint32_t next = head.rank + 1;
    if (next < columns[head.segment]->value_count()) {
      heads.push({columns[head.segment]->value(next), head.segment, next});
    }
  }
  return {};
}

/// Checks the segments that `manifest` names and `checked` does not.
void check_segments(const fs::path& directory, const Manifest& manifest,
                    std::set<std::string>& checked, std::vector<std::string>& faults) {
  for (const auto& name : manifest.segments) {
    if (!checked.insert(name).second) continue;
    auto found = check_segment(directory / name);
    std::ranges::move(found, std::back_inserter(faults));
  }
}

/// Faults of segments that a merge has replaced meanwhile are none: their files went away.
Result<std::vector<std::string>> check_once(const fs::path& directory, const Manifest& manifest,
                                            bool& changed) {
  std::vector<std::string> faults;
  std::set<std::string> checked;
  check_segments(directory, manifest, checked, faults);
  const auto now = read_manifest(directory);
  if (!now) return tl::unexpected(now.error());
  changed = now->generation != manifest.generation;
  if (changed && !faults.empty()) return faults;
  check_segments(directory, *now, checked, faults);
  if (!faults.empty()) return faults;
  const auto reader = Reader::open(directory);
  if (!reader) return tl::unexpected(reader.error());
  const auto snapshot = (*reader)->snapshot();
  if (!snapshot) return tl::unexpected(snapshot.error());
  if (auto done = check_ids(**snapshot, faults); !done) return tl::unexpected(done.error());
  return faults;
}

}  // namespace

Result<std::vector<std::string>> check(const fs::path& directory) {
  constexpr int kMaxRounds = 5;
  for (int round = 1;; ++round) {
    const auto manifest = read_manifest(directory);
    if (!manifest && manifest.error().code == ErrorCode::corrupt) {
      return std::vector{manifest.error().message};
    }
    if (!manifest) {
      return fail(manifest.error().code, "there is no store in '" + directory.string() + "'");
    }
    bool changed = false;
    auto faults = check_once(directory, *manifest, changed);
    if (faults && !faults->empty() && changed && round < kMaxRounds) continue;
    if (!faults) return faults;
    if (auto done = check_names(directory, *faults); !done) return tl::unexpected(done.error());
    return faults;
  }
}

}  // namespace trailsift::store
