#include "query/joined_reader.h"

#include <utility>

#include "query/joined_segment.h"

namespace trailsift::query {

Result<std::unique_ptr<store::Reader>> JoinedReader::open(const std::filesystem::path& directory,
                                                          bool create_empty, JoinOptions options) {
  auto reader = store::Reader::open(directory, create_empty);
  if (!reader) return reader;
  auto files = JoinFiles::open(directory, std::move(options));
  if (!files) return tl::unexpected(files.error());
  return std::make_unique<JoinedReader>(std::move(*reader), std::move(*files));
}

Result<std::shared_ptr<const store::Snapshot>> JoinedReader::snapshot() {
  auto base = reader_->snapshot();
  if (!base) return base;
  auto joins = files_->current();
  const std::scoped_lock lock(mutex_);
  if (base_ == *base && joins_ == joins) return joined_;
  joined_ = join(**base, *joins, joined_.get());
  base_ = std::move(*base);
  joins_ = std::move(joins);
  return joined_;
}

}  // namespace trailsift::query
