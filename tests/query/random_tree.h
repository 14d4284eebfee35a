#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "query/tree.h"
#include "schema/event.h"
#include "schema/utf8.h"
#include "schema/words.h"

namespace trailsift::query {

/// Makes random trees about given events, with nodes and targets that no syntax reaches too.
/// The same seed and events give the same trees. Borrows the events.
class RandomTree {
 public:
  RandomTree(std::uint64_t seed, std::span<const Event> events) : random_(seed), events_(events) {}

  Tree next() { return tree(0); }

 private:
  Tree tree(int depth) {
    constexpr int kDeepest = 4;
    if (depth == kDeepest || chance(40)) return condition();
    switch (below(3)) {
      case 0: return Tree{AllOf{children(depth)}};
      case 1: return Tree{AnyOf{children(depth)}};
      default: return Tree{Not{std::make_unique<Tree>(tree(depth + 1))}};
    }
  }

  std::vector<Tree> children(int depth) {
    std::vector<Tree> children;
    for (std::size_t count = 1 + below(4); count > 0; --count) children.push_back(tree(depth + 1));
    return children;
  }

  Tree condition() {
    switch (below(26)) {
      case 24:
      case 25: return fuzzy();
      case 16:
      case 17:
      case 18: return like();
      case 19:
      case 20: return found();
      case 21: return in_network();
      case 22: return same_value();
      case 23: return number_range();
      case 0: return chance(50) ? Tree{Everything{}} : Tree{Nothing{}};
      case 1: return time_range();
      case 2:
      case 3:
      case 4: return equals();
      case 5:
      case 6: return starts_with();
      case 7:
      case 8: return between();
      case 9:
      case 10:
      case 11:
      case 12:
      case 13: return phrase();
      default: return near();
    }
  }

  Tree time_range() {
    const auto bound = [&]() -> std::optional<Timestamp> {
      if (chance(20)) return std::nullopt;
      return event().time + std::chrono::milliseconds(static_cast<int>(below(3)) - 1);
    };
    const auto from = bound();
    return Tree{InTime{from, bound()}};
  }

  /// A target that some event has a value for, and that value.
  std::pair<Target, std::string> target_and_value() {
    while (true) {
      const Event& from = event();
      if (chance(70)) {
        const FieldValue& value = from.values[below(from.values.size())];
        if (value.field != event_time_field()) return {value.field, value.value};
        continue;
      }
      const Leaf& leaf = from.leaves[below(from.leaves.size())];
      const Field* field = find_field(leaf.path);
      // A path of a field is asked for through the field, but for text.
      if (field == nullptr || field->type == FieldType::text) {
        return {LeafPath{leaf.path}, leaf.value};
      }
    }
  }

  std::string changed(std::string value) {
    if (chance(70) || value.empty()) return value;
    if (chance(50)) return value + "z";
    value.pop_back();
    return value;
  }

  Tree equals() {
    if (chance(5)) return Tree{Equals{event_time_field(), format_time(event().time)}};
    auto [target, value] = target_and_value();
    if (chance(50)) return any_case_equals(std::move(target), changed(std::move(value)));
    return Tree{Equals{std::move(target), changed(std::move(value))}};
  }

  Tree starts_with() {
    if (chance(5)) {
      return Tree{
          StartsWith{event_time_field(), format_time(event().time).substr(0, 15 + below(10))}};
    }
    auto [target, value] = target_and_value();
    // The whole of a long value every other time: that is what terms cannot hold.
    if (chance(50)) value.resize(below(value.size() + 1));
    return Tree{StartsWith{std::move(target), changed(std::move(value))}};
  }

  Tree any_case_equals(Target target, std::string value) {
    return Tree{Equals{std::move(target), fold(recased(std::move(value))), LetterCase::any}};
  }

  /// A target and a value, or a subtree and the value of a leaf that is in it or not.
  std::pair<Target, std::string> text_and_value() {
    if (chance(5)) return {event_time_field(), format_time(event().time)};
    if (chance(60)) return target_and_value();
    const Event& from = event();
    const auto account = value_of(from, field_index("account_name"));
    if (account && chance(10)) return {field_index("raw"), std::string(*account)};
    return {subtree(), from.leaves[below(from.leaves.size())].value};
  }

