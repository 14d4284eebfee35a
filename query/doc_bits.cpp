#include "query/doc_bits.h"

#include <algorithm>
#include <bit>

#include "store/scan_kernels.h"

namespace trailsift::query {
namespace {

using store::scan_kernels;

constexpr DocId kWordDocs = DocBits::kWordDocs;
constexpr std::uint64_t kAll = ~std::uint64_t{0};

std::uint64_t bit(DocId doc) {
  return std::uint64_t{1} << (doc % kWordDocs);
}

std::uint64_t from_bit(DocId doc) {
  return kAll << (doc % kWordDocs);
}

/// Bits below that of `end`, which may be the first of the next word.
std::uint64_t below_bit(DocId end) {
  return kAll >> ((kWordDocs - end % kWordDocs) % kWordDocs);
}

DocId rounded_down(DocId doc) {
  return doc - doc % kWordDocs;
}

unsigned lowest(std::uint64_t word) {
  return static_cast<unsigned>(std::countr_zero(word));
}

}  // namespace

DocBits::DocBits(DocRange room) : begin_(rounded_down(room.begin)) {
  if (room.begin >= room.end) return;
  words_.resize((std::size_t{room.end} - begin_ + kWordDocs - 1) / kWordDocs);
}

DocBits::DocBits(DocId begin, std::vector<std::uint64_t> words)
    : begin_(begin), words_(std::move(words)) {
  recount();
}

void DocBits::recount() {
  count_ = scan_kernels().count(words_.data(), words_.size());
}

/// What of the range lies in the room.
DocRange DocBits::inside(DocRange range) const {
  range.begin = std::clamp(range.begin, begin_, end());
  range.end = std::clamp(range.end, range.begin, end());
  return range;
}

bool DocBits::contains(DocId doc) const {
  return begin_ <= doc && doc < end() && (words_[word_of(doc)] & bit(doc)) != 0;
}

std::uint64_t DocBits::count(DocRange range) const {
  const auto [begin, end] = inside(range);
  if (begin >= end) return 0;
  const std::size_t first = word_of(begin);
  const std::size_t last = word_of(end - 1);
  const std::uint64_t head = words_[first] & from_bit(begin);
  if (first == last) return static_cast<unsigned>(std::popcount(head & below_bit(end)));
  const auto ends = std::popcount(head) + std::popcount(words_[last] & below_bit(end));
  return static_cast<unsigned>(ends) +
         scan_kernels().count(words_.data() + first + 1, last - first - 1);
}

std::optional<DocId> DocBits::next(DocId from) const {
  from = std::max(from, begin_);
  if (from >= end()) return std::nullopt;
  std::size_t index = word_of(from);
  std::uint64_t word = words_[index] & from_bit(from);
  while (word == 0) {
    if (++index == words_.size()) return std::nullopt;
    word = words_[index];
  }
  return begin_ + static_cast<DocId>(index) * kWordDocs + lowest(word);
}

std::optional<DocId> DocBits::last() const {
  for (std::size_t index = words_.size(); index-- > 0;) {
    if (words_[index] == 0) continue;
    const auto highest = static_cast<DocId>(std::bit_width(words_[index]) - 1);
    return begin_ + static_cast<DocId>(index) * kWordDocs + highest;
  }
  return std::nullopt;
}

DocId DocBits::at(std::uint64_t index) const {
  // Steps of a few words first, which are counted quickly.
  constexpr std::size_t kStep = 64;
  std::size_t i = 0;
  for (; i + kStep <= words_.size(); i += kStep) {
    const std::uint64_t count = scan_kernels().count(words_.data() + i, kStep);
    if (index < count) break;
    index -= count;
  }
  for (;; ++i) {
    const auto count = static_cast<unsigned>(std::popcount(words_[i]));
    if (index < count) break;
    index -= count;
  }
  std::uint64_t word = words_[i];
  for (; index > 0; --index) word &= word - 1;
  return begin_ + static_cast<DocId>(i) * kWordDocs + lowest(word);
}

void DocBits::read(DocId from, std::size_t limit, std::vector<DocId>& out) const {
  from = std::max(from, begin_);
  if (from >= end()) return;
  out.reserve(std::min<std::size_t>(limit, count_));
  std::size_t index = word_of(from);
  std::uint64_t word = words_[index] & from_bit(from);
  while (limit > 0) {
    for (; word != 0 && limit > 0; word &= word - 1, --limit) {
      out.push_back(begin_ + static_cast<DocId>(index) * kWordDocs + lowest(word));
    }
    if (++index == words_.size()) return;
    word = words_[index];
  }
}

/// Calls `change(word, mask)` for each word of the range with the bits that lie in it.
template <class Change>
void DocBits::change(DocRange range, const Change& change) {
  const auto [begin, end] = inside(range);
  if (begin >= end) return;
  const std::size_t first = word_of(begin);
  const std::size_t last = word_of(end - 1);
  for (std::size_t i = first; i <= last; ++i) {
    const std::uint64_t head = i == first ? from_bit(begin) : kAll;
    const std::uint64_t tail = i == last ? below_bit(end) : kAll;
    change(words_[i], head & tail);
  }
  recount();
}

void DocBits::add(DocRange range) {
  change(range, [](std::uint64_t& word, std::uint64_t mask) { word |= mask; });
}

void DocBits::remove(DocRange range) {
  change(range, [](std::uint64_t& word, std::uint64_t mask) { word &= ~mask; });
}

void DocBits::add(std::span<const DocId> docs) {
  for (const DocId doc : docs) {
    std::uint64_t& word = words_[word_of(doc)];
    count_ += (word & bit(doc)) == 0 ? 1 : 0;
    word |= bit(doc);
  }
}

void DocBits::remove(std::span<const DocId> docs) {
  for (const DocId doc : docs) {
    if (doc < begin_ || doc >= end()) continue;
    std::uint64_t& word = words_[word_of(doc)];
    count_ -= (word & bit(doc)) != 0 ? 1 : 0;
    word &= ~bit(doc);
  }
}

void DocBits::add(const DocBits& other) {
  const auto [begin, end] = inside({other.begin(), other.end()});
  if (begin >= end) return;
  scan_kernels().unite(words_.data() + word_of(begin), other.words_.data() + other.word_of(begin),
                       (end - begin) / kWordDocs);
  recount();
}

void DocBits::remove(const DocBits& other) {
  const auto [begin, end] = inside({other.begin(), other.end()});
  if (begin >= end) return;
  scan_kernels().subtract(words_.data() + word_of(begin),
                          other.words_.data() + other.word_of(begin), (end - begin) / kWordDocs);
  recount();
}

/// Leaves room for no more than these documents, which are whole words inside.
void DocBits::cut(DocId begin, DocId end) {
  const std::size_t first = word_of(begin);
  const std::size_t count = (end - begin) / kWordDocs;
  if (count == words_.size()) return;
  std::vector<std::uint64_t> rest(words_.begin() + static_cast<std::ptrdiff_t>(first),
                                  words_.begin() + static_cast<std::ptrdiff_t>(first + count));
  words_ = std::move(rest);
  begin_ = begin;
}

void DocBits::keep(DocRange range) {
  const auto [begin, end] = inside(range);
  if (begin >= end) {
    *this = DocBits(DocRange{});
    return;
  }
  const DocId whole_end = begin_ + static_cast<DocId>(word_of(end - 1) + 1) * kWordDocs;
  cut(rounded_down(begin), whole_end);
  words_.front() &= from_bit(begin);
  words_.back() &= below_bit(end);
  recount();
}

void DocBits::keep(const DocBits& other) {
  const auto [begin, end] = inside({other.begin(), other.end()});
  if (begin >= end) {
    *this = DocBits(DocRange{});
    return;
  }
  cut(begin, end);
  count_ = scan_kernels().intersect(words_.data(), other.words_.data() + other.word_of(begin),
                                    words_.size());
}

}  // namespace trailsift::query
