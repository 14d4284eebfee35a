#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "store/column.h"

namespace trailsift::store {
namespace {

constexpr std::size_t kWordDocs = 64;
constexpr std::size_t kChunkWords = 32;  // What is worked on at a time stays in the first cache.

/// Counts ordinals. Where they are few and documents many, it does so in several tables by turns:
/// to add to an entry that was just added to means to wait for it.
class Tally {
 public:
  Tally(std::span<std::uint32_t> counts, std::size_t docs) : counts_(counts) {
    constexpr std::size_t kMostOrdinals = 4096;
    if (counts.size() <= kMostOrdinals && docs > counts.size() * kTables) {
      tables_.resize(counts.size() * kTables);
    }
  }

  template <class T>
  void add(const std::byte* ordinals, std::size_t count) {
    constexpr std::size_t kLoaded = sizeof(std::uint64_t) / sizeof(T);
    std::size_t i = 0;
    for (; !tables_.empty() && i + kLoaded <= count; i += kLoaded) {
      std::uint64_t some;
      std::memcpy(&some, ordinals + i * sizeof(T), sizeof(some));
#pragma GCC unroll 8
      for (std::size_t k = 0; k < kLoaded; ++k) {
        ++tables_[k % kTables * counts_.size() + static_cast<T>(some >> (k * 8 * sizeof(T)))];
      }
    }
    for (; i < count; ++i) {
      T ordinal;
      std::memcpy(&ordinal, ordinals + i * sizeof(T), sizeof(T));
      ++counts_[ordinal];
    }
  }

  void add(const std::byte* ordinals, std::size_t count, unsigned width) {
    switch (width) {
      case 1: return add<std::uint8_t>(ordinals, count);
      case 2: return add<std::uint16_t>(ordinals, count);
      default: return add<std::uint32_t>(ordinals, count);
    }
  }

  void finish() {
    for (std::size_t i = 0; i < tables_.size(); ++i) counts_[i % counts_.size()] += tables_[i];
  }

