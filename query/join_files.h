#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "query/join_format.h"
#include "query/joins.h"
#include "schema/error.h"

namespace trailsift::query {

/// Where the tables of joined fields come from.
struct JoinOptions {
  /// Unset: account-names.csv in the data directory, if it is there.
  std::optional<std::filesystem::path> account_names;
  /// Told one line for each thing that is wrong with a file, once for each version of it. Any
  /// thread. The text may hold bytes of the file.
  std::function<void(const std::string&)> log;
};

/// Keeps the tables of joined fields as their files are now. Any thread.
///
/// A file is read again when another one is at its place or its size or times are others. A version
/// that cannot be read is told of and leaves the table as it was; a file that is gone is an empty
/// table.
class JoinFiles {
 public:
  /// An error only when `options` name a file that cannot be read.
  static Result<std::unique_ptr<JoinFiles>> open(const std::filesystem::path& data_directory,
                                                 JoinOptions options);

  /// Costs one stat for each file when nothing changed. While one thread reads a new version, the
  /// others go on with the one before. Never null.
  std::shared_ptr<const Joins> current();

 private:
  /// What tells one version of a file from another.
  struct Version {
    std::uint64_t device = 0, inode = 0, size = 0;
    std::int64_t modified_ns = 0, changed_ns = 0;
    bool regular = false;
    friend bool operator==(const Version&, const Version&) = default;
  };
  struct File {
    const JoinFormat* format;
    std::filesystem::path path;
    std::optional<Version> version;  ///< That was looked at last; unset: there was no file.
  };

  explicit JoinFiles(JoinOptions options) : options_(std::move(options)) {}
  static std::optional<Version> version_of(const std::filesystem::path& path);
  Result<void> refresh(File& file);
  Result<std::shared_ptr<const JoinTable>> load(const File& file);
  void tell(const File& file, const std::string& what) const;

  const JoinOptions options_;

  std::mutex reading_;  // Guards files_.
  std::vector<File> files_;

  std::mutex mutex_;  // Guards everything below.
  std::shared_ptr<const Joins> joins_ = std::make_shared<const Joins>();
};

}  // namespace trailsift::query
