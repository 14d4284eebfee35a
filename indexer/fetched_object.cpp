#include "indexer/fetched_object.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "schema/utf8.h"
#include "store/file.h"

namespace trailsift::indexer {
namespace {

class MemoryStream : public ByteStream {
 public:
  explicit MemoryStream(std::string bytes) : bytes_(std::move(bytes)) {}

  Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t count = std::min(buffer.size(), bytes_.size() - at_);
    std::memcpy(buffer.data(), bytes_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  const std::string bytes_;
  std::size_t at_ = 0;
};

tl::unexpected<Error> cannot(std::string_view what, const std::string& object, int error_number) {
  return fail(ErrorCode::io, "cannot " + std::string(what) + " '" + object + "' in the spool: " +
                                 std::generic_category().message(error_number));
}

class SpoolStream : public ByteStream {
 public:
  SpoolStream(std::string object, store::FileDescriptor fd)
      : object_(std::move(object)), fd_(std::move(fd)) {}

  Result<std::size_t> read(std::span<char> buffer) override {
    while (true) {
      const ssize_t size =
          ::pread(fd_.get(), buffer.data(), buffer.size(), static_cast<off_t>(at_));
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) return cannot("read", object_, errno);
      at_ += static_cast<std::size_t>(size);
      return static_cast<std::size_t>(size);
    }
  }

 private:
  const std::string object_;
  const store::FileDescriptor fd_;
  std::size_t at_ = 0;
};

/// A file that is gone when it is closed, whatever ends the program.
store::FileDescriptor open_nameless(const std::filesystem::path& directory) {
  store::FileDescriptor fd(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  const bool unknown = errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL;
  if (fd || !unknown) return fd;
  std::string name = directory / "object.XXXXXX";
  fd = store::FileDescriptor(::mkostemp(name.data(), O_CLOEXEC));
  const int error_number = errno;
  if (fd) ::unlink(name.c_str());
  errno = error_number;
  return fd;
}

/// Bytes on their way: in memory while they are few.
class Spool {
 public:
  Spool(const std::string& object, const FetchLimits& limits) : object_(object), limits_(limits) {}

  /// False when they cannot be kept: failure() says why.
  bool append(std::string_view bytes) {
    if (auto kept = keep(bytes); !kept) failure_ = kept.error();
    size_ += bytes.size();
    return !failure_;
  }

  const std::optional<Error>& failure() const { return failure_; }
  std::uint64_t size() const { return size_; }

  /// All of them. Once.
  std::unique_ptr<ByteStream> finish() {
    if (file_) return std::make_unique<SpoolStream>(object_, std::move(file_));
    return std::make_unique<MemoryStream>(std::move(bytes_));
  }

 private:
  Result<void> keep(std::string_view bytes) {
    if (!file_ && bytes_.size() + bytes.size() <= limits_.max_memory_bytes) {
      bytes_ += bytes;
      return {};
    }
    if (!file_) {
      file_ = open_nameless(limits_.spool);
      if (!file_) return cannot("keep", object_, errno);
      if (auto written = write(std::exchange(bytes_, {})); !written) return written;
    }
    return write(bytes);
  }

  Result<void> write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t size = ::write(file_.get(), bytes.data(), bytes.size());
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) return cannot("keep", object_, errno);
      bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return {};
  }

  const std::string& object_;
  const FetchLimits& limits_;
  std::string bytes_;
  store::FileDescriptor file_;
  std::uint64_t size_ = 0;
  std::optional<Error> failure_;
};

class SpooledObject : public FetchedObject {
 public:
  SpooledObject(std::string name, std::string etag, Spool& spool) : bytes_(spool.finish()) {
    name_ = std::move(name);
    etag_ = std::move(etag);
    size_ = spool.size();
  }

  std::unique_ptr<ByteStream> open() override { return std::move(bytes_); }

 private:
  std::unique_ptr<ByteStream> bytes_;
};

Result<std::unique_ptr<FetchedObject>> fetch(aws::S3& s3, const aws::ObjectName& object,
                                             const FetchLimits& limits,
                                             const std::stop_token& stop) {
  const std::string name = object_name(object.bucket, object.key);
  Spool spool(name, limits);
  const aws::BodySink sink = [&spool](std::string_view bytes) { return spool.append(bytes); };
  const auto info = s3.get(object, sink, stop, limits.max_object_bytes);
  if (spool.failure()) return tl::unexpected(*spool.failure());
  if (!info) return tl::unexpected(info.error());
  return std::make_unique<SpooledObject>(name, info->etag, spool);
}

/// Without s3:ListBucket a missing object is told as denied.
bool may_be_missing(const Error& error) {
  return error.code == ErrorCode::not_found || error.code == ErrorCode::denied;
}

}  // namespace

Result<std::unique_ptr<FetchedObject>> fetch_object(aws::S3& s3, const ObjectRef& object,
                                                    const FetchLimits& limits,
                                                    const std::stop_token& stop) {
  aws::ObjectName name{object.bucket, object.key, object.version.value_or("")};
  auto fetched = fetch(s3, name, limits, stop);
  if (fetched || !object.may_be_encoded || !may_be_missing(fetched.error())) return fetched;
  name.key = form_decoded(object.key);
  if (name.key == object.key) return fetched;
  auto decoded = fetch(s3, name, limits, stop);
  return decoded || !may_be_missing(decoded.error()) ? std::move(decoded) : std::move(fetched);
}

std::string object_name(const std::string& bucket, const std::string& key) {
  return "s3://" + bucket + "/" + to_utf8(key);
}

}  // namespace trailsift::indexer
