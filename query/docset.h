#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "store/segment.h"

struct roaring_bitmap_s;
struct roaring_uint32_iterator_s;

namespace trailsift::query {

using store::DocId;
using store::DocRange;

/// A set of documents of one segment. In ascending order, that is newest first. After a move from
/// it, a set may only be assigned to or destroyed.
class DocSet {
 public:
  DocSet();
  explicit DocSet(DocRange range);
  explicit DocSet(std::span<const DocId> docs);  ///< In any order; ascending is fastest.
  DocSet(const DocSet& other);
  DocSet(DocSet&& other) noexcept = default;
  DocSet& operator=(const DocSet& other);
  DocSet& operator=(DocSet&& other) noexcept = default;
  ~DocSet() = default;

  void add(std::span<const DocId> docs);

  DocSet& operator&=(const DocSet& other);
  DocSet& operator|=(const DocSet& other);
  DocSet& operator-=(const DocSet& other);

  bool empty() const;
  bool contains(DocId doc) const;
  std::uint64_t count() const;
  std::uint64_t count(DocRange range) const;
  /// The least and the greatest document; nullopt when the set is empty.
  std::optional<DocId> first() const;
  std::optional<DocId> last() const;
  /// The document that has `index` others before it; nullopt when there is none.
  std::optional<DocId> at(std::uint64_t index) const;
  /// The first `limit` documents that are not less than `from`.
  std::vector<DocId> first(std::size_t limit, DocId from = 0) const;

 private:
  friend class DocBlocks;
  struct Free {
    void operator()(roaring_bitmap_s* bitmap) const;
  };
  std::unique_ptr<roaring_bitmap_s, Free> bitmap_;  // Never null but after a move.
};

DocSet operator&(DocSet a, const DocSet& b);
DocSet operator|(DocSet a, const DocSet& b);
DocSet operator-(DocSet a, const DocSet& b);

/// The documents of `docs` in [0, size) that are not in it.
DocSet complement(const DocSet& docs, DocId size);

/// Reads a set in ascending blocks. Borrows the set.
class DocBlocks {
 public:
  static constexpr std::size_t kBlock = 2048;

  explicit DocBlocks(const DocSet& docs, DocId from = 0);

  /// The next documents, at most kBlock; empty at the end. Valid until the next call.
  std::span<const DocId> next();

 private:
  struct Free {
    void operator()(roaring_uint32_iterator_s* iterator) const;
  };
  std::unique_ptr<roaring_uint32_iterator_s, Free> iterator_;
  std::vector<DocId> block_;
};

}  // namespace trailsift::query
