#include "tests/support/random_words.h"

#include <array>
#include <vector>

#include "schema/words.h"

namespace trailsift::test {
namespace {

/// With "\" before each character that is no letter or digit of ASCII.
std::string spelt(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = c < 0 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                       (c >= 'A' && c <= 'Z') || c == '.' || c == '_';
    if (!plain) out += '\\';
    out += c;
  }
  return out;
}

std::string quoted(std::string_view text) {
  std::string out(1, '"');
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

RandomWords::RandomWords(std::uint64_t seed, std::span<const Event> events)
    : random_(seed), events_(events) {}

/// One or two pieces of some leaf, as a word.
std::string RandomWords::word() {
  const auto& leaves = event().leaves;
  const Pieces pieces = pieces_of(leaves[below(leaves.size())].value);
  if (pieces.empty()) return "nothing";
  const std::size_t first = below(pieces.size());
  std::string out = pieces[first];
  if (first + 1 < pieces.size() && chance(30)) out += "." + pieces[first + 1];
  return chance(10) ? out + "x" : out;
}

std::string RandomWords::phrase(bool slop) {
  const auto& leaves = event().leaves;
  const Pieces pieces = pieces_of(leaves[below(leaves.size())].value);
  if (pieces.empty()) return "\"no thing\"";
  const std::size_t first = below(pieces.size());
  std::string text;
  const std::size_t end = std::min(pieces.size(), first + 1 + below(4));
  for (std::size_t at = first; at < end; ++at) {
    if (slop && at > first && at + 1 < end && chance(40)) continue;
    text += (text.empty() ? "" : " ") + pieces[at];
  }
  return "\"" + text + "\"" + (slop ? "~" + std::to_string(below(5)) : "");
}

std::string RandomWords::edits() {
  return chance(12) ? "~" + std::to_string(below(4)) : "";
}

std::string RandomWords::simple() {
  return chance(2) ? "*" : simple_clauses(0);
}

std::string RandomWords::simple_clauses(int depth) {
  constexpr std::array kJoints = {" ", " ", " +", " |", "|", " + "};
  std::string out;
  for (std::size_t count = 1 + below(4); count > 0; --count) {
    if (!out.empty()) out += kJoints.at(below(kJoints.size()));
    if (chance(20)) out += '-';
    if (depth < 3 && chance(20)) {
      out += "(" + simple_clauses(depth + 1) + ")";
    } else if (chance(25)) {
      out += phrase(chance(40));
    } else {
      std::string one = word();
      const bool cut = chance(25) && one.back() >= 0;
      if (cut && one.size() > 2) one.pop_back();
      out += spelt(one) + (cut ? "*" : edits());
    }
  }
  if (chance(5)) out += " )";
  return chance(5) ? out + " \"" : out;
}

std::string RandomWords::dismax() {
  constexpr std::array kSigns = {"", "", "", "+", "-"};
  std::string out;
  for (std::size_t count = 1 + below(5); count > 0; --count) {
    out += kSigns.at(below(kSigns.size())) + (chance(30) ? phrase(false) : word()) + " ";
  }
  return out;
}

std::string RandomWords::lucene() {
  return chance(2) ? "*:*" : lucene_clauses(0);
}

std::string RandomWords::lucene_clauses(int depth) {
  constexpr std::array kJoints = {" ", " AND ", " && ", " OR ", " OR ", " || ", " AND NOT "};
  constexpr std::array kSigns = {"", "", "", "+", "-", "!", "NOT "};
  std::string out;
  for (std::size_t count = 1 + below(4); count > 0; --count) {
    const char* joint = out.empty() ? "" : kJoints.at(below(kJoints.size()));
    out += joint;
    if (!std::string_view(joint).ends_with("NOT ")) out += kSigns.at(below(kSigns.size()));
    out += lucene_clause(depth);
  }
  return out;
}

std::string RandomWords::lucene_clause(int depth) {
  const std::string boost = chance(10) ? "^2.5" : "";
  if (depth < 3 && chance(20)) return "(" + lucene_clauses(depth + 1) + ")" + boost;
  if (chance(50)) return lucene_field() + boost;
  if (chance(30)) return phrase(chance(40)) + boost;
  const std::string one = word();
  const bool cut = chance(20) && one.back() >= 0 && one.size() > 2;
  return cut ? spelt(std::string_view(one).substr(0, one.size() - 1)) + "*"
             : spelt(one) + edits() + boost;
}

std::string RandomWords::lucene_field() {
  const Event& from = event();
  const FieldValue& value = from.values[below(from.values.size())];
  const Field& field = field_at(value.field);
  const std::string name = std::string(field.name) + ":";
  if (chance(10)) return name + "*";
  if (chance(20)) {
    const auto others = values_of(event(), value.field);
    const std::string& other = others.empty() ? value.value : others.front().value;
    return name + (chance(50) ? "[" : "{") + (chance(20) ? "*" : quoted(value.value)) + " TO " +
           (chance(20) ? "*" : quoted(other)) + (chance(50) ? "]" : "}");
  }
  if (chance(20)) {
    return name + "(" + lucene_value(field, value.value) + " OR " +
           lucene_value(field, value.value) + ")";
  }
  return name + lucene_value(field, value.value);
}

std::string RandomWords::lucene_value(const Field& field, const std::string& value) {
  const bool whole_text = field.type == FieldType::keyword || field.type == FieldType::ip;
  if (whole_text && chance(40) && value.front() >= 0 && value.back() >= 0) {
    return chance(50) ? spelt(value.substr(0, 1)) + "*"
                      : "*" + spelt(value.substr(value.size() - 1));
  }
  return chance(50) ? spelt(value) : quoted(value);
}

}  // namespace trailsift::test
