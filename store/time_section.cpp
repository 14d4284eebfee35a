#include "store/time_section.h"

#include <algorithm>
#include <cstring>

#include "store/columns_format.h"

namespace trailsift::store {
namespace {

Timestamp at_ms(std::int64_t milliseconds) {
  return Timestamp(std::chrono::milliseconds(milliseconds));
}

template <class T>
T load(const std::byte* array, std::size_t index) {
  T value;
  std::memcpy(&value, array + index * sizeof(T), sizeof(T));
  return value;
}

bool is_width(std::uint32_t width) {
  return width == 0 || width == 1 || width == 2 || width == 4 || width == 8;
}

}  // namespace

Result<TimeSection> TimeSection::open(std::span<const std::byte> bytes, std::uint32_t doc_count) {
  const TimeSection section(bytes, doc_count);
  const auto damaged = fail(ErrorCode::corrupt, "the event times are damaged");
  if (bytes.size() < section.block_count() * sizeof(Block)) return damaged;
  for (std::size_t i = 0; i < section.block_count(); ++i) {
    const Block block = section.block(i);
    const std::uint64_t docs =
        std::min<std::uint64_t>(kTimeBlockDocs, doc_count - i * kTimeBlockDocs);
    if (!is_width(block.width) || block.deltas > bytes.size() ||
        docs * block.width > bytes.size() - block.deltas) {
      return damaged;
    }
  }
  return section;
}

std::size_t TimeSection::block_count() const {
  return (std::size_t{doc_count_} + kTimeBlockDocs - 1) / kTimeBlockDocs;
}

TimeSection::Block TimeSection::block(std::size_t index) const {
  Block block{};
  std::memcpy(&block, bytes_.data() + index * sizeof(Block), sizeof(Block));
  return block;
}

Timestamp TimeSection::time(DocId doc) const {
  return time(block(doc / kTimeBlockDocs), doc);
}

Timestamp TimeSection::time(const Block& block, DocId doc) const {
  const std::byte* const deltas = bytes_.data() + block.deltas;
  const std::size_t index = doc % kTimeBlockDocs;
  std::uint64_t delta = 0;
  switch (block.width) {  // Copies of a size that is known are single instructions.
    case 0: break;
    case 1: delta = load<std::uint8_t>(deltas, index); break;
    case 2: delta = load<std::uint16_t>(deltas, index); break;
    case 4: delta = load<std::uint32_t>(deltas, index); break;
    default: delta = load<std::uint64_t>(deltas, index); break;
  }
  // Unsigned, so that forged numbers wrap instead of overflowing.
  return at_ms(static_cast<std::int64_t>(static_cast<std::uint64_t>(block.newest_ms) -
                                         delta * block.unit_ms));
}

DocRange TimeSection::in_time(std::optional<Timestamp> from, std::optional<Timestamp> to) const {
  const DocId begin = to ? first_before(*to, block_with(*to)) : 0;
  const DocId end = from ? first_before(*from, block_with(*from)) : doc_count_;
  return {begin, std::max(begin, end)};
}

std::vector<DocId> TimeSection::first_before(std::span<const Timestamp> moments) const {
  std::vector<DocId> firsts;
  firsts.reserve(moments.size());
  std::size_t block = 0;
  DocId from = 0;
  for (const Timestamp moment : moments) {
    while (block < block_count() && at_ms(this->block(block).oldest_ms) >= moment) ++block;
    from = first_before(moment, block, from);
    firsts.push_back(from);
  }
  return firsts;
}

/// The first block with a document before the moment. Times descend.
std::size_t TimeSection::block_with(Timestamp wanted) const {
  std::size_t low = 0;
  for (std::size_t high = block_count(); low < high;) {
    const std::size_t middle = low + (high - low) / 2;
    if (at_ms(block(middle).oldest_ms) < wanted) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/// Looks in that block, at `from` or later.
DocId TimeSection::first_before(Timestamp wanted, std::size_t block, DocId from) const {
  auto first = static_cast<DocId>(std::min<std::size_t>(block * kTimeBlockDocs, doc_count_));
  DocId last = std::min(first + kTimeBlockDocs, doc_count_);
  if (first >= last) return std::max(first, from);
  const Block row = this->block(block);
  for (first = std::max(first, from); first < last;) {
    const DocId middle = first + (last - first) / 2;
    if (time(row, middle) < wanted) {
      last = middle;
    } else {
      first = middle + 1;
    }
  }
  return first;
}

}  // namespace trailsift::store
