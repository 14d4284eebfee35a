#include "store/inverted_index.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "store/checksum.h"
#include "store/glass_format.h"
#include "store/terms.h"

namespace trailsift::store {
namespace {

constexpr std::size_t kFirstSlots = 1024;
/// Terms whose memory is asked for before it is their turn.
constexpr std::size_t kAhead = 8;

/// Bytes of the slice that a term with so many documents gets next.
std::uint16_t slice_bytes(std::size_t docs) {
  return static_cast<std::uint16_t>(std::clamp<std::size_t>(docs, 8, 256));
}

std::uint32_t hash_of(std::string_view text) {
  return static_cast<std::uint32_t>(checksum(text));
}

/// Sorts texts that differ. Terms have long beginnings in common, so those that all of a group have
/// are passed over, and then eight bytes are compared at a time.
template <class TextOf, class Prefetch>
class TextOrder {
 public:
  TextOrder(TextOf text_of, Prefetch prefetch) : text_of_(text_of), prefetch_(prefetch) {}

  /// `names` stand for the texts.
  void sort(std::vector<std::uint32_t>& names) const {
    std::vector<Key> keys;
    keys.reserve(names.size());
    for (const std::uint32_t name : names) keys.push_back({.name = name});
    if (keys.size() > 1) sort_from(keys, 0);
    std::ranges::transform(keys, names.begin(), &Key::name);
  }

 private:
  struct Key {
    std::uint64_t word = 0;  // Eight bytes of the text.
    std::uint32_t name = 0;
    std::uint32_t left = 0;  // Bytes from the word on; more than eight count as nine.
  };
  static constexpr std::size_t kWord = sizeof(Key::word);

  static bool stands_before(const Key& a, const Key& b) {
    return a.word != b.word ? a.word < b.word : a.left < b.left;
  }

  /// The texts are equal up to `depth`.
  void sort_from(std::span<Key> keys, std::size_t depth) const {
    depth += common_bytes(keys, depth);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i + kAhead < keys.size()) prefetch_(keys[i + kAhead].name);
      take_word(keys[i], depth);
    }
    std::sort(keys.begin(), keys.end(), stands_before);
    for (auto begin = keys.begin(); begin != keys.end();) {
      const auto end = std::find_if(begin, keys.end(),
                                    [&](const Key& key) { return stands_before(*begin, key); });
      if (end - begin > 1) sort_from({begin, end}, depth + kWord);
      begin = end;
    }
  }

  std::size_t common_bytes(std::span<const Key> keys, std::size_t depth) const {
    std::string_view common = text_of_(keys.front().name).substr(depth);
    for (std::size_t i = 1; i < keys.size() && !common.empty(); ++i) {
      if (i + kAhead < keys.size()) prefetch_(keys[i + kAhead].name);
      const auto differ = std::ranges::mismatch(common, text_of_(keys[i].name).substr(depth));
      common = common.substr(0, static_cast<std::size_t>(differ.in1 - common.begin()));
    }
    return common.size();
  }

  void take_word(Key& key, std::size_t depth) const {
    const std::string_view rest = text_of_(key.name).substr(depth);
    key.left = static_cast<std::uint32_t>(std::min(rest.size(), kWord + 1));
    key.word = 0;
    std::memcpy(&key.word, rest.data(), std::min(rest.size(), kWord));
    key.word = __builtin_bswap64(key.word);  // Numbers then compare as their bytes do.
  }

  TextOf text_of_;
  Prefetch prefetch_;
};

}  // namespace

/// The head of a term's memory; its text stands behind it. The first document stands here, so that
/// most terms need no more. To each of the others leads a packed difference in a chain of slices;
/// behind each slice stands a pointer to the next.
struct InvertedIndex::Term {
  char* at = nullptr;  // Where the next byte goes.
  Place head = kNone;  // The first slice.
  DocId first = 0;
  DocId last = 0;
  std::uint32_t count = 1;  // Documents.
  std::uint16_t left = 0;   // Bytes before the slice is full.
  std::uint16_t text_bytes = 0;
};

/// Reads the documents of a term from the chain of its slices.
class InvertedIndex::DocReader {
 public:
  DocReader(const ByteArena& arena, const Term& term) : term_(term) {
    if (term.head == kNone) return;
    at_ = arena.at(term.head);
    left_ = slice_bytes(1);
  }

