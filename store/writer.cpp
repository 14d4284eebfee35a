#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string_view>
#include <system_error>
#include <thread>
#include <unordered_set>
#include <utility>

#include "store/file.h"
#include "store/merge_policy.h"
#include "store/segment_builder.h"
#include "store/segment_merge.h"
#include "store/store.h"
#include "store/store_state.h"
#include "store/writer_lock.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;

Result<bool> is_known(const Snapshot& snapshot, std::string_view id) {
  for (const auto& segment : snapshot.segments) {
    auto known = segment->contains(id);
    if (!known || *known) return known;
  }
  return false;
}

/// Moves the events that are new to the front, in their order, and drops the others.
Result<void> drop_duplicates(const Snapshot& snapshot, std::vector<Event>& batch) {
  std::unordered_set<std::string> seen;
  std::vector<Event> fresh;
  for (auto& event : batch) {
    if (!seen.insert(event.id).second) continue;
    const auto known = is_known(snapshot, event.id);
    if (!known) return tl::unexpected(known.error());
    if (!*known) fresh.push_back(std::move(event));
  }
  batch = std::move(fresh);
  return {};
}

class LockedWriter final : public Writer {
 public:
  LockedWriter(WriterLock lock, std::unique_ptr<StoreState> state, const WriterOptions& options)
      : lock_(std::move(lock)), state_(std::move(state)), options_(options) {
    if (options_.background_merges) {
      merger_ = std::jthread([this](const std::stop_token& stop) { merge_in_background(stop); });
    }
  }

  Result<CommitResult> commit(std::vector<Event> batch) override;
  Result<void> merge_all() override;
  std::shared_ptr<const Snapshot> snapshot() const override { return state_->snapshot(); }

 private:
  Result<void> write_segment(std::vector<Event> events);
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
  const unsigned cores_ = std::max(1U, std::thread::hardware_concurrency());

  std::mutex merging_;  // Held during a merge: there is one at a time.

  std::mutex mutex_;  // Guards the fields below.
  std::condition_variable_any wake_;
  bool merge_wanted_ = true;

  std::jthread merger_;  // Last: it ends before what it uses.
};

Result<CommitResult> LockedWriter::commit(std::vector<Event> batch) {
  const std::size_t delivered = batch.size();
  if (auto done = drop_duplicates(*state_->snapshot(), batch); !done) {
    return tl::unexpected(done.error());
  }
  const CommitResult result{batch.size(), delivered - batch.size()};
  if (batch.empty()) return result;
  if (auto done = write_segment(std::move(batch)); !done) return tl::unexpected(done.error());
  {
    const std::scoped_lock lock(mutex_);
    merge_wanted_ = true;
  }
  wake_.notify_one();
  if (options_.background_merges) help_merging();
  return result;
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

Result<void> LockedWriter::write_segment(std::vector<Event> events) {
  const std::uint64_t number = state_->reserve_number();
  const fs::path temporary = state_->directory() / temporary_name(number);
  auto built = build_segment(temporary, std::move(events), build_options(cores_));
  if (!built) {
    [[maybe_unused]] const auto removed = remove_tree(temporary);  // Else by the next writer.
    return built;
  }
  return state_->publish(number, {});
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
    candidates.push_back({segment->size(), segment->oldest()});
  }
  std::vector<MergeInput> inputs;
  std::vector<std::string> names;
  for (const std::size_t chosen :
       choose_merge(candidates, options_.merge_width, options_.max_merged_events)) {
    const auto& segment = snapshot->segments[chosen];
    inputs.push_back({segment, state_->directory() / segment->name()});
    names.push_back(segment->name());
  }
  if (inputs.empty()) return false;

  const std::uint64_t number = state_->reserve_number();
  const fs::path temporary = state_->directory() / temporary_name(number);
  auto merged = merge_segments(temporary, inputs, build_options(threads));
  if (merged) merged = state_->publish(number, names);
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
