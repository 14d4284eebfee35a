// What staged_run.h declares, in a file that the suite's glob finds; and tests of those tools.
#include "tests/indexer/staged_run.h"

#include <algorithm>
#include <fstream>
#include <utility>

#include <gtest/gtest.h>

namespace trailsift::indexer::testing {

std::filesystem::path TempDirectory::write(const std::string& name, const std::string& text) const {
  auto file = path() / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
  return file;
}

void StagedSource::add(const std::string& name, std::string bytes) {
  add(std::make_unique<StagedBlob>(
      name, [bytes = std::move(bytes)]() -> Result<std::unique_ptr<ByteStream>> {
        return std::make_unique<MemoryStream>(bytes);
      }));
}

void StagedSource::add_unopenable(const std::string& name) {
  add(std::make_unique<StagedBlob>(name, []() -> Result<std::unique_ptr<ByteStream>> {
    return fail(ErrorCode::io, "permission denied");
  }));
}

void StagedSource::add_error(const std::string& message) {
  script_.emplace_back(fail(ErrorCode::io, message));
}

void StagedSource::add(std::unique_ptr<Blob> blob) {
  script_.emplace_back(std::move(blob));
}

Result<std::unique_ptr<Blob>> StagedSource::next() {
  if (at_ == script_.size()) return nullptr;
  return std::move(script_[at_++]);
}

std::optional<Source::Total> StagedSource::total(std::stop_token /*stop*/) const {
  return Total{script_.size(), 0};
}

namespace {

Event event_of(const store::EventBatch& batch, const store::EventBatch::Row& row) {
  Event event = flatten(row.json).value();
  for (const store::LeafId leaf : batch.leaves_of(row)) {
    const auto& use = batch.use(leaf);
    if (!use.in_record) add_value(event, *use.field, std::string(batch.value(leaf)));
  }
  return event;
}

}  // namespace

Result<store::CommitResult> StagedWriter::commit(store::EventBatch&& batch) {
  if (on_commit) on_commit();
  const std::scoped_lock lock(mutex_);
  const bool fails = fail_every > 0 && ++attempts_ % fail_every == 1 % fail_every;
  if (fails || fail_at == batches.size()) return fail(ErrorCode::io, "no space left on device");
  batches.push_back(batch.size());
  store::CommitResult result;
  for (const auto& row : batch.rows()) {
    const bool is_new = ids.insert(std::string(row.id)).second;
    ++(is_new ? result.indexed : result.duplicates);
    result.kept.push_back(is_new ? 1 : 0);
    if (keep_events) events.push_back(event_of(batch, row));
  }
  return result;
}

Result<bool> StagedQuarantine::add(const QuarantineEntry& entry) {
  if (disk_full) return fail(ErrorCode::io, "no space left on device");
  entries.push_back(entry);
  ++unflushed;
  return true;
}

Result<void> StagedQuarantine::flush() {
  unflushed = 0;
  return {};
}

std::vector<std::string> StagedQuarantine::lines() const {
  std::vector<std::string> lines;
  for (const QuarantineEntry& entry : entries) {
    lines.push_back(entry.source + ' ' + std::string(name(entry.reason)) + '@' +
                    std::to_string(entry.offset));
  }
  std::ranges::sort(lines);
  return lines;
}

std::string words(const IngestAccount& account) {
  EXPECT_EQ(account.read,
            account.indexed + account.duplicates + account.filtered + account.rejected);
  std::uint64_t skipped = 0;
  for (const std::uint64_t count : account.skipped_by_kind) skipped += count;
  EXPECT_EQ(account.skipped, skipped);
  return "files " + std::to_string(account.files) + ", skipped " + std::to_string(account.skipped) +
         ", read " + std::to_string(account.read) + ", indexed " + std::to_string(account.indexed) +
         ", duplicates " + std::to_string(account.duplicates) + ", filtered " +
         std::to_string(account.filtered) + ", rejected " + std::to_string(account.rejected);
}

namespace {

TEST(StagedRun, TheWriterTellsDuplicates) {
  StagedWriter writer;
  store::EventBatch batch;
  for (const char* id : {"a", "b", "a"}) {
    const std::string json = record(id);
    ASSERT_TRUE(batch.read(json));
    batch.add_read("");
  }
  const auto result = writer.commit(std::move(batch));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->indexed, 2U);
  EXPECT_EQ(result->duplicates, 1U);
  EXPECT_EQ(result->kept, (std::vector<char>{1, 1, 0}));
}

}  // namespace
}  // namespace trailsift::indexer::testing
