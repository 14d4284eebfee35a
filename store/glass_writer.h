#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "schema/error.h"
#include "store/column.h"
#include "store/file.h"
#include "store/glass_format.h"
#include "store/glass_postings.h"
#include "store/glass_tree.h"

namespace trailsift::store {

/// Writes a Xapian database of format "glass" in one file, as `xapian-compact --single-file` does,
/// from terms in order: far faster than Xapian, which sorts what it is given.
/// Holds a few blocks, whatever the number of terms. Documents are the store's, from 0; Xapian's
/// numbers are one higher. Equal input gives equal bytes.
///
/// Input that would break the database is refused (ErrorCode::internal). After an error the writer
/// is of no more use, and neither is the file.
class GlassWriter {
 public:
  /// A database of documents 0 to doc_count - 1, each of the length given, which is the sum of the
  /// wdf of its terms. Without lengths all are 0: the terms are boolean.
  static Result<GlassWriter> create(const std::filesystem::path& path, std::uint32_t doc_count,
                                    std::span<const std::uint32_t> doc_lengths = {});

  /// The next term: above all before in byte order, with 1 to kMaxTermBytes bytes, counting NULs
  /// twice. Its documents ascend; `wdfs` has the wdf in each of them, or nothing when all are 0.
  Result<void> add(std::string_view term, std::span<const DocId> docs,
                   std::span<const std::uint32_t> wdfs = {});

  /// Writes the rest and the header; `durable`: and waits until the disk has it.
  Result<WrittenFile> finish(bool durable);

 private:
  GlassWriter(GlassTree tree, std::uint32_t doc_count);
  Result<void> add_doc_lengths(std::span<const std::uint32_t> doc_lengths);
  Result<void> add_list(const PostingList& list);
  Result<void> expect_valid(std::string_view term, std::span<const DocId> docs,
                            std::span<const std::uint32_t> wdfs) const;

  GlassTree tree_;
  GlassStatistics statistics_;
  GlassListKey key_;
  std::string last_term_;
  std::uint64_t wdf_sum_ = 0;  // Of all terms.
};

}  // namespace trailsift::store
