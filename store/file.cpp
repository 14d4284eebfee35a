#include "store/file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBufferBytes = std::size_t{256} << 10;

tl::unexpected<Error> cannot(std::string_view verb, const fs::path& path, int error) {
  const auto code = error == ENOENT ? ErrorCode::not_found : ErrorCode::io;
  return fail(code, "cannot " + std::string(verb) + " '" + path.string() +
                        "': " + std::generic_category().message(error));
}

Result<void> write_all(const FileDescriptor& fd, std::span<const std::byte> bytes,
                       const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return cannot("write", path, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::uint64_t> size_of(const FileDescriptor& fd, const fs::path& path) {
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return cannot("read", path, errno);
  return static_cast<std::uint64_t>(status.st_size);
}

Result<void> sync(const fs::path& path, int flags) {
  auto fd = open_file(path, flags);
  if (!fd) return tl::unexpected(fd.error());
  if (::fsync(fd->get()) != 0) return cannot("sync", path, errno);
  return {};
}

}  // namespace

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Result<FileDescriptor> open_file(const fs::path& path, int flags) {
  constexpr mode_t kMode = 0644;
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, kMode);
  if (fd < 0) return cannot("open", path, errno);
  return FileDescriptor(fd);
}

Result<MappedFile> MappedFile::open(const fs::path& path) {
  auto fd = open_file(path, O_RDONLY);
  if (!fd) return tl::unexpected(fd.error());
  const auto size = size_of(*fd, path);
  if (!size) return tl::unexpected(size.error());
  if (*size == 0) return MappedFile();
  void* const memory = ::mmap(nullptr, *size, PROT_READ, MAP_SHARED, fd->get(), 0);
  if (memory == MAP_FAILED) return cannot("map", path, errno);
  return MappedFile(std::span(static_cast<const std::byte*>(memory), *size));
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

Result<FileWriter> FileWriter::create(const fs::path& path) {
  auto fd = open_file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (!fd) return tl::unexpected(fd.error());
  return FileWriter(path, std::move(*fd));
}

FileWriter::FileWriter(fs::path path, FileDescriptor fd)
    : path_(std::move(path)), fd_(std::move(fd)) {
  buffer_.reserve(kBufferBytes);
}

Result<void> FileWriter::append(std::span<const std::byte> bytes) {
  position_ += bytes.size();
  while (!bytes.empty()) {
    const std::size_t taken = std::min(bytes.size(), kBufferBytes - buffer_.size());
    buffer_.insert(buffer_.end(), bytes.begin(),
                   bytes.begin() + static_cast<std::ptrdiff_t>(taken));
    bytes = bytes.subspan(taken);
    if (buffer_.size() < kBufferBytes) continue;
    if (auto done = flush(); !done) return done;
  }
  return {};
}

Result<void> FileWriter::align(std::size_t alignment) {
  const std::vector<std::byte> zeros((alignment - position_ % alignment) % alignment);
  return append(zeros);
}

Result<void> FileWriter::flush() {
  checksum_.add(buffer_);
  auto done = write_all(fd_, buffer_, path_);
  buffer_.clear();
  return done;
}

Result<std::uint64_t> FileWriter::checksum() {
  if (auto done = flush(); !done) return tl::unexpected(done.error());
  return checksum_.value();
}

Result<void> FileWriter::replace_front(std::string_view bytes) {
  if (auto done = flush(); !done) return done;
  if (::lseek(fd_.get(), 0, SEEK_SET) < 0) return cannot("write", path_, errno);
  if (auto done = write_all(fd_, std::as_bytes(std::span(bytes)), path_); !done) return done;
  if (::lseek(fd_.get(), 0, SEEK_END) < 0) return cannot("write", path_, errno);
  front_replaced_ = true;
  return {};
}

Result<WrittenFile> FileWriter::finish(bool durable) {
  if (auto done = flush(); !done) return tl::unexpected(done.error());
  if (durable && ::fsync(fd_.get()) != 0) return cannot("sync", path_, errno);
  if (front_replaced_) return measure_file(path_);
  return WrittenFile{position_, checksum_.value()};
}

Result<std::string> read_file(const fs::path& path, std::size_t max_bytes) {
  auto fd = open_file(path, O_RDONLY);
  if (!fd) return tl::unexpected(fd.error());
  std::string text;
  std::array<char, 4096> piece{};
  while (true) {
    const ssize_t count = ::read(fd->get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return cannot("read", path, errno);
    if (count == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(count));
    if (text.size() > max_bytes) {
      return fail(ErrorCode::corrupt, "'" + path.string() + "' is larger than expected");
    }
  }
}

Result<WrittenFile> measure_file(const fs::path& path) {
  auto file = MappedFile::open(path);
  if (!file) return tl::unexpected(file.error());
  return WrittenFile{file->bytes().size(), checksum(file->bytes())};
}

Result<void> sync_file(const fs::path& path) {
  return sync(path, O_RDONLY);
}

Result<void> sync_directory(const fs::path& path) {
  return sync(path, O_RDONLY | O_DIRECTORY);
}

Result<void> make_directory(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return cannot("create", path, error.value());
  return {};
}

Result<void> rename_file(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return cannot("rename", from, errno);
  return {};
}

Result<void> remove_tree(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return cannot("remove", path, error.value());
  return {};
}

Result<std::vector<std::string>> list_directory(const fs::path& path) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entry(path, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) return cannot("list", path, error.value());
  std::ranges::sort(names);
  return names;
}

}  // namespace trailsift::store
