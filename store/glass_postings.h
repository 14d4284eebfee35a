#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "store/column.h"
#include "store/glass_format.h"

namespace trailsift::store {

/// A posting list: ascending documents and of each its wdf; no wdfs: all are 0.
struct PostingList {
  std::span<const DocId> docs;
  std::span<const std::uint32_t> wdfs;
  /// What the list says of itself: how many documents it has and the sum of their wdf.
  std::uint32_t doc_count = 0;
  std::uint32_t wdf_sum = 0;
};

/// Cuts a posting list, which is not empty, into chunks: the tags that stand under its keys.
/// Borrows the list.
class GlassChunks {
 public:
  explicit GlassChunks(const PostingList& list) : list_(list) {}

  bool at_end() const { return begin_ == list_.docs.size(); }
  bool at_begin() const { return begin_ == 0; }
  /// First document of the next chunk.
  DocId first_doc() const { return list_.docs[begin_]; }

  /// The next chunk, with as many postings as fit in `limit` bytes (kMinTagBytes to kMaxTagBytes).
  /// Asking again with another limit gives another chunk. Valid until the next call.
  std::string_view chunk(std::size_t limit);
  static constexpr std::size_t kMinTagBytes = 64;

  /// Goes on behind the chunk that was given last.
  void take() { begin_ = end_; }

 private:
  // The beginning of a chunk: in the first one of a list its two sums and the first document; then
  // whether it is the last chunk, and its range of documents.
  static constexpr std::size_t kMaxHeadBytes = 4 * kMaxPacked32 + 1;
  static constexpr std::size_t kMaxPostingBytes = 2 * kMaxPacked32;

  char* put_head(char* at) const;
  std::uint32_t wdf(std::size_t index) const { return list_.wdfs.empty() ? 0 : list_.wdfs[index]; }

  PostingList list_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;  // Of the chunk that was given last.
  std::array<char, kMaxTagBytes> bytes_;
};

}  // namespace trailsift::store
