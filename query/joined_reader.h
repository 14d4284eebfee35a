#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "query/join_files.h"
#include "schema/error.h"
#include "store/store.h"

namespace trailsift::query {

/// Reads a data directory with the joined fields of its events, as their files are at the moment of
/// each snapshot. Any thread.
class JoinedReader final : public store::Reader {
 public:
  JoinedReader(std::unique_ptr<store::Reader> reader, std::unique_ptr<JoinFiles> files)
      : reader_(std::move(reader)), files_(std::move(files)) {}

  /// See Reader::open() and JoinFiles::open().
  static Result<std::unique_ptr<store::Reader>> open(const std::filesystem::path& directory,
                                                     bool create_empty, JoinOptions options);

  Result<std::shared_ptr<const store::Snapshot>> snapshot() override;

 private:
  const std::unique_ptr<store::Reader> reader_;
  const std::unique_ptr<JoinFiles> files_;

  std::mutex mutex_;  // Guards everything below: the last snapshot and what it was made of.
  std::shared_ptr<const store::Snapshot> base_;
  std::shared_ptr<const Joins> joins_;
  std::shared_ptr<const store::Snapshot> joined_;
};

}  // namespace trailsift::query