 private:
  static constexpr std::size_t kTables = 4;
  std::span<std::uint32_t> counts_;
  std::vector<std::uint32_t> tables_;
};

/// Counts ordinals of a byte, of which there are few: a bitmap for each one. `bits` are those of
/// the documents that count, all if it is null.
void count_few(const std::byte* ordinals, std::size_t docs, const std::uint64_t* bits,
               std::span<std::uint32_t> counts) {
  const ScanKernels& kernels = scan_kernels();
  std::array<std::uint64_t, kChunkWords> words;
  for (std::size_t begin = 0; begin < docs; begin += kChunkWords * kWordDocs) {
    const std::size_t size = std::min(docs - begin, kChunkWords * kWordDocs);
    const std::size_t used = (size + kWordDocs - 1) / kWordDocs;
    for (std::uint32_t ordinal = 0; ordinal < counts.size(); ++ordinal) {
      kernels.of_width(1).in_range(ordinals + begin, size, {ordinal, ordinal}, words.data());
      counts[ordinal] += static_cast<std::uint32_t>(
          bits == nullptr ? kernels.count(words.data(), used)
                          : kernels.intersect(words.data(), bits + begin / kWordDocs, used));
    }
  }
}

}  // namespace

/// Documents are found through the key's ordinals: a scan of one range where these are neighbours,
/// as the one of a single account is, else of a set.
template <class Accepts>
void Column::select_joined(DocRange range, const Accepts& accepts, std::uint64_t* words) const {
  std::vector<std::uint64_t> keys(accepted_words(key_->ordinal_count()));
  OrdinalRange hull{1, 0};
  std::uint32_t accepted = 0;
  for (std::uint32_t key = 0; key < joined_.size(); ++key) {
    if (!accepts(joined_[key])) continue;
    keys[key / kWordDocs] |= std::uint64_t{1} << (key % kWordDocs);
    hull = {accepted == 0 ? key : hull.first, key};
    ++accepted;
  }
  if (accepted == 0 || hull.last - hull.first + 1 == accepted) {
    key_->select(range, hull, words);
  } else {
    key_->select(range, keys, words);
  }
}

template <class... Docs>
void Column::count_joined(std::span<std::uint32_t> counts, const Docs&... docs) const {
  std::vector<std::uint32_t> by_key(key_->ordinal_count());
  key_->count(docs..., by_key);
  for (std::size_t key = 0; key < by_key.size(); ++key) counts[joined_[key]] += by_key[key];
}

void Column::select(DocRange range, OrdinalRange ordinals, std::uint64_t* words) const {
  const std::size_t count = range.end - range.begin;
  ordinals.last = std::min(ordinals.last, ordinal_count() - 1);
  if (ordinals.first > ordinals.last) {
    std::fill_n(words, (count + kWordDocs - 1) / kWordDocs, 0);
    return;
  }
  if (is_joined()) {
    return select_joined(
        range, [&](std::uint32_t own) { return ordinals.first <= own && own <= ordinals.last; },
        words);
  }
  const auto& kernels = scan_kernels().of_width(arrays_.ordinal_width);
  kernels.in_range(ordinals_from(range.begin), count, ordinals, words);
}

void Column::select(DocRange range, std::span<const std::uint64_t> accepted,
                    std::uint64_t* words) const {
  if (is_joined()) {
    const auto accepts = [&](std::uint32_t own) {
      return (accepted[own / kWordDocs] >> (own % kWordDocs) & 1U) != 0;
    };
    return select_joined(range, accepts, words);
  }
  const auto& kernels = scan_kernels().of_width(arrays_.ordinal_width);
  kernels.accepted(ordinals_from(range.begin), range.end - range.begin, accepted.data(), words);
}

void Column::count(DocRange range, std::span<std::uint32_t> counts) const {
  if (is_joined()) return count_joined(counts, range);
  const std::size_t docs = range.end - range.begin;
  if (counts.size() <= scan_kernels().few_ordinals) {
    return count_few(ordinals_from(range.begin), docs, nullptr, counts);
  }
  Tally tally(counts, docs);
  tally.add(ordinals_from(range.begin), docs, arrays_.ordinal_width);
  tally.finish();
}

void Column::count(std::span<const DocId> docs, std::span<std::uint32_t> counts) const {
  for (const DocId doc : docs) ++counts[ordinal(doc)];
}

void Column::count(DocId begin, std::span<const std::uint64_t> words,
                   std::span<std::uint32_t> counts) const {
  if (is_joined()) return count_joined(counts, begin, words);
  if (counts.size() <= scan_kernels().few_ordinals) {
    const std::size_t docs =
        std::min(words.size() * kWordDocs, std::size_t{arrays_.doc_count} - begin);
    return count_few(ordinals_from(begin), docs, words.data(), counts);
  }
  std::array<std::byte, kChunkWords * kWordDocs * sizeof(std::uint32_t)> packed;
  const auto& kernels = scan_kernels().of_width(arrays_.ordinal_width);
  Tally tally(counts, words.size() * kWordDocs);
  // The last word may stand for more documents than there are.
  const std::size_t whole = std::min(words.size(), (arrays_.doc_count - begin) / kWordDocs);
  for (std::size_t i = 0; i < whole; i += kChunkWords) {
    const std::size_t size = std::min(kChunkWords, whole - i);
    const std::size_t found = kernels.pack(ordinals_from(begin + static_cast<DocId>(i * kWordDocs)),
                                           words.data() + i, size, packed.data());
    tally.add(packed.data(), found, arrays_.ordinal_width);
  }
  tally.finish();
  for (std::size_t i = whole; i < words.size(); ++i) {
    for (std::uint64_t word = words[i]; word != 0; word &= word - 1) {
      ++counts[ordinal(begin + static_cast<DocId>(i * kWordDocs) +
                       static_cast<DocId>(std::countr_zero(word)))];
    }
  }
}

std::span<const std::uint32_t> Column::totals() const {
  constexpr std::uint32_t kDocsPerOrdinal = 8;
  if (ordinal_count() > arrays_.doc_count / kDocsPerOrdinal) return {};
  std::call_once(totals_->once, [this] {
    totals_->counts.resize(ordinal_count());
    count({0, arrays_.doc_count}, totals_->counts);
  });
  return totals_->counts;
}

}  // namespace trailsift::store
