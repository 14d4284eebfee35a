#include "store/term_pool.h"

#include <fcntl.h>
#include <utility>

#include "store/xapian_guard.h"

namespace trailsift::store {
namespace {

constexpr std::uint64_t kMaxVerifiedBytes = std::uint64_t{128} << 20;
constexpr std::size_t kMaxIdle = 16;

}  // namespace

/// Leases a database handle to one thread at a time.
class TermPool::Reader : public TermReader {
 public:
  Reader(Xapian::Database database, const TermPool& pool)
      : database_(std::move(database)), pool_(pool) {}

  Result<std::uint32_t> frequency(const std::string& term) override {
    return guarded(pool_.what_,
                   [&]() -> Result<std::uint32_t> { return database_.get_termfreq(term); });
  }

  Result<void> documents(const std::string& term, std::vector<DocId>& out) override {
    return guarded(pool_.what_, [&]() -> Result<void> {
      Xapian::docid last = 0;
      const auto end = database_.postlist_end(term);
      for (auto posting = database_.postlist_begin(term); posting != end; ++posting) {
        if (*posting <= last || *posting > pool_.part_.doc_count) {
          return fail(ErrorCode::corrupt, "the terms of '" + pool_.what_ + "' are corrupt");
        }
        last = *posting;
        out.push_back(last - 1);
      }
      return {};
    });
  }

  Result<void> for_each_term(
      const std::string& head,
      const std::function<bool(std::string_view term, std::uint32_t frequency)>& visit) override {
    return guarded(pool_.what_, [&]() -> Result<void> {
      const auto end = database_.allterms_end(head);
      for (auto term = database_.allterms_begin(head); term != end; ++term) {
        if (!visit(*term, term.get_termfreq())) break;
      }
      return {};
    });
  }

 private:
  Xapian::Database database_;
  const TermPool& pool_;  // Outlives its leases.
};

TermPool::TermPool(FileDescriptor fd, std::string what, const TermsPart& part)
    : fd_(std::move(fd)), what_(std::move(what)), part_(part) {}

TermPool::~TermPool() = default;

Result<std::shared_ptr<TermPool>> TermPool::open(const std::filesystem::path& path,
                                                 const TermsPart& part) {
  auto fd = open_file(path, O_RDONLY);
  if (!fd) return tl::unexpected(fd.error());
  std::shared_ptr<TermPool> pool(new TermPool(std::move(*fd), path.string(), part));
  std::error_code error;
  const auto size = std::filesystem::file_size(pool->open_path(), error);
  if (error || size != part.file.bytes) {
    return fail(ErrorCode::corrupt, "'" + path.string() + "' is corrupt: expected " +
                                        std::to_string(part.file.bytes) + " bytes");
  }
  return pool;
}

/// Opening this path opens the file anew, with a position of its own, even when it is unlinked.
std::string TermPool::open_path() const {
  return "/proc/self/fd/" + std::to_string(fd_.get());
}

Result<std::shared_ptr<TermReader>> TermPool::lease() {
  std::unique_ptr<Reader> reader;
  {
    const std::scoped_lock lock(mutex_);
    if (auto done = verify(); !done) return tl::unexpected(done.error());
    if (!idle_.empty()) {
      reader = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (reader == nullptr) {
    auto opened = open_reader();
    if (!opened) return tl::unexpected(opened.error());
    reader = std::move(*opened);
  }
  const auto take_back = [pool = shared_from_this()](Reader* lent) {
    std::unique_ptr<Reader> returned(lent);
    const std::scoped_lock lock(pool->mutex_);
    if (pool->idle_.size() < kMaxIdle) pool->idle_.push_back(std::move(returned));
  };
  return std::shared_ptr<TermReader>(std::shared_ptr<Reader>(reader.release(), take_back));
}

Result<std::unique_ptr<TermPool::Reader>> TermPool::open_reader() {
  return guarded(what_, [&]() -> Result<std::unique_ptr<Reader>> {
    Xapian::Database database(open_path(), Xapian::DB_OPEN);
    if (database.get_doccount() != part_.doc_count || database.get_lastdocid() != part_.doc_count) {
      return fail(ErrorCode::corrupt, "'" + what_ + "' is corrupt: expected " +
                                          std::to_string(part_.doc_count) + " documents");
    }
    return std::make_unique<Reader>(std::move(database), *this);
  });
}

Result<void> TermPool::verify() {
  if (verified_ || part_.file.bytes > kMaxVerifiedBytes) return {};
  const auto found = measure_file(open_path());
  if (!found) return tl::unexpected(found.error());
  if (found->checksum != part_.file.checksum) {
    return fail(ErrorCode::corrupt, "'" + what_ + "' is corrupt: its checksum is wrong");
  }
  verified_ = true;
  return {};
}

}  // namespace trailsift::store
