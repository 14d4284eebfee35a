#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"
#include "store/checksum.h"

namespace trailsift::store {

/// The wall to the operating system's files. Failures are ErrorCode::io and name the path.

/// Owns an open file descriptor.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept;
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor();

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// Opens with `flags` (O_RDONLY and so on); a file that does not exist is not_found.
Result<FileDescriptor> open_file(const std::filesystem::path& path, int flags);

/// A whole file, read-only in memory. The bytes stay when the file is unlinked.
class MappedFile {
 public:
  static Result<MappedFile> open(const std::filesystem::path& path);
  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  explicit MappedFile(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::span<const std::byte> bytes_;
};

/// What is known of a file once it is written.
struct WrittenFile {
  std::uint64_t bytes = 0;
  std::uint64_t checksum = 0;
};

/// Writes a new file from front to back.
class FileWriter {
 public:
  static Result<FileWriter> create(const std::filesystem::path& path);

  Result<void> append(std::span<const std::byte> bytes);
  Result<void> append(std::string_view text) { return append(std::as_bytes(std::span(text))); }
  /// Adds zeros until the position is a multiple of `alignment`.
  Result<void> align(std::size_t alignment);
  std::uint64_t position() const { return position_; }

  /// Of all bytes so far.
  Result<std::uint64_t> checksum();
  /// Puts other bytes in place of the first ones, which are there already. finish() must then read
  /// the whole file again for its checksum.
  Result<void> replace_front(std::string_view bytes);

  /// Writes what is left; `durable`: and waits until the disk has it.
  Result<WrittenFile> finish(bool durable);

 private:
  FileWriter(std::filesystem::path path, FileDescriptor fd);
  Result<void> flush();

  std::filesystem::path path_;
  FileDescriptor fd_;
  std::vector<std::byte> buffer_;
  std::uint64_t position_ = 0;
  Checksum checksum_;
  bool front_replaced_ = false;
};

/// A small file's text; larger than `max_bytes` is corrupt.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes);

/// Bytes and checksum of a file that something else wrote.
Result<WrittenFile> measure_file(const std::filesystem::path& path);

Result<void> sync_file(const std::filesystem::path& path);
Result<void> sync_directory(const std::filesystem::path& path);
Result<void> make_directory(const std::filesystem::path& path);
Result<void> rename_file(const std::filesystem::path& from, const std::filesystem::path& to);

/// Removes a file or a folder with all that is in it; that it is gone already is no failure.
Result<void> remove_tree(const std::filesystem::path& path);

/// Names in a directory, sorted.
Result<std::vector<std::string>> list_directory(const std::filesystem::path& path);

}  // namespace trailsift::store
