#include "bench/deliver.h"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <zlib.h>

namespace trailsift::bench {
namespace {

namespace fs = std::filesystem;

// One gzip member a call; the stream's memory is used again.
class Gzip {
 public:
  Gzip() { ready_ = deflateInit2(&stream_, 1, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) == Z_OK; }
  ~Gzip() { deflateEnd(&stream_); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  bool compress(const std::string& in, std::string& out) {
    if (!ready_ || deflateReset(&stream_) != Z_OK) return false;
    out.resize(deflateBound(&stream_, in.size()));
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));  // zlib only reads it
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    const bool done = deflate(&stream_, Z_FINISH) == Z_STREAM_END;
    out.resize(stream_.total_out);
    return done;
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

// The files of one workload, handed out to the threads one by one.
class Deliverer {
 public:
  Deliverer(const EventGenerator& generator, const fs::path& directory)
      : generator_(generator), directory_(directory) {}

  // The body of a thread.
  void work() {
    Gzip gzip;
    std::string json, packed;
    for (std::size_t i = next_++; i < generator_.files().size(); i = next_++) {
      const DeliveredFile& file = generator_.files()[i];
      json.clear();
      generator_.append_file(file, json);
      const fs::path path = directory_ / generator_.path(file);
      if (!gzip.compress(json, packed) || !write(path, packed)) {
        next_ = generator_.files().size();
        const std::lock_guard lock(mutex_);
        failed_ = path;
        return;
      }
      const std::lock_guard lock(mutex_);
      done_.files += 1;
      done_.records += file.count + file.repeated;
      done_.bytes += json.size();
    }
  }

  // After every thread has ended.
  Result<Delivery> result() const {
    if (!failed_) return done_;
    return fail(ErrorCode::io, "cannot write '" + failed_->string() + "'");
  }

 private:
  static bool write(const fs::path& path, const std::string& bytes) {
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    return file.good();
  }

  const EventGenerator& generator_;
  const fs::path& directory_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;  // Guards everything below.
  Delivery done_;
  std::optional<fs::path> failed_;
};

}  // namespace

Result<Delivery> deliver(const EventGenerator& generator, const fs::path& directory) {
  Deliverer deliverer(generator, directory);
  {
    std::vector<std::jthread> threads;
    const unsigned count = std::max(1U, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < count; ++i) threads.emplace_back([&] { deliverer.work(); });
  }
  return deliverer.result();
}

}  // namespace trailsift::bench
