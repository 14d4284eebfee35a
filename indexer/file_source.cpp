#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include "indexer/source.h"
#include "schema/utf8.h"
#include "store/file.h"

namespace trailsift::indexer {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStandardInput = "-";
constexpr int kStopCheckMs = 200;

tl::unexpected<Error> cannot(std::string_view what, const std::string& path, int error_number) {
  return fail(ErrorCode::io, "cannot " + std::string(what) + " '" + path +
                                 "': " + std::system_category().message(error_number));
}

/// Bytes of an open file, pipe or terminal.
class DescriptorStream : public ByteStream {
 public:
  DescriptorStream(std::string name, store::FileDescriptor fd, bool may_wait, std::stop_token stop)
      : name_(std::move(name)), fd_(std::move(fd)), may_wait_(may_wait), stop_(std::move(stop)) {}

  Result<std::size_t> read(std::span<char> buffer) override {
    if (may_wait_ && !wait()) return fail(ErrorCode::unavailable, "stopped");
    while (true) {
      const ssize_t size = ::read(fd_.get(), buffer.data(), buffer.size());
      if (size >= 0) return static_cast<std::size_t>(size);
      if (errno != EINTR) return cannot("read", name_, errno);
    }
  }

 private:
  /// False when stopped before there was something to read.
  bool wait() const {
    pollfd waited{fd_.get(), POLLIN, 0};
    while (!stop_.stop_requested()) {
      if (::poll(&waited, 1, kStopCheckMs) > 0) return true;
    }
    return false;
  }

  std::string name_;
  store::FileDescriptor fd_;
  bool may_wait_;
  std::stop_token stop_;
};

class FileBlob : public Blob {
 public:
  /// `given`: on the command line, where links and special files are meant.
  FileBlob(fs::path path, bool given)
      : path_(std::move(path)), name_(to_utf8(path_.native())), given_(given) {}

  const std::string& name() const override { return name_; }

  std::optional<std::uint64_t> size() const override {
    std::error_code failed;
    const auto size = fs::file_size(path_, failed);
    return failed ? std::nullopt : std::optional<std::uint64_t>(size);
  }

  /// A file that has been written to since is another delivery.
  std::string etag() const override {
    struct stat status {};
    if (::stat(path_.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
    return std::to_string(status.st_mtim.tv_sec) + "." + std::to_string(status.st_mtim.tv_nsec) +
           "-" + std::to_string(status.st_size);
  }

  Result<std::unique_ptr<ByteStream>> open(std::stop_token stop) const override {
    // Inside a tree a file may have been replaced since it was listed: by a link, or a pipe that
    // would block.
    const int flags = O_RDONLY | O_CLOEXEC | (given_ ? 0 : O_NOFOLLOW | O_NONBLOCK);
    store::FileDescriptor fd(::open(path_.c_str(), flags));
    if (!fd) return cannot("open", name_, errno);
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) return cannot("open", name_, errno);
    const bool regular = S_ISREG(status.st_mode);
    if (!regular && !given_) return fail(ErrorCode::io, "cannot read '" + name_ + "': not a file");
    return std::make_unique<DescriptorStream>(name_, std::move(fd), !regular, std::move(stop));
  }

 private:
  fs::path path_;
  std::string name_;
  bool given_;
};

class StandardInput : public Blob {
 public:
  const std::string& name() const override { return name_; }
  std::optional<std::uint64_t> size() const override { return std::nullopt; }
  Result<std::unique_ptr<ByteStream>> open(std::stop_token stop) const override {
    store::FileDescriptor fd(::dup(STDIN_FILENO));
    if (!fd) return cannot("read", name_, errno);
    return std::make_unique<DescriptorStream>(name_, std::move(fd), true, std::move(stop));
  }

 private:
  std::string name_ = "(standard input)";
};

/// A directory that could not be listed: it fails where a file would.
class UnreadableBlob : public Blob {
 public:
  UnreadableBlob(const fs::path& path, std::error_code failed)
      : name_(to_utf8(path.native())), failed_(failed) {}
  const std::string& name() const override { return name_; }
  std::optional<std::uint64_t> size() const override { return std::nullopt; }
  Result<std::unique_ptr<ByteStream>> open(std::stop_token /*stop*/) const override {
    return cannot("open", name_, failed_.value());
  }

