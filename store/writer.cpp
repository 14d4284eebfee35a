#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <span>
#include <stop_token>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "store/file.h"
#include "store/id_claims.h"
#include "store/merge_policy.h"
#include "store/segment_builder.h"
#include "store/segment_merge.h"
#include "store/store.h"
#include "store/store_state.h"
#include "store/writer_lock.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;

/// Clears the entries of the ids that some segment has, or that were deleted. Segment by segment,
/// so that what is looked at stays in the cache.
Result<void> drop_known(const Snapshot& snapshot, std::span<const std::string_view> ids,
                        std::vector<char>& kept) {
  if (snapshot.deletes) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (snapshot.deletes->ids.contains(ids[i])) kept[i] = 0;
    }
  }
  for (const auto& segment : snapshot.segments) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (kept[i] == 0) continue;
      const auto known = segment->contains(ids[i]);
      if (!known) return tl::unexpected(known.error());
      if (*known) kept[i] = 0;
    }
  }
  return {};
}

/// A segment that is worth writing anew for what was deleted of it: a fifth.
std::vector<std::size_t> mostly_deleted(const Snapshot& snapshot) {
  const auto& segments = snapshot.segments;
  const auto found = std::ranges::find_if(segments, [](const auto& segment) {
    return std::uint64_t{5} * segment->deleted().size() >= segment->size();
  });
  if (found == segments.end()) return {};
  return {static_cast<std::size_t>(found - segments.begin())};
}

class LockedWriter final : public Writer {
 public:
  LockedWriter(WriterLock lock, std::unique_ptr<StoreState> state, const WriterOptions& options)
      : lock_(std::move(lock)), state_(std::move(state)), options_(options) {
    if (options_.background_merges) {
      merger_ = std::jthread([this](const std::stop_token& stop) { merge_in_background(stop); });
    }
  }

  Result<CommitResult> commit(EventBatch&& batch) override;
  Result<void> merge_all() override;
  Result<std::uint64_t> remove(std::span<const std::string> ids) override;
  Result<void> permit(std::span<const std::string> ids) override { return state_->permit(ids); }
  std::shared_ptr<const Snapshot> snapshot() const override { return state_->snapshot(); }

 private:
  Result<void> write_segment(const EventBatch& batch, IdClaims::Claim& claim);
  void ask_for_merges();
  /// Runs one merge if the policy asks for one; false when it asks for none.
  Result<bool> merge_once(unsigned threads);
  void merge_in_background(const std::stop_token& stop);
  BuildOptions build_options(unsigned threads) const {
    return {options_.durable, threads, options_.terms_writer};
  }
  /// Merges until the background can keep up again.
  void help_merging();

  const WriterLock lock_;
  const std::unique_ptr<StoreState> state_;
  const WriterOptions options_;
  IdClaims claims_;
  const unsigned cores_ = std::max(1U, std::thread::hardware_concurrency());

  std::mutex merging_;  // Held during a merge: there is one at a time.

  std::mutex mutex_;  // Guards the fields below.
  std::condition_variable_any wake_;
  bool merge_wanted_ = true;

  std::jthread merger_;  // Last: it ends before what it uses.
};

Result<CommitResult> LockedWriter::commit(EventBatch&& batch) {
  std::vector<std::string_view> ids;
  for (const EventBatch::Row& row : batch.rows()) ids.push_back(row.id);
  std::vector<char> kept(ids.size(), 1);
  auto claim = claims_.claim(ids, kept, [&](std::vector<char>& fresh) {
    return drop_known(*state_->snapshot(), ids, fresh);
  });
  if (!claim) return tl::unexpected(claim.error());
  batch.keep(kept);
  CommitResult result{batch.size(), ids.size() - batch.size(), std::move(kept)};
  if (auto done = write_segment(batch, **claim); !done) return tl::unexpected(done.error());
  ask_for_merges();
  return result;
}

Result<std::uint64_t> LockedWriter::remove(std::span<const std::string> ids) {
  auto removed = state_->remove(ids);
  if (removed && *removed > 0) ask_for_merges();
  return removed;
}

void LockedWriter::ask_for_merges() {
  {
    const std::scoped_lock lock(mutex_);
    merge_wanted_ = true;
  }
  wake_.notify_one();
  if (options_.background_merges) help_merging();
}

