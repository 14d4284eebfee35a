#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "store/column.h"

namespace trailsift::store {

/// The layout of a Xapian 1.4 "glass" database in one file, as far as the bulk writer needs it.
/// docs/format.md draws it. Numbers in blocks are big-endian, those in keys, tags and the header
/// are packed.

constexpr std::size_t kGlassBlockBytes = 8192;
/// What every block and the header say, as after one commit.
constexpr std::uint32_t kGlassRevision = 1;
/// Bytes of a chunk of a posting list at most: Xapian reads a whole chunk at a time.
constexpr std::size_t kMaxTagBytes = 2000;

inline char* put_big16(char* at, std::size_t value) {
  at[0] = static_cast<char>(value >> 8U);
  at[1] = static_cast<char>(value);
  return at + 2;
}

inline char* put_big32(char* at, std::uint32_t value) {
  return put_big16(put_big16(at, value >> 16U), value & 0xFFFFU);
}

constexpr std::size_t kMaxPacked32 = 5;  ///< Bytes of the largest packed 32-bit number.

/// Seven bits a byte, the lowest first; all bytes but the last have the high bit.
inline char* put_packed(char* at, std::uint64_t value) {
  for (; value >= 128; value >>= 7U) *at++ = static_cast<char>(value | 128U);
  *at++ = static_cast<char>(value);
  return at;
}

void append_packed(std::string& out, std::uint64_t value);

/// The keys of one posting list: that of its first chunk is the term itself, with each NUL as NUL
/// FF, and that of any other chunk goes on with the number of the chunk's first document. So chunks
/// sort by term, then by document.
class GlassListKey {
 public:
  /// A term of at most kMaxTermBytes, counting NULs twice, and not empty.
  void set_term(std::string_view term);
  /// The list of the lengths of all documents, which sorts before all terms.
  void set_doc_lengths();

  std::string_view first() const { return {bytes_.data(), first_bytes_}; }
  /// Valid until the next call.
  std::string_view of_chunk(DocId first_doc);

 private:
  static constexpr std::size_t kMaxBytes = 255;

  std::array<char, kMaxBytes> bytes_{};
  std::size_t first_bytes_ = 0;
  std::size_t stem_bytes_ = 0;  // Where the document number of a later chunk goes.
};

/// The root of the finished tree.
struct GlassRoot {
  std::uint32_t block = 0;
  std::uint32_t level = 0;  ///< 0: the root is a leaf.
  std::uint64_t entries = 0;
  std::uint32_t blocks = 0;  ///< Blocks of the file, the header included.
};

/// What Xapian wants to know of all documents together.
struct GlassStatistics {
  std::uint32_t doc_count = 0;
  std::uint32_t shortest_doc = 0;  ///< The least document length that is not 0.
  std::uint32_t longest_doc = 0;
  std::uint32_t largest_wdf = 0;
  std::uint64_t total_length = 0;
};

/// The beginning of the file. `identity` becomes the database's UUID.
std::string glass_header(const GlassRoot& root, const GlassStatistics& statistics,
                         std::uint64_t identity);

}  // namespace trailsift::store
