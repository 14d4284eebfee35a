#include "indexer/quarantine.h"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <unistd.h>
#include <unordered_set>
#include <utility>

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "indexer/utf8.h"
#include "store/file.h"

namespace trailsift::indexer {
namespace {

constexpr const char* kFileName = "quarantine.ndjson";
constexpr std::size_t kBufferBytes = 64UL << 10;
// An entry takes less, even if every byte of it is escaped.
constexpr std::size_t kMaxLineBytes = 1UL << 20;

using Json = rapidjson::Document;

std::string line_of(const QuarantineEntry& entry) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  const auto member = [&](const char* key, std::string_view text) {
    const std::string valid = valid_utf8(text);
    writer.Key(key);
    writer.String(valid.data(), static_cast<rapidjson::SizeType>(valid.size()));
  };
  writer.StartObject();
  member("seen", format_time(entry.seen));
  member("source", entry.source);
  writer.Key("offset");
  writer.Uint64(entry.offset);
  member("reason", name(entry.reason));
  member("detail", entry.detail);
  member("excerpt", std::string_view(entry.excerpt).substr(0, kMaxExcerptBytes));
  writer.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + '\n';
}

std::optional<Reject> reject_named(std::string_view wanted) {
  for (auto reason = Reject::invalid_json;;
       reason = static_cast<Reject>(static_cast<int>(reason) + 1)) {
    if (name(reason) == wanted) return reason;
    if (reason == Reject::unreadable) return std::nullopt;
  }
}

std::string_view text_of(const Json& json, const char* key) {
  if (!json.HasMember(key) || !json[key].IsString()) return {};
  return {json[key].GetString(), json[key].GetStringLength()};
}

/// nullopt when the line is not one that line_of() made.
std::optional<QuarantineEntry> entry_of(std::string_view line) {
  Json json;
  json.Parse(line.data(), line.size());
  if (json.HasParseError() || !json.IsObject()) return std::nullopt;
  const auto seen = parse_time(text_of(json, "seen"));
  const auto reason = reject_named(text_of(json, "reason"));
  const bool has_offset = json.HasMember("offset") && json["offset"].IsUint64();
  if (!seen || !reason || !has_offset) return std::nullopt;
  return QuarantineEntry{
      *seen,   std::string(text_of(json, "source")), json["offset"].GetUint64(),
      *reason, std::string(text_of(json, "detail")), std::string(text_of(json, "excerpt"))};
}

tl::unexpected<Error> cannot(const char* what, const std::filesystem::path& path) {
  return fail(ErrorCode::io, std::string("cannot ") + what + " '" + path.string() +
                                 "': " + std::system_category().message(errno));
}

class QuarantineFile : public Quarantine {
 public:
  explicit QuarantineFile(std::filesystem::path path) : path_(std::move(path)) {}

  Result<void> load();

  ~QuarantineFile() override {
    // Nobody is left to tell a failure to; flush() is what promises.
    [[maybe_unused]] const auto written = write_out();
  }
  QuarantineFile(const QuarantineFile&) = delete;
  QuarantineFile& operator=(const QuarantineFile&) = delete;

  Result<void> add(const QuarantineEntry& entry) override;
  Result<void> flush() override;

 private:
  Result<void> end_last_line();
  Result<void> write_out();

  std::filesystem::path path_;
  store::FileDescriptor fd_;
  std::unordered_set<std::string> keys_;
  std::uint64_t bytes_ = 0;  // Of the file, and of what goes into it.
  std::string unwritten_;
  bool unsynced_ = false;
};

/// What makes an entry the same as another.
std::string key_of(const QuarantineEntry& entry) {
  return std::to_string(entry.offset) + ' ' + std::string(name(entry.reason)) + ' ' +
         valid_utf8(entry.source);
}

Result<void> QuarantineFile::load() {
  auto listed = for_each_quarantined(path_.parent_path(), [&](const QuarantineEntry& entry) {
    keys_.insert(key_of(entry));
    return true;
  });
  if (!listed) return listed;
  fd_ = store::FileDescriptor(::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
  if (!fd_) return cannot("open", path_);
  if (auto synced = store::sync_directory(path_.parent_path()); !synced) return synced;
  return end_last_line();
}

/// A line that a crash cut short must not swallow the next.
Result<void> QuarantineFile::end_last_line() {
  const off_t size = ::lseek(fd_.get(), 0, SEEK_END);
  if (size < 0) return cannot("read", path_);
  bytes_ = static_cast<std::uint64_t>(size);
  char last = '\n';
  if (size > 0 && ::pread(fd_.get(), &last, 1, size - 1) != 1) return cannot("read", path_);
  if (last != '\n') unwritten_ = "\n";
  return {};
}

Result<void> QuarantineFile::add(const QuarantineEntry& entry) {
  if (keys_.size() >= kMaxQuarantineEntries || bytes_ >= kMaxQuarantineBytes) return {};
  if (!keys_.insert(key_of(entry)).second) return {};
  const std::string line = line_of(entry);
  unwritten_ += line;
  bytes_ += line.size();
  return unwritten_.size() < kBufferBytes ? Result<void>() : write_out();
}

Result<void> QuarantineFile::flush() {
  if (auto written = write_out(); !written) return written;
  if (unsynced_ && ::fsync(fd_.get()) != 0) return cannot("write", path_);
  unsynced_ = false;
  return {};
}

Result<void> QuarantineFile::write_out() {
  while (!unwritten_.empty()) {
    const ssize_t size = ::write(fd_.get(), unwritten_.data(), unwritten_.size());
    if (size < 0 && errno != EINTR) return cannot("write", path_);
    unwritten_.erase(0, size < 0 ? 0 : static_cast<std::size_t>(size));
    unsynced_ = true;
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Quarantine>> Quarantine::open(const std::filesystem::path& data_directory) {
  auto file = std::make_unique<QuarantineFile>(data_directory / kFileName);
  if (auto loaded = file->load(); !loaded) return tl::unexpected(loaded.error());
  return file;
}

Result<void> for_each_quarantined(const std::filesystem::path& data_directory,
                                  const std::function<bool(const QuarantineEntry&)>& visit) {
  std::error_code failed;
  if (!std::filesystem::is_directory(data_directory, failed)) {
    return fail(ErrorCode::not_found,
                "cannot open data directory '" + data_directory.string() + "': no such directory");
  }
  const auto path = data_directory / kFileName;
  if (!std::filesystem::exists(path, failed) && !failed) return {};
  std::ifstream file(path, std::ios::binary);
  if (!file) return cannot("open", path);
  std::string line;
  while (std::getline(file, line)) {
    if (line.size() > kMaxLineBytes) continue;
    const auto entry = entry_of(line);
    if (entry && !visit(*entry)) return {};
  }
  return file.bad() ? Result<void>(cannot("read", path)) : Result<void>();
}

}  // namespace trailsift::indexer
