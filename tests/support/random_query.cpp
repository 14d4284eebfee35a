#include "tests/support/random_query.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <compare>
#include <utility>

#include "query/lexer.h"
#include "query/quote.h"
#include "schema/utf8.h"
#include "schema/words.h"

namespace trailsift::test {
namespace {

using query::escaped;
using query::is_bare_name;

std::string string_of(std::string_view text) {
  return escaped(text, '\'');
}

/// As an operand of the field's type.
std::string operand_of(const Field& field, std::string_view value) {
  return field.type == FieldType::integer ? std::string(value) : string_of(value);
}

/// A leaf that can be asked for by its path and has no field of its own.
bool is_free_leaf(const Leaf& leaf) {
  return find_field(leaf.path) == nullptr && is_leaf_path(leaf.path);
}

/// The time moved by a distance, or the same where four digits of a year would not do.
std::string moved(Timestamp time, int distance_ms) {
  const std::string text = format_time(time + std::chrono::milliseconds(distance_ms));
  return parse_time(text) ? text : format_time(time);
}

}  // namespace

RandomQuery::RandomQuery(std::uint64_t seed, std::span<const Event> events)
    : random_(seed), events_(events) {}

std::string RandomQuery::next() {
  return space() + expression(0) + space();
}

/// std::uniform_int_distribution is not the same in every library; a seed must be.
std::size_t RandomQuery::below(std::size_t count) {
  return static_cast<std::size_t>(random_() % count);
}

const Leaf& RandomQuery::leaf() {
  const Event& chosen = event();
  return chosen.leaves[below(chosen.leaves.size())];
}

std::string RandomQuery::expression(int depth) {
  constexpr int kDeepest = 4;
  if (chance(2)) return chance(50) ? "matchall" : "(matchall)";
  if (depth == 0 && chance(5)) return scoped_group();
  return depth < kDeepest && chance(60 - 10 * depth) ? group(depth) : condition();
}

std::string RandomQuery::group(int depth) {
  if (chance(25)) return "(not" + boost() + " " + expression(depth + 1) + space() + ")";
  std::string out = chance(50) ? "(and" : "(or";
  out += boost();
  for (std::size_t children = 1 + below(4); children > 0; --children) {
    const std::string child = expression(depth + 1);
    // Before a bracket or a quote no space is needed, except that a name must not run on.
    if (child.front() != '(' || chance(50)) out += ' ';
    out += child;
  }
  return out + space() + ")";
}

/// A group whose field= serves the strings inside.
std::string RandomQuery::scoped_group() {
  const Leaf& from = leaf();
  const auto pieces = run_of_pieces(from, 2);
  constexpr std::array kGroups = {"(and", "(or", "(not"};
  const std::size_t op = below(kGroups.size());
  std::string out = std::string(kGroups.at(op)) + field_option(text_field_of(from)) + " ";
  out += string_of(pieces.front());
  if (op < 2) out += string_of(pieces.back()) + "(phrase " + string_of(pieces.front()) + ")";
  return out + ")";
}

std::string RandomQuery::condition() {
  switch (below(12)) {
    case 0:
    case 1:
    case 2:
    case 3: return field_condition();
    case 4:
    case 5: return leaf_condition();
    case 6: return time_condition();
    case 7:
    case 8: return words_condition();
    case 9:
    case 10: return pieces_condition();
    default: return text_prefix_condition();
  }
}

/// An exact, prefix or range condition on any field that is not text.
std::string RandomQuery::field_condition() {
  const Event& chosen = event();
  const FieldValue& from = chosen.values[below(chosen.values.size())];
  const Field& field = field_at(from.field);
  if (from.field == event_time_field()) return time_condition();
  const std::string name = field_name(field);
  const bool text = field.type == FieldType::text;
  if (text && chance(40)) return wildcard(name, from.value);
  const bool has_prefix = field.type == FieldType::keyword || field.type == FieldType::ip;
  if (text || chance(25)) {
    const auto others = values_of(event(), from.field);
    const std::string& other = others.empty() ? from.value : others.front().value;
    std::string low = value_near(field, from.value);
    std::string high = value_near(field, other);
    if (std::is_gt(compare_values(field.type, low, high)) && chance(90)) std::swap(low, high);
    return range(name, operand_of(field, low), operand_of(field, high));
  }
  if (has_prefix && chance(30)) {
    return chance(50) ? prefix(name, from.value) : wildcard(name, from.value);
  }
  return equals(name, operand_of(field, value_near(field, from.value)));
}

std::string RandomQuery::leaf_condition() {
  const Event& chosen = event();
  std::vector<const Leaf*> free;
  for (const Leaf& candidate : chosen.leaves) {
    if (is_free_leaf(candidate)) free.push_back(&candidate);
  }
  if (free.empty()) return field_condition();
  const Leaf& from = *free[below(free.size())];
  if (chance(20)) return prefix(from.path, from.value);
  if (chance(20)) return wildcard(from.path, from.value);
  if (chance(20)) {
    const std::string& other = free[below(free.size())]->value;
    const auto [low, high] = std::minmax(from.value, other);
    return range(from.path, string_of(low), string_of(high));
  }
  return equals(from.path, string_of(chance(25) ? changed(from.value) : from.value));
}

std::string RandomQuery::time_condition() {
  const std::string name = field_name(field_at(event_time_field()));
  const Timestamp a = event().time;
  if (chance(25)) return equals(name, time_near(a));
  const Timestamp b = event().time;
  return range(name, time_near(std::min(a, b)), time_near(std::max(a, b)));
}

/// The name of an account, which a bare word finds as it does what stands in the record.
std::string RandomQuery::account_words() {
  static const FieldIndex kAccountName = field_index("account_name");
  const auto name = value_of(event(), kAccountName);
  return name ? std::string(*name) + " " : "";
}

/// Words of one event, or of several, in any field or in one.
std::string RandomQuery::words_condition() {
  if (chance(3)) return string_of("-- /");
  const Leaf& first = leaf();
  std::string text = chance(10) ? account_words() : "";
  for (std::size_t words = 1 + below(3); words > 0; --words) {
    const Leaf& from = chance(80) ? first : leaf();
    // A stretch as it stands in the record keeps its punctuation.
    const auto pieces = run_of_pieces(from, 3);
    const bool whole = chance(40) && from.value.size() < 200;
    for (const auto& piece : pieces) text += whole ? "" : piece + (chance(70) ? "." : " ");
    text += whole ? from.value : "";
    text += ' ';
  }
  if (chance(15)) text = changed(std::move(text));
  const std::string operand = string_of(recased(std::move(text)));
  return chance(50) ? operand : equals(text_field_of(first), operand);
}

std::string RandomQuery::pieces_condition() {
  const Leaf& from = leaf();
  auto pieces = run_of_pieces(from, 4);
  const bool near = chance(50);
  if (near && pieces.size() > 2) pieces.erase(pieces.begin() + 1);  // A gap.
  if (near && chance(50)) std::ranges::reverse(pieces);
  std::string text;
  for (const auto& piece : pieces) text += piece + (chance(80) ? " " : "-");
  if (chance(10)) text = changed(std::move(text));
  std::string out = near ? "(near" : "(phrase";
  if (chance(60)) out += field_option(text_field_of(from));
  if (near && chance(80)) out += " distance=" + std::to_string(1 + below(5));
  return out + boost() + " " + string_of(recased(std::move(text))) + ")";
}

std::string RandomQuery::text_prefix_condition() {
  const Leaf& from = leaf();
  auto pieces = run_of_pieces(from, 3);
  // The pieces come folded, so cutting one may end inside a character: cut only ASCII.
  std::string& last = pieces.back();
  const bool ascii = std::ranges::all_of(last, [](char c) { return c >= 0; });
  if (ascii) last.resize(1 + below(last.size()));
  std::string text;
  for (const auto& piece : pieces) text += (text.empty() ? "" : " ") + piece;
  std::string out = "(prefix";
  if (chance(60)) out += field_option(text_field_of(from));
  return out + " " + string_of(recased(std::move(text))) + ")";
}

std::string RandomQuery::equals(std::string_view name, const std::string& operand) {
  if (is_bare_name(name) && chance(70)) {
    return std::string(name) + space() + ":" + space() + operand;
  }
  return "(term" + field_option(name) + boost() + " " + operand + ")";
}

std::string RandomQuery::prefix(std::string_view name, std::string_view value) {
  std::size_t size = 1 + below(value.size());
  while (size < value.size() && continues_character(value[size])) ++size;
  const std::string head(value.substr(0, size));
  return "(prefix" + boost() + field_option(name) + " " +
         string_of(chance(15) ? changed(head) : head) + ")";
}

std::string RandomQuery::wildcard(std::string_view name, std::string_view value) {
  // Only whole characters of one byte are replaced.
  std::string pattern;
  for (const char c : value) {
    const std::size_t roll = c >= 0 ? below(20) : 2;
    if (roll == 0) pattern += '*';
    if (roll == 1) pattern += '?';
    if (roll < 2 && (roll == 1 || chance(50))) continue;
    if (c == '*' || c == '?' || c == '\\') pattern += '\\';
    pattern += c;
  }
  if (chance(30)) pattern = '*' + pattern;
  if (pattern.empty() || chance(30)) pattern += '*';
  return "(wildcard" + boost() + field_option(name) + " " + string_of(pattern) + ")";
}

std::string RandomQuery::range(std::string_view name, const std::string& a, const std::string& b) {
  const bool low = chance(85);
  const bool high = chance(85);
  std::string out(low && chance(60) ? "[" : "{");
  const bool inclusive = high && chance(60);
  out += (low ? a : "") + space() + "," + space() + (high ? b : "") + (inclusive ? "]" : "}");
  if (is_bare_name(name) && chance(70)) return std::string(name) + ":" + out;
  return "(range" + field_option(name) + boost() + space() + out + ")";
}

std::string RandomQuery::field_option(std::string_view name) {
  const std::size_t quotes = is_bare_name(name) ? below(3) : 1 + below(2);
  if (quotes == 0) return " field=" + std::string(name);
  return " field=" + escaped(name, quotes == 1 ? '\'' : '"');
}

std::string RandomQuery::boost() {
  constexpr std::array kBoosts = {" boost=2", " boost=0.5", " boost='3'", " boost=1e2"};
  return chance(90) ? "" : kBoosts.at(below(kBoosts.size()));
}

std::string RandomQuery::space() {
  return chance(90) ? "" : chance(50) ? " " : "\n\t ";
}

/// Any of the names that the field goes by.
std::string RandomQuery::field_name(const Field& field) {
  if (!field.path.empty() && chance(20)) return std::string(field.path);
  const std::size_t end = field.aliases.find(' ');
  if (!field.aliases.empty() && chance(20)) return std::string(field.aliases.substr(0, end));
  return std::string(field.name);
}

/// A text field that has the leaf's words; sometimes one that has not.
std::string RandomQuery::text_field_of(const Leaf& from) {
  std::vector<const Field*> candidates;
  for (const Field& field : fields()) {
    if (field.type != FieldType::text) continue;
    const bool has =
        field.origin == Origin::subtree ? in_subtree(field, from) : field.path == from.path;
    if (has || chance(5)) candidates.push_back(&field);
  }
  return field_name(*candidates[below(candidates.size())]);
}

/// A small change that makes most values miss and some hit others.
std::string RandomQuery::changed(std::string value) {
  switch (below(4)) {
    case 0: return value + "x";
    case 1: return "q" + value;
    case 2: return recased(std::move(value));
    default: break;
  }
  const bool ascii = std::ranges::all_of(value, [](char c) { return c >= 0; });
  if (ascii && value.size() > 1) value.pop_back();
  return value;
}

std::string RandomQuery::recased(std::string text) {
  if (chance(60)) return text;
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

/// The value, or one beside it that is still of the field's type.
std::string RandomQuery::value_near(const Field& field, const std::string& value) {
  if (chance(70)) return value;
  switch (field.type) {
    case FieldType::boolean: return value == "true" ? "false" : "true";
    case FieldType::integer: {
      const long long number = std::stoll(value);
      return std::to_string(number > 0 ? number - 1 : number + 1);
    }
    case FieldType::time: return moved(*parse_time(value), -1);
    case FieldType::keyword:
    case FieldType::text:
    case FieldType::ip: break;
  }
  return changed(value);
}

std::string RandomQuery::time_near(Timestamp time) {
  constexpr std::array<int, 5> kDistances = {0, 0, 1, -1, 1000};
  std::string text = moved(time, kDistances.at(below(kDistances.size())));
  if (chance(10) && text.ends_with("Z")) text.replace(text.size() - 1, 1, "+00:00");
  return string_of(text);
}

/// At least one and at most `most` consecutive pieces of the leaf's value.
std::vector<std::string> RandomQuery::run_of_pieces(const Leaf& from, std::size_t most) {
  const Pieces all = pieces_of(from.value);
  if (all.empty()) return {"nothing"};
  const std::size_t size = 1 + below(std::min(most, all.size()));
  const std::size_t begin = below(all.size() - size + 1);
  return {all.begin() + static_cast<std::ptrdiff_t>(begin),
          all.begin() + static_cast<std::ptrdiff_t>(begin + size)};
}

}  // namespace trailsift::test
