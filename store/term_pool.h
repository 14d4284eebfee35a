#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "schema/error.h"
#include "store/file.h"
#include "store/segment.h"

namespace trailsift::store {

/// What a segment knows of its inverted index.
struct TermsPart {
  WrittenFile file;
  std::uint32_t doc_count = 0;
};

/// The inverted index of one segment: lends readers of it and takes them back. Keeps the file open,
/// so that readers can be had after it is unlinked. Any thread.
class TermPool : public std::enable_shared_from_this<TermPool> {
 public:
  /// Checks the file's size. Small files are verified whole at the first lease; Xapian trusts what
  /// it reads, and larger ones would make the first query wait: `check` is for those.
  static Result<std::shared_ptr<TermPool>> open(const std::filesystem::path& path,
                                                const TermsPart& part);
  ~TermPool();
  TermPool(const TermPool&) = delete;
  TermPool& operator=(const TermPool&) = delete;

  Result<std::shared_ptr<TermReader>> lease();

 private:
  class Reader;
  TermPool(FileDescriptor fd, std::string what, const TermsPart& part);
  Result<std::unique_ptr<Reader>> open_reader();
  Result<void> verify();
  std::string open_path() const;

  const FileDescriptor fd_;
  const std::string what_;  // The path, for messages.
  const TermsPart part_;

  std::mutex mutex_;  // Guards everything below.
  std::vector<std::unique_ptr<Reader>> idle_;
  bool verified_ = false;
};

}  // namespace trailsift::store
