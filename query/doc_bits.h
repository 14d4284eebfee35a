#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "store/column.h"

namespace trailsift::query {

using store::DocId;
using store::DocRange;

/// A bitmap of the documents from a multiple of 64 on: one of the forms of a DocSet.
class DocBits {
 public:
  static constexpr DocId kWordDocs = 64;

  /// Room for these documents, none of which is in it.
  explicit DocBits(DocRange room);
  /// Bit i of word w is document `begin` + 64 * w + i.
  DocBits(DocId begin, std::vector<std::uint64_t> words);

  DocId begin() const { return begin_; }
  DocId end() const { return begin_ + static_cast<DocId>(words_.size()) * kWordDocs; }
  std::span<const std::uint64_t> words() const { return words_; }
  std::uint64_t count() const { return count_; }

  bool contains(DocId doc) const;
  std::uint64_t count(DocRange range) const;
  /// The least document that is not less than `from`.
  std::optional<DocId> next(DocId from) const;
  std::optional<DocId> last() const;
  /// The document that has `index` others before it; `index` is less than count().
  DocId at(std::uint64_t index) const;
  /// The first documents that are not less than `from`, at most `limit`.
  void read(DocId from, std::size_t limit, std::vector<DocId>& out) const;

  /// There must be room for the documents that are added.
  void add(DocRange range);
  void add(std::span<const DocId> docs);
  void add(const DocBits& other);
  void remove(DocRange range);
  void remove(std::span<const DocId> docs);
  void remove(const DocBits& other);
  void keep(DocRange range);
  void keep(const DocBits& other);

 private:
  std::size_t word_of(DocId doc) const { return (doc - begin_) / kWordDocs; }
  DocRange inside(DocRange range) const;
  template <class Change>
  void change(DocRange range, const Change& change);
  void cut(DocId begin, DocId end);
  void recount();

  DocId begin_;
  std::vector<std::uint64_t> words_;
  std::uint64_t count_ = 0;
};

}  // namespace trailsift::query
