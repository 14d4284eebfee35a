#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "query/doc_bits.h"

namespace trailsift::query {

/// A set of documents of one segment. In ascending order, that is newest first. Small where it
/// holds few documents or all of a range, fast where it holds many. After a move from it, a set may
/// only be assigned to or destroyed.
class DocSet {
 public:
  /// A set is a range where it can be; otherwise a list, ascending and without repeats, where a
  /// bitmap would take more room.
  using List = std::vector<DocId>;
  using Form = std::variant<DocRange, List, DocBits>;

  DocSet() = default;
  explicit DocSet(DocRange range);
  explicit DocSet(std::span<const DocId> docs);  ///< In any order; ascending is fastest.
  explicit DocSet(DocBits bits);

  void add(std::span<const DocId> docs);

  DocSet& operator&=(const DocSet& other);
  DocSet& operator|=(const DocSet& other);
  DocSet& operator-=(const DocSet& other);

  bool empty() const { return count() == 0; }
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
  /// From the first document to the last.
  DocRange span() const;

  /// For loops that are written for each form.
  const Form& form() const { return form_; }

 private:
  void settle();
  DocBits bits_for(DocRange room) const;

  Form form_ = DocRange{};
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

  explicit DocBlocks(const DocSet& docs, DocId from = 0) : docs_(docs), from_(from) {}

  /// The next documents, at most kBlock; empty at the end. Valid until the next call.
  std::span<const DocId> next();

 private:
  const DocSet& docs_;
  std::uint64_t from_;  // One more than a document can be at the end.
  std::vector<DocId> block_;
};

}  // namespace trailsift::query
