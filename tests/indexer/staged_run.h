#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "indexer/ingest.h"
#include "tests/indexer/reading.h"
#include "tests/support/temp_directory.h"

namespace trailsift::indexer::testing {

/// A folder of its own that goes away with the test.
class TempDirectory : public test::TempDirectory {
 public:
  /// Writes a file, and the folders it stands in.
  std::filesystem::path write(const std::string& name, const std::string& text) const;
};

/// A blob whose stream is made by a function, or that cannot be opened.
class StagedBlob : public Blob {
 public:
  using Open = std::function<Result<std::unique_ptr<ByteStream>>()>;
  StagedBlob(std::string name, Open open) : name_(std::move(name)), open_(std::move(open)) {}

  const std::string& name() const override { return name_; }
  std::optional<std::uint64_t> size() const override { return std::nullopt; }
  Result<std::unique_ptr<ByteStream>> open(std::stop_token /*stop*/) const override {
    return open_();
  }

 private:
  std::string name_;
  Open open_;
};

/// Plays back a script of blobs and errors.
class StagedSource : public Source {
 public:
  void add(const std::string& name, std::string bytes);
  void add_unopenable(const std::string& name);
  void add_error(const std::string& message);
  void add(std::unique_ptr<Blob> blob);

  Result<std::unique_ptr<Blob>> next() override;
  std::optional<Total> total(std::stop_token stop) const override;

 private:
  std::vector<Result<std::unique_ptr<Blob>>> script_;
  std::size_t at_ = 0;
};

/// A store in memory.
class StagedWriter : public store::Writer {
 public:
  std::set<std::string> ids;
  std::vector<std::size_t> batches;  ///< Sizes of the commits.
  std::vector<Event> events;         ///< Kept when `keep_events`.
  bool keep_events = false;
  std::optional<std::size_t> fail_at;  ///< The commit that fails, from 0, and all behind it.
  std::size_t fail_every = 0;          ///< Of so many commits one fails; 0: none.
  std::function<void()> on_commit;

  Result<store::CommitResult> commit(store::EventBatch&& batch) override;
  Result<std::uint64_t> remove(std::span<const std::string> gone) override {
    std::uint64_t removed = 0;
    for (const std::string& id : gone) removed += ids.erase(id);
    return removed;
  }
  Result<void> permit(std::span<const std::string>) override { return {}; }
  Result<void> merge_all() override { return {}; }
  std::shared_ptr<const store::Snapshot> snapshot() const override { return nullptr; }

 private:
  std::mutex mutex_;  // Guards all of it during a run.
  std::size_t attempts_ = 0;
};

/// A quarantine list in memory.
class StagedQuarantine : public Quarantine {
 public:
  std::vector<QuarantineEntry> entries;
  std::size_t unflushed = 0;
  bool disk_full = false;

  Result<bool> add(const QuarantineEntry& entry) override;
  Result<void> flush() override;

  /// `source reason@offset` of every entry, sorted.
  std::vector<std::string> lines() const;
};

/// "files 1, skipped 0, read 2, indexed 1, duplicates 0, filtered 0, rejected 1"; checks that the
/// account adds up.
std::string words(const IngestAccount& account);

}  // namespace trailsift::indexer::testing
