#include <fcntl.h>
#include <mutex>
#include <optional>
#include <sys/stat.h>
#include <utility>

#include "store/file.h"
#include "store/manifest.h"
#include "store/snapshot_loader.h"
#include "store/store.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;

/// Which file a manifest was read from. The file is kept open, so that no later one can get the
/// same number while it is compared with.
class ManifestIdentity {
 public:
  static Result<ManifestIdentity> open(const fs::path& path) {
    auto fd = open_file(path, O_RDONLY);
    if (!fd) return tl::unexpected(fd.error());
    struct stat status {};
    if (::fstat(fd->get(), &status) != 0) {
      return fail(ErrorCode::io, "cannot read '" + path.string() + "'");
    }
    return ManifestIdentity(std::move(*fd), status);
  }

  /// Whether `path` still names the same file.
  bool is(const fs::path& path) const {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && status.st_dev == device_ &&
           status.st_ino == inode_;
  }

  std::string open_path() const { return "/proc/self/fd/" + std::to_string(fd_.get()); }

 private:
  ManifestIdentity(FileDescriptor fd, const struct stat& status)
      : fd_(std::move(fd)), device_(status.st_dev), inode_(status.st_ino) {}

  FileDescriptor fd_;
  dev_t device_;
  ino_t inode_;
};

class PollingReader final : public Reader {
 public:
  PollingReader(fs::path directory, bool create_empty)
      : directory_(std::move(directory)), create_empty_(create_empty) {}

  Result<std::shared_ptr<const Snapshot>> snapshot() override {
    const std::scoped_lock lock(mutex_);
    if (identity_ && identity_->is(directory_ / kManifestFile)) return snapshot_;
    return refresh();
  }

 private:
  Result<std::shared_ptr<const Snapshot>> refresh();
  Result<std::shared_ptr<const Snapshot>> load_once();

  const fs::path directory_;
  const bool create_empty_;

  std::mutex mutex_;  // Guards everything below.
  std::optional<ManifestIdentity> identity_;
  std::uint64_t store_ = 0;
  std::shared_ptr<const Snapshot> snapshot_;
};

Result<std::shared_ptr<const Snapshot>> PollingReader::load_once() {
  const fs::path path = directory_ / kManifestFile;
  auto identity = ManifestIdentity::open(path);
  if (!identity) return tl::unexpected(identity.error());
  constexpr std::size_t kMaxManifestBytes = std::size_t{16} << 20;
  const auto text = read_file(identity->open_path(), kMaxManifestBytes);
  if (!text) return tl::unexpected(text.error());
  const auto manifest = parse_manifest(path, *text);
  if (!manifest) return tl::unexpected(manifest.error());
  const bool same_store = snapshot_ != nullptr && manifest->store == store_;
  auto loaded = load_snapshot(directory_, *manifest, same_store ? snapshot_.get() : nullptr);
  if (!loaded) {
    // Gone between the two looks: not a fault, the caller looks again.
    if (loaded.error().code == ErrorCode::not_found && identity->is(path)) {
      return fail(ErrorCode::corrupt, loaded.error().message);
    }
    return loaded;
  }
  identity_ = std::move(*identity);
  store_ = manifest->store;
  snapshot_ = *loaded;
  return snapshot_;
}

Result<std::shared_ptr<const Snapshot>> PollingReader::refresh() {
  // Every further round means that a whole commit or merge happened during the one before.
  constexpr int kMaxRounds = 100;
  for (int round = 0; round < kMaxRounds; ++round) {
    auto loaded = load_once();
    if (loaded || loaded.error().code != ErrorCode::not_found) return loaded;
    std::error_code error;
    if (fs::exists(directory_ / kManifestFile, error)) continue;
    if (create_empty_) return std::make_shared<const Snapshot>();
    return fail(ErrorCode::not_found, "there is no store in '" + directory_.string() + "'");
  }
  return fail(ErrorCode::unavailable,
              "the store in '" + directory_.string() + "' changes faster than it can be opened");
}

}  // namespace

Result<std::unique_ptr<Reader>> Reader::open(const fs::path& directory, bool create_empty) {
  auto reader = std::make_unique<PollingReader>(directory, create_empty);
  if (auto first = reader->snapshot(); !first) return tl::unexpected(first.error());
  return reader;
}

}  // namespace trailsift::store
