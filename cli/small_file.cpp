#include "cli/small_file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace trailsift::cli {
namespace {

tl::unexpected<Error> cannot_read(const std::string& path, int error) {
  return fail(error == ENOENT ? ErrorCode::not_found : ErrorCode::io,
              "cannot read '" + path + "': " + std::strerror(error));
}

Result<std::string> read_all(int file, const std::string& path, std::size_t most) {
  std::string text;
  std::array<char, 4096> part{};
  while (true) {
    const ssize_t size = read(file, part.data(), part.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return cannot_read(path, errno);
    if (size == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(size));
    if (text.size() > most) {
      return fail(ErrorCode::too_large, "cannot read '" + path + "': expected at most " +
                                            std::to_string(most) + " bytes");
    }
  }
}

}  // namespace

Result<std::string> read_small_file(const std::string& path, std::size_t most) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return cannot_read(path, errno);
  auto text = read_all(file, path, most);
  close(file);
  return text;
}

}  // namespace trailsift::cli