  Tree like() {
    auto [target, value] = text_and_value();
    const auto letters = chance(50) ? LetterCase::any : LetterCase::exact;
    const auto extent = chance(50) ? Extent::part : Extent::whole;
    if (chance(50)) value = some_of(value);
    std::string pattern = pattern_of(changed(std::move(value)));
    if (chance(30)) pattern.insert(0, "*");
    if (chance(30)) pattern += '*';
    if (letters == LetterCase::any) pattern = recased(std::move(pattern));
    return Tree{Like{std::move(target), Wildcard(pattern, letters, extent)}};
  }

  Tree found() {
    constexpr std::array<std::string_view, 6> kExpressions = {
        "^[a-z]+$", R"(\d{4}-\d{2})", "(alice|bob)", "^arn:", "s3.*com", "[0-9a-f]{8}-"};
    auto [target, value] = text_and_value();
    std::string expression(kExpressions.at(below(kExpressions.size())));
    if (chance(60)) expression = expression_of(some_of(recased(changed(std::move(value)))));
    const auto letters = chance(50) ? LetterCase::any : LetterCase::exact;
    auto compiled = RegularExpression::compile(expression, letters);
    if (!compiled) return found();
    return Tree{Found{std::move(target), std::move(*compiled)}};
  }

  /// The text as an expression for it, with dots for some of its characters.
  std::string expression_of(std::string_view text) {
    std::string expression;
    for (const char c : text) {
      const bool ascii = c >= 0;
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (ascii && chance(10)) {
        expression += chance(50) ? "." : ".*";
      } else {
        if (ascii && !plain) expression += '\\';
        expression += c;
      }
    }
    return expression;
  }

  Tree in_network() {
    constexpr std::array<std::string_view, 5> kNetworks = {"0.0.0.0/0", "198.51.100.0/24", "::/0",
                                                           "2001:db8::/32", "203.0.0.0/9"};
    auto [target, value] = target_and_value();
    if (chance(70)) target = field_index("source_ip_address");
    std::string text(kNetworks.at(below(kNetworks.size())));
    const auto address = value_of(event(), field_index("source_ip_address"));
    if (address && chance(60)) text = *address;
    if (address && chance(50)) text = std::string(*address) + "/" + std::to_string(below(33));
    const auto network = Network::parse(text);
    return network ? Tree{InNetwork{std::move(target), *network}} : in_network();
  }

  Tree same_value() {
    auto [one, value] = target_and_value();
    auto [other, same] = target_and_value();
    for (int tries = 0; tries < 50 && fold(same) != fold(value); ++tries) {
      std::tie(other, same) = target_and_value();
    }
    if (chance(5)) other = event_time_field();
    const auto letters = chance(50) ? LetterCase::any : LetterCase::exact;
    return Tree{SameValue{std::move(one), std::move(other), letters}};
  }

  Tree number_range() {
    Between between{LeafPath{"requestParameters.maxResults"}, std::nullopt, std::nullopt, true};
    for (int tries = 0; tries < 20; ++tries) {
      const Event& from = event();
      const Leaf& leaf = from.leaves[below(from.leaves.size())];
      if (leaf.value.find_first_not_of("0123456789.-") == std::string::npos) {
        between.target = LeafPath{leaf.path};
        between.low = Between::Bound{leaf.value, chance(50)};
        break;
      }
    }
    if (!between.low || chance(50)) {
      between.high = Between::Bound{std::to_string(below(3000)), chance(50)};
    }
    if (chance(30)) std::swap(between.low, between.high);
    return Tree{std::move(between)};
  }

  /// A stretch of the text that does not cut its characters.
  std::string some_of(const std::string& text) {
    const auto is_inside = [&](std::size_t at) {
      return at < text.size() && continues_character(text[at]);
    };
    std::size_t begin = below(text.size() + 1);
    std::size_t end = begin + below(std::min<std::size_t>(text.size() - begin, 30) + 1);
    while (is_inside(begin)) --begin;
    while (is_inside(end)) ++end;
    return text.substr(begin, end - begin);
  }

