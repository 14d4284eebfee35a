#include "indexer/directory_store.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include <rapidjson/document.h>

#include "schema/utf8.h"
#include "store/file.h"

namespace trailsift::indexer {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostObjectBytes = std::uint64_t{512} << 20;
constexpr std::uint64_t kMostMetadataBytes = std::uint64_t{1} << 20;
constexpr std::string_view kMetadataEnding = ".metadata.json";

/// The folders and the name of a key; empty when no file of a tree can be called so.
std::vector<std::string> parts_of(std::string_view key) {
  std::vector<std::string> parts;
  if (key.find('\0') != std::string_view::npos) return {};
  while (true) {
    const std::size_t slash = key.find('/');
    const std::string_view part = key.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return {};
    parts.emplace_back(part);
    if (slash == std::string_view::npos) return parts;
    key.remove_prefix(slash + 1);
  }
}

tl::unexpected<Error> cannot_read(const std::string& name, int error_number) {
  const bool missing = error_number == ENOENT || error_number == ENOTDIR;
  return fail(missing ? ErrorCode::not_found : ErrorCode::io,
              "cannot read '" + name + "': " + std::generic_category().message(error_number));
}

Result<std::string> read_all(const store::FileDescriptor& fd, const std::string& name,
                             std::uint64_t most_bytes) {
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return cannot_read(name, errno);
  if (!S_ISREG(status.st_mode))
    return fail(ErrorCode::io, "cannot read '" + name + "': not a file");
  if (static_cast<std::uint64_t>(status.st_size) > most_bytes) {
    return fail(ErrorCode::too_large, "cannot read '" + name + "': expected at most " +
                                          std::to_string(most_bytes) + " bytes");
  }
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = ::read(fd.get(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_read(name, errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  bytes.resize(size);
  return bytes;
}

/// The strings of the object `Metadata`, or of the whole object when it has none.
Result<std::map<std::string, std::string>> parse_metadata(const std::string& json,
                                                          const std::string& name) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
  const rapidjson::Value& whole = document;
  const rapidjson::Value* object = &whole;
  if (!document.HasParseError() && whole.IsObject()) {
    const auto inner = whole.FindMember("Metadata");
    if (inner != whole.MemberEnd()) object = &inner->value;
  }
  if (document.HasParseError() || !object->IsObject()) {
    return fail(ErrorCode::corrupt,
                "expected the output of 'aws s3api head-object', got '" + name + "'");
  }
  std::map<std::string, std::string> metadata;
  for (const auto& member : object->GetObject()) {
    if (!member.value.IsString()) continue;
    metadata[member.name.GetString()] = {member.value.GetString(), member.value.GetStringLength()};
  }
  return metadata;
}

/// The keys of a tree in the order of their bytes, where a folder's '/' counts.
class KeyWalk {
 public:
  KeyWalk(const fs::path& root, std::string prefix, std::string start_after,
          const ObjectStore::KeyVisitor& visitor)
      : root_(root),
        prefix_(std::move(prefix)),
        start_after_(std::move(start_after)),
        visitor_(visitor) {}

  /// False: the visitor wants no more.
  Result<bool> walk(const std::string& folder) {
    auto entries = list(folder);
    if (!entries) return tl::unexpected(entries.error());
    for (const std::string& entry : *entries) {
      const std::string key = folder + entry;
      if (!key.ends_with('/')) {
        if (key.starts_with(prefix_) && key > start_after_ && !visitor_(key)) return false;
        continue;
      }
      if (!may_hold_wanted(key)) continue;
      auto more = walk(key);
      if (!more || !*more) return more;
    }
    return true;
  }

 private:
  Result<std::vector<std::string>> list(const std::string& folder) const {
    std::vector<std::string> entries;
    std::error_code failed;
    fs::directory_iterator iterator(root_ / folder, failed);
    for (; !failed && iterator != fs::directory_iterator(); iterator.increment(failed)) {
      std::error_code gone;
      const fs::file_type type = iterator->symlink_status(gone).type();
      const bool is_directory = type == fs::file_type::directory;
      if (!is_directory && type != fs::file_type::regular) continue;
      entries.push_back(iterator->path().filename().native() + (is_directory ? "/" : ""));
    }
    if (failed) {
      return fail(ErrorCode::io,
                  "cannot list '" + to_utf8((root_ / folder).native()) + "': " + failed.message());
    }
    std::ranges::sort(entries);
    return entries;
  }

  bool may_hold_wanted(const std::string& folder) const {
    const bool in_prefix = folder.starts_with(prefix_) || prefix_.starts_with(folder);
    return in_prefix && (folder > start_after_ || start_after_.starts_with(folder));
  }

  const fs::path& root_;
  const std::string prefix_;
  const std::string start_after_;
  const ObjectStore::KeyVisitor& visitor_;
};

class DirectoryStore : public ObjectStore {
 public:
  DirectoryStore(fs::path root, std::string key_prefix)
      : root_(std::move(root)), key_prefix_(std::move(key_prefix)) {}

  Result<Object> get(const std::string& bucket, const std::string& key) override {
    auto bytes = read(key, kMostObjectBytes);
    if (!bytes) return tl::unexpected(bytes.error());
    Object object{std::move(*bytes), {}};
    const std::string beside = key + std::string(kMetadataEnding);
    const auto json = read(beside, kMostMetadataBytes);
    if (!json && json.error().code == ErrorCode::not_found) return object;
    if (!json) return tl::unexpected(json.error());
    auto metadata = parse_metadata(*json, name(bucket, beside));
    if (!metadata) return tl::unexpected(metadata.error());
    object.metadata = std::move(*metadata);
    return object;
  }

  Result<void> list(const std::string& /*bucket*/, const std::string& prefix,
                    const std::string& start_after, const KeyVisitor& visitor) override {
    // What is wanted, in the tree's own terms.
    if (!prefix.starts_with(key_prefix_) && !key_prefix_.starts_with(prefix)) return {};
    if (!start_after.starts_with(key_prefix_) && start_after > key_prefix_) return {};
    const auto in_tree = [&](const std::string& text) {
      return text.starts_with(key_prefix_) ? text.substr(key_prefix_.size()) : std::string();
    };
    const KeyVisitor tell = [&](const std::string& key) { return visitor(key_prefix_ + key); };
    KeyWalk keys(root_, in_tree(prefix), in_tree(start_after), tell);
    const auto walked = keys.walk("");
    return walked ? Result<void>() : Result<void>(tl::unexpected(walked.error()));
  }

  std::string name(const std::string& /*bucket*/, const std::string& key) const override {
    const bool here = key.starts_with(key_prefix_);
    return to_utf8((root_ / (here ? key.substr(key_prefix_.size()) : key)).native());
  }

  bool has_metadata() const override { return false; }

 private:
  Result<std::string> read(const std::string& key, std::uint64_t most_bytes) const {
    const std::string shown = name("", key);
    const auto parts = key.starts_with(key_prefix_) ? parts_of(key.substr(key_prefix_.size()))
                                                    : std::vector<std::string>();
    if (parts.empty()) return cannot_read(shown, ENOENT);
    store::FileDescriptor at(::open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // One step at a time, so that no link leads out of the tree.
    for (std::size_t i = 0; at && i < parts.size(); ++i) {
      const int kind = i + 1 < parts.size() ? O_DIRECTORY : O_NONBLOCK;
      at = store::FileDescriptor(
          ::openat(at.get(), parts[i].c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | kind));
    }
    if (!at) return cannot_read(shown, errno);
    return read_all(at, shown, most_bytes);
  }

  const fs::path root_;
  const std::string key_prefix_;
};

}  // namespace

std::unique_ptr<ObjectStore> directory_store(std::filesystem::path root, std::string key_prefix) {
  return std::make_unique<DirectoryStore>(std::move(root), std::move(key_prefix));
}

}  // namespace trailsift::indexer
