#include "store/inverted_index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>

#include "store/checksum.h"
#include "store/glass_format.h"
#include "store/terms.h"

namespace trailsift::store {
namespace {

constexpr std::size_t kFirstSlots = 1024;

/// Bytes of the slice that a term with so many documents gets next.
std::uint16_t slice_bytes(std::size_t docs) {
  return static_cast<std::uint16_t>(std::clamp<std::size_t>(docs, 8, 256));
}

/// Eight bytes of a term's text.
struct TextKey {
  std::uint64_t word = 0;
  std::uint32_t term = 0;
  std::uint32_t left = 0;  // Bytes from the word on; more than eight count as kMore.
};
constexpr std::uint32_t kMore = sizeof(TextKey::word) + 1;

TextKey key_at(std::string_view text, std::uint32_t term, std::size_t depth) {
  const std::string_view rest = text.substr(depth);
  TextKey key{0, term, static_cast<std::uint32_t>(std::min<std::size_t>(rest.size(), kMore))};
  std::memcpy(&key.word, rest.data(), std::min(rest.size(), sizeof(key.word)));
  key.word = __builtin_bswap64(key.word);  // Numbers then compare as their bytes do.
  return key;
}

bool stands_before(const TextKey& a, const TextKey& b) {
  return a.word != b.word ? a.word < b.word : a.left < b.left;
}

/// How far all texts are equal, given that they are up to `depth`.
template <class TextOf>
std::size_t common_bytes(std::span<const TextKey> keys, std::size_t depth, const TextOf& text_of) {
  std::string_view common = text_of(keys.front().term);
  for (const auto& key : keys.subspan(1)) {
    const std::string_view text = text_of(key.term);
    const auto differ =
        std::mismatch(common.begin() + static_cast<std::ptrdiff_t>(depth), common.end(),
                      text.begin() + static_cast<std::ptrdiff_t>(depth), text.end());
    common = common.substr(0, static_cast<std::size_t>(differ.first - common.begin()));
    if (common.size() == depth) break;
  }
  return common.size();
}

/// Sorts texts that are equal up to `depth`. Terms have long beginnings in common; comparing whole
/// texts would read them again and again.
template <class TextOf>
void sort_texts(std::span<TextKey> keys, std::size_t depth, const TextOf& text_of) {
  depth = common_bytes<TextOf>(keys, depth, text_of);
  for (auto& key : keys) key = key_at(text_of(key.term), key.term, depth);
  std::sort(keys.begin(), keys.end(), stands_before);
  for (auto begin = keys.begin(); begin != keys.end();) {
    const auto end = std::find_if(begin, keys.end(),
                                  [&](const TextKey& key) { return stands_before(*begin, key); });
    if (end - begin > 1) sort_texts<TextOf>({begin, end}, depth + sizeof(begin->word), text_of);
    begin = end;
  }
}

}  // namespace

/// Reads the documents of a term from the chain of its slices.
class InvertedIndex::DocReader {
 public:
  explicit DocReader(const Term& term) : term_(term), at_(term.head) {}

  void read(std::vector<DocId>& docs) {
    docs.clear();
    docs.push_back(term_.first);
    if (term_.count > 1) left_ = slice_bytes(1);
    while (docs.size() < term_.count) docs.push_back(docs.back() + next(docs.size()));
  }

 private:
  std::uint32_t next(std::size_t docs) {
    std::uint32_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      if (left_ == 0) follow(docs);
      const auto byte = static_cast<unsigned char>(*at_++);
      --left_;
      value |= (byte & 127U) << shift;
      if (byte < 128) return value;
    }
  }

  void follow(std::size_t docs) {
    std::memcpy(&at_, at_, sizeof(at_));
    left_ = slice_bytes(docs);
  }

  const Term& term_;
  const char* at_;
  std::uint16_t left_ = 0;
};

InvertedIndex::InvertedIndex() : slots_(kFirstSlots) {}

void InvertedIndex::add(std::string_view term, DocId doc) {
  assert(term.size() <= kMaxTermBytes);
  const auto hash = static_cast<std::uint32_t>(checksum(term));
  std::size_t slot = hash & (slots_.size() - 1);
  for (; slots_[slot].term != 0; slot = (slot + 1) & (slots_.size() - 1)) {
    if (slots_[slot].hash != hash) continue;
    Term& found = terms_[slots_[slot].term - 1];
    if (found.view() != term) continue;
    assert(doc >= found.last);
    if (doc == found.last) return;
    std::array<char, kMaxPacked32> bytes{};
    const char* const end = put_packed(bytes.data(), doc - found.last);
    for (const char* byte = bytes.data(); byte != end; ++byte) append(found, *byte);
    found.last = doc;
    ++found.count;
    return;
  }
  char* const text = arena_.take(std::max<std::size_t>(term.size(), 1));
  std::ranges::copy(term, text);
  terms_.push_back({.text = text,
                    .first = doc,
                    .last = doc,
                    .text_bytes = static_cast<std::uint16_t>(term.size())});
  slots_[slot] = {hash, static_cast<std::uint32_t>(terms_.size())};
  if (terms_.size() * 2 > slots_.size()) grow();
}

void InvertedIndex::append(Term& term, char byte) {
  if (term.left == 0) {
    const std::uint16_t bytes = slice_bytes(term.count);
    char* const slice = arena_.take(bytes + sizeof(slice));
    if (term.head == nullptr) {
      term.head = slice;
    } else {
      std::memcpy(term.at, &slice, sizeof(slice));
    }
    term.at = slice;
    term.left = bytes;
  }
  *term.at++ = byte;
  --term.left;
}

void InvertedIndex::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& moved : old) {
    if (moved.term == 0) continue;
    std::size_t slot = moved.hash & (slots_.size() - 1);
    while (slots_[slot].term != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = moved;
  }
}

Result<void> InvertedIndex::for_each_in_order(const Visit& visit) const {
  std::vector<TextKey> keys(terms_.size());
  for (std::uint32_t term = 0; term < keys.size(); ++term) keys[term].term = term;
  if (!keys.empty())
    sort_texts(std::span(keys), 0, [&](std::uint32_t term) { return terms_[term].view(); });
  std::vector<DocId> docs;
  for (const TextKey& key : keys) {
    DocReader(terms_[key.term]).read(docs);
    if (auto done = visit(terms_[key.term].view(), docs); !done) return done;
  }
  return {};
}

}  // namespace trailsift::store
