#pragma once

#include <filesystem>
#include <utility>

#include "schema/error.h"
#include "store/file.h"

namespace trailsift::store {

/// The right to write to a data directory. The operating system takes it back when the process
/// ends, however it ends.
class WriterLock {
 public:
  static constexpr const char* kFile = "lock";

  /// unavailable, naming the process that holds it where known, when it is taken.
  static Result<WriterLock> acquire(const std::filesystem::path& directory);

 private:
  explicit WriterLock(FileDescriptor fd) : fd_(std::move(fd)) {}

  FileDescriptor fd_;
};

}  // namespace trailsift::store