  std::string recased(std::string text) {
    for (char& c : text) {
      if (chance(50)) continue;
      if (c >= 'a' && c <= 'z')
        c = static_cast<char>(c - 'a' + 'A');
      else if (c >= 'A' && c <= 'Z')
        c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
  }

  /// The value with some stretches of it, or nothing, turned into `*`, and some bytes into `?`.
  std::string pattern_of(const std::string& value) {
    std::string pattern;
    for (std::size_t at = 0; at < value.size();) {
      const bool ascii = value[at] >= 0;
      if (ascii && chance(8)) {
        pattern += '*';
        at += below(value.size() - at + 1);
      } else if (ascii && chance(5)) {
        pattern += '?';
        ++at;
      } else {
        if (value[at] == '*' || value[at] == '?' || value[at] == '\\') pattern += '\\';
        pattern += value[at++];
      }
    }
    return chance(20) ? pattern + '*' : pattern;
  }

  Tree between() {
    auto [target, value] = target_and_value();
    auto [other_target, other] = target_and_value();
    for (int tries = 0; tries < 20 && other_target != target; ++tries) {
      std::tie(other_target, other) = target_and_value();
    }
    if (other_target != target) other = value;
    const bool free_text = std::holds_alternative<LeafPath>(target) ||
                           field_at(std::get<FieldIndex>(target)).type == FieldType::keyword;
    Between between{std::move(target), std::nullopt, std::nullopt};
    if (chance(85)) between.low = Between::Bound{free_text ? changed(value) : value, chance(50)};
    if (chance(85)) between.high = Between::Bound{free_text ? changed(other) : other, chance(50)};
    return Tree{std::move(between)};
  }

  /// Consecutive pieces of a value, and a field that has it or has not.
  std::pair<FieldIndex, Pieces> field_and_pieces(std::size_t most) {
    while (true) {
      const Event& from = event();
      const bool of_field = chance(40);
      const FieldValue& value = from.values[below(from.values.size())];
      const Leaf& leaf = from.leaves[below(from.leaves.size())];
      const Pieces all = pieces_of(of_field ? value.value : leaf.value);
      if (all.empty() || (of_field && value.field == event_time_field())) continue;
      const std::size_t size = 1 + below(std::min(most, all.size()));
      const std::size_t begin = below(all.size() - size + 1);
      const auto first = all.begin() + static_cast<std::ptrdiff_t>(begin);
      Pieces pieces(first, first + static_cast<std::ptrdiff_t>(size));
      if (chance(10)) pieces.back() += "z";
      if (of_field && field_at(value.field).join.in_raw && chance(50)) {
        return {field_index("raw"), std::move(pieces)};
      }
      return {of_field ? value.field : subtree(), std::move(pieces)};
    }
  }

  FieldIndex subtree() {
    if (chance(60)) return field_index("raw");
    std::vector<FieldIndex> subtrees;
    for (const Field& field : fields()) {
      if (field.origin == Origin::subtree) subtrees.push_back(index_of(field));
    }
    return subtrees[below(subtrees.size())];
  }

  Tree phrase() {
    auto [field, pieces] = field_and_pieces(4);
    const bool open_end = chance(40);
    if (open_end) pieces.back().resize(1 + below(pieces.back().size()));
    return Tree{Phrase{field, std::move(pieces), open_end}};
  }

  /// A piece of some event, or a whole value, after some edits.
  Tree fuzzy() {
    const auto edits = static_cast<std::uint32_t>(1 + below(2));
    auto [target, text] = target_and_value();
    if (const auto* field = std::get_if<FieldIndex>(&target);
        chance(70) || (field != nullptr && field_at(*field).type == FieldType::text)) {
      auto [words, pieces] = field_and_pieces(1);
      target = field_at(words).type == FieldType::text ? words : field_index("raw");
      text = std::move(pieces.front());
    }
    for (std::size_t count = below(edits + 2U); count > 0 && !text.empty(); --count) {
      const std::size_t at = below(text.size());
      if (text[at] < 0 || (at + 1 < text.size() && text[at + 1] < 0)) continue;
      switch (below(4)) {
        case 0: text.insert(at, 1, 'q'); break;
        case 1: text.erase(at, 1); break;
        case 2: text[at] = 'a'; break;
        default: std::swap(text[at], text[std::min(at + 1, text.size() - 1)]);
      }
    }
    if (text.empty()) text = "e";
    return Tree{Fuzzy{std::move(target), FuzzyText(std::move(text), edits)}};
  }

  Tree near() {
    auto [field, pieces] = field_and_pieces(5);
    if (pieces.size() > 2 && chance(60)) pieces.erase(pieces.begin() + 1);
    if (chance(50)) std::ranges::reverse(pieces);
    if (chance(10)) pieces.push_back(pieces.front());
    return Tree{Near{field, std::move(pieces), below(5)}};
  }

  std::size_t below(std::size_t count) { return static_cast<std::size_t>(random_() % count); }
  bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }
  const Event& event() { return events_[below(events_.size())]; }

  std::mt19937_64 random_;
  std::span<const Event> events_;
};

}  // namespace trailsift::query