 private:
  std::string name_;
  std::error_code failed_;
};

/// The regular files below one directory, in the order of their names.
class TreeWalk {
 public:
  struct Found {
    fs::path path;
    std::error_code failed;  ///< Set for a directory that could not be listed.
  };

  explicit TreeWalk(fs::path root) { enter(std::move(root)); }

  std::optional<Found> next() {
    while (!levels_.empty()) {
      Level& level = levels_.back();
      if (level.failed) {
        Found found{std::move(level.path), level.failed};
        levels_.pop_back();
        return found;
      }
      if (level.at == level.entries.size()) {
        levels_.pop_back();
        continue;
      }
      const Entry& entry = level.entries[level.at++];
      fs::path path = level.path / entry.name;
      if (!entry.is_directory) return Found{std::move(path), {}};
      enter(std::move(path));
    }
    return std::nullopt;
  }

 private:
  struct Entry {
    std::string name;
    bool is_directory;
  };
  struct Level {
    fs::path path;
    std::vector<Entry> entries;
    std::size_t at = 0;
    std::error_code failed;
  };

  void enter(fs::path path) {
    Level level{std::move(path), {}, 0, {}};
    fs::directory_iterator iterator(level.path, level.failed);
    for (; !level.failed && iterator != fs::directory_iterator();
         iterator.increment(level.failed)) {
      // These mostly know the answer from the listing; symlink_status() asks the system.
      std::error_code gone;
      if (iterator->is_symlink(gone)) continue;
      const bool is_directory = iterator->is_directory(gone);
      if (!is_directory && !iterator->is_regular_file(gone)) continue;
      level.entries.push_back({iterator->path().filename().native(), is_directory});
    }
    std::ranges::sort(level.entries, {}, &Entry::name);
    levels_.push_back(std::move(level));
  }

  std::vector<Level> levels_;
};

bool is_directory(const std::string& path) {
  std::error_code failed;
  return fs::is_directory(path, failed);
}

class FileSource : public Source {
 public:
  explicit FileSource(std::vector<std::string> paths) : paths_(std::move(paths)) {}

  Result<std::unique_ptr<Blob>> next() override {
    while (tree_ || at_ < paths_.size()) {
      if (tree_) {
        if (auto found = tree_->next()) return blob_of(std::move(*found));
        tree_.reset();
        continue;
      }
      const std::string& path = paths_[at_++];
      if (path == kStandardInput) return std::make_unique<StandardInput>();
      if (!is_directory(path)) return std::make_unique<FileBlob>(path, true);
      tree_.emplace(path);
    }
    return nullptr;
  }

  std::optional<Total> total(std::stop_token stop) const override {
    Total total;
    for (const std::string& path : paths_) {
      if (path == kStandardInput) return std::nullopt;
      if (!is_directory(path)) {
        count(path, total);
        continue;
      }
      TreeWalk tree(path);
      while (const auto found = tree.next()) {
        if (stop.stop_requested()) return std::nullopt;
        count(found->path, total);
      }
    }
    return total;
  }

 private:
  static std::unique_ptr<Blob> blob_of(TreeWalk::Found found) {
    if (found.failed) return std::make_unique<UnreadableBlob>(found.path, found.failed);
    return std::make_unique<FileBlob>(std::move(found.path), false);
  }

  static void count(const fs::path& path, Total& total) {
    std::error_code failed;
    const auto size = fs::file_size(path, failed);
    ++total.files;
    total.bytes += failed ? 0 : size;
  }

  const std::vector<std::string> paths_;
  std::size_t at_ = 0;
  std::optional<TreeWalk> tree_;
};

}  // namespace

std::unique_ptr<Source> file_source(std::vector<std::string> paths) {
  return std::make_unique<FileSource>(std::move(paths));
}

}  // namespace trailsift::indexer
