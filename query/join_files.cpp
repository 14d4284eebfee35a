#include "query/join_files.h"

#include <sys/stat.h>
#include <utility>

#include "store/file.h"

namespace trailsift::query {
namespace {

std::int64_t nanoseconds(const timespec& time) {
  constexpr std::int64_t kPerSecond = 1'000'000'000;
  return std::int64_t{time.tv_sec} * kPerSecond + time.tv_nsec;
}

}  // namespace

Result<std::unique_ptr<JoinFiles>> JoinFiles::open(const std::filesystem::path& data_directory,
                                                   JoinOptions options) {
  std::unique_ptr<JoinFiles> files(new JoinFiles(std::move(options)));
  const auto& named = files->options_.account_names;
  for (const JoinFormat* format : {&account_names_format(), &integrity_format()}) {
    const bool is_named = named && format == &account_names_format();
    const auto in_directory = data_directory / find_field(format->field)->join.file;
    files->files_.push_back({format, is_named ? *named : in_directory, {}});
    File& file = files->files_.back();
    const auto read = files->refresh(file);
    if (is_named && !file.version) {
      return fail(ErrorCode::not_found, "there is no file '" + file.path.string() + "'");
    }
    if (read) continue;
    if (is_named) return tl::unexpected(read.error());
    files->tell(file, read.error().message);
  }
  return files;
}

std::shared_ptr<const Joins> JoinFiles::current() {
  if (const std::unique_lock reading(reading_, std::try_to_lock); reading) {
    for (File& file : files_) {
      if (const auto read = refresh(file); !read) {
        tell(file, read.error().message + "; what was read before stays");
      }
    }
  }
  const std::scoped_lock lock(mutex_);
  return joins_;
}

/// The version is taken note of first: what changes while it is read is seen the next time.
Result<void> JoinFiles::refresh(File& file) {
  auto version = version_of(file.path);
  if (version == file.version) return {};
  file.version = version;
  if (!version) tell(file, "the file is gone, and so are its values");
  const auto table = load(file);
  if (!table) return tl::unexpected(table.error());
  const std::scoped_lock lock(mutex_);
  joins_ = std::make_shared<const Joins>(joins_->with(field_index(file.format->field), *table));
  return {};
}

std::optional<JoinFiles::Version> JoinFiles::version_of(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return Version{.device = status.st_dev,
                 .inode = status.st_ino,
                 .size = static_cast<std::uint64_t>(status.st_size),
                 .modified_ns = nanoseconds(status.st_mtim),
                 .changed_ns = nanoseconds(status.st_ctim),
                 .regular = S_ISREG(status.st_mode)};
}

Result<std::shared_ptr<const JoinTable>> JoinFiles::load(const File& file) {
  if (!file.version) return std::make_shared<const JoinTable>();
  const auto broken = [&](const std::string& why) {
    return fail(ErrorCode::bad_request, "cannot read '" + file.path.string() + "': " + why);
  };
  // To open a pipe could wait for ever.
  if (!file.version->regular) return broken("it is no file");
  if (file.version->size > file.format->max_bytes) {
    return broken("expected at most " + std::to_string(file.format->max_bytes) + " bytes, got " +
                  std::to_string(file.version->size));
  }
  const auto text = store::read_file(file.path, file.format->max_bytes);
  if (!text) return tl::unexpected(text.error());
  auto read = read_join_table(*text, *file.format);
  if (!read) return broken(read.error().message);
  for (const std::string& fault : read->faults) tell(file, fault);
  return std::make_shared<const JoinTable>(std::move(read->table));
}

void JoinFiles::tell(const File& file, const std::string& what) const {
  if (!options_.log) return;
  const std::string path = file.path.string();
  options_.log(what.find(path) == std::string::npos ? "'" + path + "', " + what : what);
}

}  // namespace trailsift::query
