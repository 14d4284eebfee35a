#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "aws/s3.h"
#include "indexer/object_event.h"
#include "indexer/source.h"
#include "schema/error.h"

namespace trailsift::indexer {

struct FetchLimits {
  std::uint64_t max_object_bytes = 4ULL << 30;  ///< Larger ones are too_large.
  std::size_t max_memory_bytes = 8UL << 20;     ///< What is larger goes through a file.
  std::filesystem::path spool;  ///< Directory, which exists, for such files; they have no names.
};

/// A delivered object whose bytes are here. Opened once; with the stream, the bytes go.
class FetchedObject {
 public:
  virtual ~FetchedObject() = default;

  const std::string& name() const { return name_; }  ///< "s3://BUCKET/KEY"
  const std::string& etag() const { return etag_; }  ///< Of what was fetched, without quotes.
  std::uint64_t size() const { return size_; }

  /// The bytes, from the beginning. Once.
  virtual std::unique_ptr<ByteStream> open() = 0;

 protected:
  std::string name_;
  std::string etag_;
  std::uint64_t size_ = 0;
};

/// Fetches an announced object, the version that was announced if one was. Where S3 has no such key
/// and the announcement may have encoded it, form_decoded(key) is tried. Errors are those of
/// aws::S3, and io where the spool cannot be written. Any thread.
Result<std::unique_ptr<FetchedObject>> fetch_object(aws::S3& s3, const ObjectRef& object,
                                                    const FetchLimits& limits,
                                                    const std::stop_token& stop);

/// "s3://BUCKET/KEY": what an object is called in `log_file`, the ledger and messages.
std::string object_name(const std::string& bucket, const std::string& key);

}  // namespace trailsift::indexer
