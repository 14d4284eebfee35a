#include "store/terms.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "schema/time.h"
#include "schema/words.h"
#include "store/term_hash.h"

namespace trailsift::store {
namespace {

/// A hashed term has exactly kMaxTermBytes as Xapian counts them, any other fewer: head, filler,
/// hash.
constexpr std::size_t kHeadBytes = kMaxTermBytes - kTermHashBytes;
constexpr char kFiller = ' ';

std::size_t counted_bytes(std::string_view text) {
  return text.size() + static_cast<std::size_t>(std::ranges::count(text, '\0'));
}

/// The longest beginning of `text` that Xapian counts as at most `limit` bytes.
std::string_view cut(std::string_view text, std::size_t limit) {
  std::size_t size = 0;
  for (std::size_t counted = 0; size < text.size(); ++size) {
    counted += text[size] == '\0' ? 2 : 1;
    if (counted > limit) break;
  }
  return text.substr(0, size);
}

/// `text` itself, or what stands for it when Xapian could not hold it.
std::string bounded(std::string text) {
  if (counted_bytes(text) < kMaxTermBytes) return text;
  std::string term(cut(text, kHeadBytes));
  term.append(kHeadBytes - counted_bytes(term), kFiller);
  return term + term_hash(text);
}

TermPrefix prefix_of(std::string text) {
  // A hashed term's last head byte may be filler: what is compared must end before it.
  constexpr std::size_t kSure = kHeadBytes - 1;
  if (counted_bytes(text) <= kSure) return {std::move(text), true};
  return {std::string(cut(text, kSure)), false};
}

std::string exact_text(const Field& field, std::string_view value) {
  std::string text = "F";
  text += field.name;
  text += '=';
  text += value;
  return text;
}

std::string leaf_text(std::string_view path, std::string_view value) {
  std::string text = "L";
  for (const char c : path) {
    if (c == '=' || c == '\\') text += '\\';
    text += c;
  }
  text += '=';
  text += value;
  return text;
}

using FieldOfPath = std::unordered_map<std::string_view, FieldIndex>;

/// The fields whose values are taken from one leaf as they are, by its path.
const FieldOfPath& field_of_path() {
  static const FieldOfPath kFieldOfPath = [] {
    FieldOfPath by_path;
    for (const Field& field : fields()) {
      if (field.origin == Origin::record && field.type != FieldType::text) {
        by_path.emplace(field.path, index_of(field));
      }
    }
    return by_path;
  }();
  return kFieldOfPath;
}

/// Whether a field answers for the leaf. It does not when the leaf's text is not in canonical form
/// or not of the field's type, or when a later leaf at the same path took its place.
bool stands_in_field(const Event& event, const Leaf& leaf) {
  static const FieldIndex kEventTime = field_index("event_time");
  const auto found = field_of_path().find(leaf.path);
  if (found == field_of_path().end()) return false;
  if (found->second == kEventTime) return leaf.value == format_time(event.time);
  const auto values = values_of(event, found->second);
  return std::ranges::find(values, leaf.value, &FieldValue::value) != values.end();
}

void add_words(std::string_view value, std::vector<std::string>& terms) {
  for (const auto& piece : pieces_of(value)) terms.push_back(piece_term(piece));
  for_each_identifier(value, [&](std::string_view identifier) {
    const Pieces pieces = pieces_of(identifier);
    if (pieces.size() >= 2) terms.push_back(identifier_term(pieces));
  });
}

}  // namespace

bool has_exact_terms(const Field& field) {
  static const FieldIndex kEventTime = field_index("event_time");
  return field.type != FieldType::text && index_of(field) != kEventTime;
}

std::string exact_term(const Field& field, std::string_view value) {
  return bounded(exact_text(field, value));
}

std::string leaf_term(std::string_view path, std::string_view value) {
  return bounded(leaf_text(path, value));
}

std::string piece_term(std::string_view piece) {
  return bounded("T" + std::string(piece));
}

std::string identifier_term(std::span<const std::string> pieces) {
  std::string text = "W";
  for (const auto& piece : pieces) {
    if (text.size() > 1) text += ' ';
    text += piece;
  }
  return bounded(std::move(text));
}

TermPrefix exact_term_prefix(const Field& field, std::string_view prefix) {
  return prefix_of(exact_text(field, prefix));
}

TermPrefix leaf_term_prefix(std::string_view path, std::string_view prefix) {
  return prefix_of(leaf_text(path, prefix));
}

TermPrefix piece_term_prefix(std::string_view prefix) {
  return prefix_of("T" + std::string(prefix));
}

bool is_hashed(std::string_view term) {
  return counted_bytes(term) == kMaxTermBytes;
}

LeafTerm split_leaf_term(std::string_view term) {
  const std::string_view text = term.substr(std::min<std::size_t>(1, term.size()));
  // Most paths have nothing escaped, and this is called for every leaf of a segment.
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return {text, {}};
  if (text.substr(0, equals).find('\\') == std::string_view::npos) {
    return {text.substr(0, equals), text.substr(equals + 1)};
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '=') return {text.substr(0, i), text.substr(i + 1)};
    if (text[i] == '\\') ++i;
  }
  return {text, {}};
}

std::vector<std::string> terms_of(const Event& event) {
  std::vector<std::string> terms;
  for (const auto& [field, value] : event.values) {
    if (has_exact_terms(field_at(field))) terms.push_back(exact_term(field_at(field), value));
  }
  for (const Leaf& leaf : event.leaves) {
    if (!stands_in_field(event, leaf)) terms.push_back(leaf_term(leaf.path, leaf.value));
    add_words(leaf.value, terms);
  }
  std::ranges::sort(terms);
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  return terms;
}

}  // namespace trailsift::store
