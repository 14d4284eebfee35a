#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"
#include "store/column.h"
#include "store/file.h"

namespace trailsift::store {

/// Walks the items of the leaves of a glass database in one file from left to right. What it reads
/// is checked for staying within the file, not for having been written so.
class GlassLeaves {
 public:
  static Result<GlassLeaves> open(const std::filesystem::path& path);

  /// Goes on to the next entry; false when there is none. Valid until the next call: key and tag.
  Result<bool> next();
  std::string_view key() const { return key_; }
  std::string_view tag() const { return tag_; }

  std::uint32_t doc_count() const { return doc_count_; }
  /// The file is not what a writer of it leaves behind.
  tl::unexpected<Error> corrupt() const;

 private:
  /// A block on the way from the root to the current leaf, and the next entry of its directory.
  struct Step {
    const char* block = nullptr;
    std::size_t next = 0;
    std::size_t end = 0;
  };
  struct Item;

  GlassLeaves(std::string what, MappedFile file) : what_(std::move(what)), file_(std::move(file)) {}
  bool read_header();
  bool enter(std::uint32_t block);
  /// Goes down to the next leaf that has an entry left; false in the last one.
  Result<bool> find_leaf();
  Result<Item> next_item();
  Result<bool> join_parts();

  std::string what_;  // The path, for messages.
  MappedFile file_;
  std::uint32_t doc_count_ = 0;
  std::size_t level_ = 0;  // Of the root.
  std::vector<Step> path_;
  std::string_view key_;
  std::string_view tag_;
  std::string joined_;  // A tag in several parts.
};

/// Reads the boolean terms of a glass database in one file in order, an order of magnitude faster
/// than Xapian, which looks each of them up. Damage is an ErrorCode::corrupt.
class GlassReader {
 public:
  static Result<GlassReader> open(const std::filesystem::path& path);

  std::uint32_t doc_count() const { return leaves_.doc_count(); }

  /// Goes on to the next term; false when there is none. Valid until the next call: term and docs.
  Result<bool> next();
  std::string_view term() const { return term_; }
  std::span<const DocId> docs() const { return docs_; }

 private:
  explicit GlassReader(GlassLeaves leaves) : leaves_(std::move(leaves)) {}
  bool read_term();
  bool read_first_chunk(bool& last);
  bool read_later_chunk(bool& last);
  bool read_postings(std::string_view rest, std::uint64_t first_doc, bool& last);

  GlassLeaves leaves_;
  std::string key_;  // Of the first chunk.
  std::string term_;
  std::uint32_t frequency_ = 0;
  std::vector<DocId> docs_;
};

}  // namespace trailsift::store