void LockedWriter::help_merging() {
  const std::size_t limit = 4 * std::max<std::size_t>(options_.merge_width, 2);
  const auto has_fallen_behind = [&] {
    const auto snapshot = state_->snapshot();
    const auto waiting = std::ranges::count_if(snapshot->segments, [&](const auto& segment) {
      return !is_full(segment->size(), options_.max_merged_events);
    });
    return static_cast<std::size_t>(waiting) > limit;
  };
  // A failed merge is no failure of the commit: the next one tries again.
  while (has_fallen_behind() && merge_once(cores_).value_or(false)) {
  }
}

/// Makes a segment of the batch, unless it is empty, and publishes it when all of it is known to be
/// indexed: here, or by the commits that claimed some of it before.
Result<void> LockedWriter::write_segment(const EventBatch& batch, IdClaims::Claim& claim) {
  const std::uint64_t number = state_->reserve_number();
  const fs::path temporary = state_->directory() / temporary_name(number);
  Result<void> done;
  if (!batch.empty()) done = build_segment(temporary, batch, build_options(cores_));
  if (done) done = claim.await_others();
  if (!done) {
    [[maybe_unused]] const auto removed = remove_tree(temporary);  // Else by the next writer.
    return done;
  }
  if (!batch.empty()) done = state_->publish(number, {});
  if (done) claim.succeed();
  return done;
}

Result<void> LockedWriter::merge_all() {
  while (true) {
    const auto merged = merge_once(cores_);
    if (!merged) return tl::unexpected(merged.error());
    if (!*merged) return {};
  }
}

Result<bool> LockedWriter::merge_once(unsigned threads) {
  const std::scoped_lock lock(merging_);
  const auto snapshot = state_->snapshot();
  std::vector<MergeCandidate> candidates;
  for (const auto& segment : snapshot->segments) {
    candidates.push_back({segment->live(), segment->oldest()});
  }
  auto chosen = choose_merge(candidates, options_.merge_width, options_.max_merged_events);
  if (chosen.empty()) chosen = mostly_deleted(*snapshot);
  std::vector<MergeInput> inputs;
  StoreState::Segments merged_of;
  for (const std::size_t index : chosen) {
    const auto& segment = snapshot->segments[index];
    inputs.push_back({segment, state_->directory() / segment->name()});
    merged_of.push_back(segment);
  }
  if (inputs.empty()) return false;

  const std::uint64_t number = state_->reserve_number();
  const fs::path temporary = state_->directory() / temporary_name(number);
  auto merged = merge_segments(temporary, inputs, build_options(threads));
  if (merged) merged = state_->publish(number, merged_of);
  if (!merged) {
    [[maybe_unused]] const auto removed = remove_tree(temporary);
    return tl::unexpected(merged.error());
  }
  for (const auto& input : inputs) {
    [[maybe_unused]] const auto removed = remove_tree(input.directory);  // Else by the next writer.
  }
  return true;
}

void LockedWriter::merge_in_background(const std::stop_token& stop) {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (!wake_.wait(lock, stop, [&] { return merge_wanted_; })) return;
      merge_wanted_ = false;
    }
    // After a failure (a full disk) the segments stay as they are until the next commit.
    // One thread: a commit that runs beside it has the other cores.
    while (!stop.stop_requested() && merge_once(1).value_or(false)) {
    }
  }
}

}  // namespace

Result<std::unique_ptr<Writer>> Writer::open(const fs::path& directory,
                                             const WriterOptions& options) {
  if (auto done = make_directory(directory); !done) return tl::unexpected(done.error());
  if (options.durable) {
    // The folder above may not be ours to open; then the directory's name is as durable as it is.
    std::error_code ignored;
    const fs::path above = fs::absolute(directory, ignored).parent_path();
    [[maybe_unused]] const auto synced = sync_directory(above);
  }
  auto lock = WriterLock::acquire(directory);
  if (!lock) return tl::unexpected(lock.error());
  auto state = StoreState::open(directory, options.durable);
  if (!state) return tl::unexpected(state.error());
  return std::make_unique<LockedWriter>(std::move(*lock), std::move(*state), options);
}

}  // namespace trailsift::store
