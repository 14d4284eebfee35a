#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/column.h"
#include "store/packed.h"

namespace trailsift::store {

/// The layout of a Xapian 1.4 "glass" database in one file, as far as the bulk writer needs it.
/// docs/format.md draws it. Numbers in blocks are big-endian, those in tags and the header are
/// packed (packed.h), those in keys are packed so that they sort.

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

inline std::size_t get_big16(const char* at) {
  return static_cast<std::size_t>(static_cast<unsigned char>(at[0])) << 8U |
         static_cast<unsigned char>(at[1]);
}

inline std::uint32_t get_big32(const char* at) {
  return static_cast<std::uint32_t>(get_big16(at) << 16U | get_big16(at + 2));
}

inline char* put_big32(char* at, std::uint32_t value) {
  return put_big16(put_big16(at, value >> 16U), value & 0xFFFFU);
}

/// A packed number whose bytes sort as the numbers do, as keys want it; nullopt unless it is all of
/// `bytes`.
std::optional<std::uint64_t> read_sorted(std::string_view bytes);

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

// An item of a leaf begins with its size less 3, with these flags above it.
constexpr std::size_t kItemSizeMask = 0x1FFF;
constexpr std::size_t kItemIsCompressed = 0x8000;
constexpr std::size_t kItemIsLast = 0x4000;   ///< The last part of its tag.
constexpr std::size_t kItemIsFirst = 0x2000;  ///< The first part.

/// What the header says that a reader needs.
struct GlassHeader {
  GlassRoot root;
  std::uint32_t doc_count = 0;
};

/// Nothing when the file does not begin as a database of our block size does, with documents
/// numbered without gaps.
std::optional<GlassHeader> read_glass_header(std::string_view file);

/// The beginning of the file. `identity` becomes the database's UUID.
std::string glass_header(const GlassRoot& root, const GlassStatistics& statistics,
                         std::uint64_t identity);

}  // namespace trailsift::store
