#include "query/docset.h"

#include <algorithm>
#include <new>

#include <roaring/roaring.h>

namespace trailsift::query {
namespace {

/// CRoaring tells a failed allocation by a null pointer.
template <class T>
T* allocated(T* pointer) {
  if (pointer == nullptr) throw std::bad_alloc();
  return pointer;
}

roaring_bitmap_t* bitmap_of(DocRange range) {
  // from_range() answers an empty range with a null pointer.
  if (range.begin >= range.end) return allocated(roaring_bitmap_create());
  return allocated(roaring_bitmap_from_range(range.begin, range.end, 1));
}

}  // namespace

void DocSet::Free::operator()(roaring_bitmap_s* bitmap) const {
  roaring_bitmap_free(bitmap);
}

DocSet::DocSet() : bitmap_(allocated(roaring_bitmap_create())) {}

DocSet::DocSet(DocRange range) : bitmap_(bitmap_of(range)) {}

DocSet::DocSet(std::span<const DocId> docs) : DocSet() {
  add(docs);
}

DocSet::DocSet(const DocSet& other)
    : bitmap_(allocated(roaring_bitmap_copy(other.bitmap_.get()))) {}

DocSet& DocSet::operator=(const DocSet& other) {
  if (this != &other) *this = DocSet(other);
  return *this;
}

void DocSet::add(std::span<const DocId> docs) {
  if (!docs.empty()) roaring_bitmap_add_many(bitmap_.get(), docs.size(), docs.data());
}

DocSet& DocSet::operator&=(const DocSet& other) {
  if (this != &other) roaring_bitmap_and_inplace(bitmap_.get(), other.bitmap_.get());
  return *this;
}

DocSet& DocSet::operator|=(const DocSet& other) {
  if (this != &other) roaring_bitmap_or_inplace(bitmap_.get(), other.bitmap_.get());
  return *this;
}

DocSet& DocSet::operator-=(const DocSet& other) {
  if (this == &other) return *this = DocSet();
  roaring_bitmap_andnot_inplace(bitmap_.get(), other.bitmap_.get());
  return *this;
}

bool DocSet::empty() const {
  return roaring_bitmap_is_empty(bitmap_.get());
}

bool DocSet::contains(DocId doc) const {
  return roaring_bitmap_contains(bitmap_.get(), doc);
}

std::uint64_t DocSet::count() const {
  return roaring_bitmap_get_cardinality(bitmap_.get());
}

std::uint64_t DocSet::count(DocRange range) const {
  if (range.begin >= range.end) return 0;
  return roaring_bitmap_range_cardinality(bitmap_.get(), range.begin, range.end);
}

std::optional<DocId> DocSet::first() const {
  if (empty()) return std::nullopt;
  return roaring_bitmap_minimum(bitmap_.get());
}

std::optional<DocId> DocSet::last() const {
  if (empty()) return std::nullopt;
  return roaring_bitmap_maximum(bitmap_.get());
}

std::optional<DocId> DocSet::at(std::uint64_t index) const {
  DocId doc = 0;
  if (index >= count()) return std::nullopt;
  if (!roaring_bitmap_select(bitmap_.get(), static_cast<std::uint32_t>(index), &doc)) {
    return std::nullopt;
  }
  return doc;
}

std::vector<DocId> DocSet::first(std::size_t limit, DocId from) const {
  std::vector<DocId> docs;
  DocBlocks blocks(*this, from);
  while (docs.size() < limit) {
    const auto block = blocks.next();
    if (block.empty()) break;
    const auto wanted = block.first(std::min(block.size(), limit - docs.size()));
    docs.insert(docs.end(), wanted.begin(), wanted.end());
  }
  return docs;
}

DocSet operator&(DocSet a, const DocSet& b) {
  a &= b;
  return a;
}

DocSet operator|(DocSet a, const DocSet& b) {
  a |= b;
  return a;
}

DocSet operator-(DocSet a, const DocSet& b) {
  a -= b;
  return a;
}

DocSet complement(const DocSet& docs, DocId size) {
  return DocSet(DocRange{0, size}) - docs;
}

void DocBlocks::Free::operator()(roaring_uint32_iterator_s* iterator) const {
  roaring_free_uint32_iterator(iterator);
}

DocBlocks::DocBlocks(const DocSet& docs, DocId from)
    : iterator_(allocated(roaring_create_iterator(docs.bitmap_.get()))), block_(kBlock) {
  if (from > 0) roaring_move_uint32_iterator_equalorlarger(iterator_.get(), from);
}

std::span<const DocId> DocBlocks::next() {
  const std::uint32_t read = roaring_read_uint32_iterator(
      iterator_.get(), block_.data(), static_cast<std::uint32_t>(block_.size()));
  return std::span<const DocId>(block_).first(read);
}

}  // namespace trailsift::query
