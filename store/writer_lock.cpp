#include "store/writer_lock.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxBytes = 64;

/// "process 123" or, when the file does not say, "another process".
std::string holder_of(const fs::path& path) {
  const auto text = read_file(path, kMaxBytes);
  if (!text) return "another process";
  const std::string pid = text->substr(0, text->find('\n'));
  const bool digits =
      !pid.empty() && std::ranges::all_of(pid, [](char c) { return c >= '0' && c <= '9'; });
  return digits ? "another process (pid " + pid + ")" : "another process";
}

}  // namespace

Result<WriterLock> WriterLock::acquire(const fs::path& directory) {
  const fs::path path = directory / kFile;
  auto fd = open_file(path, O_RDWR | O_CREAT);
  if (!fd) return tl::unexpected(fd.error());
  if (::flock(fd->get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      return fail(ErrorCode::unavailable,
                  holder_of(path) + " is writing to '" + directory.string() + "'");
    }
    return fail(ErrorCode::io,
                "cannot lock '" + path.string() + "': " + std::generic_category().message(errno));
  }
  // The number is for people only: a lock whose number cannot be written (full disk) still holds.
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd->get(), 0) == 0) {
    [[maybe_unused]] const auto written = ::pwrite(fd->get(), pid.data(), pid.size(), 0);
  }
  return WriterLock(std::move(*fd));
}

}  // namespace trailsift::store