  void read(std::vector<DocId>& docs) {
    docs.clear();
    docs.push_back(term_.first);
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
    const char* slice = nullptr;
    std::memcpy(&slice, at_, sizeof(slice));
    at_ = slice;
    left_ = slice_bytes(docs);
  }

  const Term& term_;
  const char* at_ = nullptr;
  std::uint16_t left_ = 0;
};

InvertedIndex::InvertedIndex() : slots_(kFirstSlots) {}

InvertedIndex::Term& InvertedIndex::term_at(Place place) const {
  return *reinterpret_cast<Term*>(arena_.at(place));
}

std::string_view InvertedIndex::text_at(Place place) const {
  const Term& term = term_at(place);
  return {reinterpret_cast<const char*>(&term + 1), term.text_bytes};
}

void InvertedIndex::add(std::string_view term, DocId doc) {
  add_hashed(term, hash_of(term), doc);
}

void InvertedIndex::add(std::span<const std::string> terms, DocId doc) {
  std::array<std::uint32_t, 2 * kAhead> hashes;
  for (; !terms.empty(); terms = terms.subspan(std::min(terms.size(), hashes.size()))) {
    const std::size_t count = std::min(terms.size(), hashes.size());
    for (std::size_t i = 0; i < count; ++i) {
      hashes.at(i) = hash_of(terms[i]);
      __builtin_prefetch(&slots_[first_slot(hashes.at(i))]);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const Slot& slot = slots_[first_slot(hashes.at(i))];
      if (slot.term != kNone) __builtin_prefetch(arena_.at(slot.term));
    }
    for (std::size_t i = 0; i < count; ++i) add_hashed(terms[i], hashes.at(i), doc);
  }
}

void InvertedIndex::add_hashed(std::string_view text, std::uint32_t hash, DocId doc) {
  assert(text.size() <= kMaxTermBytes);
  std::size_t slot = first_slot(hash);
  for (; slots_[slot].term != kNone; slot = (slot + 1) & (slots_.size() - 1)) {
    if (slots_[slot].hash != hash || text_at(slots_[slot].term) != text) continue;
    return add_doc(term_at(slots_[slot].term), doc);
  }
  slots_[slot].hash = hash;
  add_term(slots_[slot], text, doc);
  if (terms_.size() * 2 > slots_.size()) grow();
}

void InvertedIndex::add_term(Slot& slot, std::string_view text, DocId doc) {
  slot.term = arena_.take(sizeof(Term) + text.size());
  char* const memory = arena_.at(slot.term);
  new (memory)
      Term{.first = doc, .last = doc, .text_bytes = static_cast<std::uint16_t>(text.size())};
  std::ranges::copy(text, memory + sizeof(Term));
  terms_.push_back(slot.term);
}

void InvertedIndex::add_doc(Term& term, DocId doc) {
  assert(doc >= term.last);
  if (doc == term.last) return;
  std::array<char, kMaxPacked32> bytes;
  const char* const end = put_packed(bytes.data(), doc - term.last);
  for (const char* byte = bytes.data(); byte != end; ++byte) append(term, *byte);
  term.last = doc;
  ++term.count;
}

void InvertedIndex::append(Term& term, char byte) {
  if (term.left == 0) {
    const std::uint16_t bytes = slice_bytes(term.count);
    const Place place = arena_.take(bytes + sizeof(char*));
    char* const slice = arena_.at(place);
    if (term.head == kNone) {
      term.head = place;
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
    if (moved.term == kNone) continue;
    std::size_t slot = first_slot(moved.hash);
    while (slots_[slot].term != kNone) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = moved;
  }
}

Result<void> InvertedIndex::for_each_in_order(const Visit& visit) const {
  std::vector<Place> order = terms_;
  const auto prefetch = [&](Place place) { __builtin_prefetch(arena_.at(place)); };
  TextOrder([&](Place place) { return text_at(place); }, prefetch).sort(order);
  std::vector<DocId> docs;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i + kAhead < order.size()) prefetch(order[i + kAhead]);
    DocReader(arena_, term_at(order[i])).read(docs);
    if (auto done = visit(text_at(order[i]), docs); !done) return done;
  }
  return {};
}

}  // namespace trailsift::store
