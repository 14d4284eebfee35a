#include <array>
#include <cstdio>
#include <utility>
#include <vector>

#include "query/overloaded.h"
#include "query/translate.h"
#include "query/translate_parts.h"
#include "schema/utf8.h"

namespace trailsift::query {
namespace {

using Written = Result<std::string>;

constexpr std::string_view kLanguage = "Sigma";

tl::unexpected<Error> cannot(const std::string& what) {
  return cannot_say(kLanguage, what);
}

/// A scalar that no reader takes for anything but this text.
std::string yaml(std::string_view text) {
  const bool plain = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  if (plain) return with_doubled_quotes(text);
  std::string quoted = "\"";
  while (!text.empty()) {
    const Character character = first_character(text);
    const auto point = static_cast<unsigned>(character.code_point);
    text.remove_prefix(character.size);
    if (point >= ' ' && point <= '~') {
      if (point == '"' || point == '\\') quoted += '\\';
      quoted += static_cast<char>(point);
      continue;
    }
    std::array<char, 12> escape{};
    std::snprintf(escape.data(), escape.size(), point > 0xFFFF ? "\\U%08X" : "\\u%04X", point);
    quoted += escape.data();
  }
  return quoted + "\"";
}

/// A rule as it is put together.
class Rule {
 public:
  Written condition_of(const Tree& tree) {
    return std::visit(
        Overloaded{
            [](const Everything&) -> Written { return cannot("a rule that everything answers"); },
            [](const Nothing&) -> Written { return cannot("a rule that nothing answers"); },
            [](const Found& found) -> Written {
              return cannot("the regular expression for '" + name_of(found.target) +
                            "', which its readers take for the whole value or for a part of it");
            },
            [](const InTime&) -> Written { return cannot("a time"); },
            [](const Phrase& phrase) -> Written { return words(phrase.field); },
            [](const Near& near) -> Written { return words(near.field); },
            [](const Fuzzy&) -> Written { return cannot("a word that may be spelt differently"); },
            [&](const AllOf& all) { return group(" and ", all.children); },
            [&](const AnyOf& any) { return any_of(any.children); },
            [&](const Not& negation) -> Written {
              auto child = condition_of(*negation.child);
              return child ? "not " + *child : child;
            },
            [&](const auto& condition) { return selection(condition); },
        },
        tree.kind);
  }

  std::string text(const std::string& condition) const {
    return "title: Trailsift query\nstatus: experimental\nlogsource:\n  product: aws\n"
           "  service: cloudtrail\ndetection:\n" +
           selections_ + "  condition: " + condition + "\n";
  }

 private:
  static tl::unexpected<Error> words(FieldIndex field) {
    return cannot("words of '" + std::string(field_at(field).name) + "'");
  }

  /// The name of a value in a record.
  static Written key_of(const Target& target) {
    const Field* const field = field_of(target);
    if (field == nullptr) return std::get<LeafPath>(target).path;
    const bool in_record = field->origin == Origin::record && !field->path.empty();
    if (in_record) return std::string(field->path);
    return cannot("the field '" + name_of(target) + "', which no record has");
  }

  /// Where case counts, Sigma wants it said.
  static std::string cased(const Target& target, LetterCase letters, std::string_view value) {
    const Field* const field = field_of(target);
    const bool flag = field != nullptr && field->type == FieldType::boolean;
    return letters == LetterCase::exact && has_letters(value) && !flag ? "|cased" : "";
  }

  static std::string literal(std::string_view text) {
    std::string value;
    for (const char c : text) {
      if (c == '*' || c == '?' || c == '\\') value += '\\';
      value += c;
    }
    return value;
  }

  /// Adds a selection of these rows; its name.
  Written add(const std::vector<std::pair<std::string, std::string>>& rows) {
    const std::string name = "selection" + std::to_string(++count_);
    selections_ += "  " + name + ":\n";
    for (const auto& [key, value] : rows) selections_ += "    " + yaml(key) + ": " + value + "\n";
    return name;
  }

  Written add(const Target& target, const std::string& modifiers, const std::string& value) {
    auto key = key_of(target);
    if (!key) return key;
    return add({{*key + modifiers, value}});
  }

  Written selection(const Equals& equals) {
    const Field* const field = field_of(equals.target);
    if (field != nullptr && field->type == FieldType::time) {
      return cannot("the time '" + name_of(equals.target) + "'");
    }
    const bool number = field != nullptr && field->type == FieldType::integer;
    return add(equals.target, cased(equals.target, equals.letters, equals.value),
               number ? equals.value : yaml(literal(equals.value)));
  }

  Written selection(const StartsWith& starts) {
    if (starts.prefix.empty()) return cannot("an empty beginning");
    return add(starts.target,
               "|startswith" + cased(starts.target, LetterCase::exact, starts.prefix),
               yaml(literal(starts.prefix)));
  }

  Written selection(const Like& like) {
    const Wildcard& pattern = like.pattern;
    if (pattern.extent() == Extent::part) {
      return cannot("a pattern for words of '" + name_of(like.target) + "'");
    }
    std::string value;
    walk_pattern(
        pattern.pattern(), [&](char c) { value += literal(std::string_view(&c, 1)); },
        [&] { value += '*'; }, [&] { value += '?'; });
    return add(like.target, cased(like.target, pattern.letters(), pattern.pattern()), yaml(value));
  }

  Written selection(const InNetwork& in) {
    return add(in.target, "|cidr", yaml(in.network.to_string()));
  }

  Written selection(const SameValue& same) {
    if (same.letters == LetterCase::exact) {
      return cannot("a comparison of '" + name_of(same.one) + "' and '" + name_of(same.other) +
                    "' in which case counts");
    }
    auto other = key_of(same.other);
    if (!other) return other;
    return add(same.one, "|fieldref", yaml(*other));
  }

  Written selection(const Between& between) {
    if (!between.low && !between.high) return add(between.target, "|exists", "true");
    const Field* const field = field_of(between.target);
    if (field == nullptr || field->type != FieldType::integer) {
      return cannot("an order of '" + name_of(between.target) + "'");
    }
    auto key = key_of(between.target);
    if (!key) return key;
    std::vector<std::pair<std::string, std::string>> rows;
    const auto bound = [&](const auto& value, const char* closed, const char* open) {
      if (value) rows.emplace_back(*key + (value->inclusive ? closed : open), value->value);
    };
    bound(between.low, "|gte", "|gt");
    bound(between.high, "|lte", "|lt");
    return add(rows);
  }

  /// Values of one field are a list.
  Written any_of(const std::vector<Tree>& children) {
    const auto* const first = std::get_if<Equals>(&children.front().kind);
    const bool same = first != nullptr && field_of(first->target) != nullptr &&
                      field_of(first->target)->type == FieldType::keyword &&
                      std::ranges::all_of(children, [&](const Tree& child) {
                        const auto* const equals = std::get_if<Equals>(&child.kind);
                        return equals != nullptr && equals->target == first->target &&
                               equals->letters == first->letters;
                      });
    if (!same || children.size() == 1) return group(" or ", children);
    std::string list = "[";
    std::string letters;  // One value of the list with letters is enough.
    for (const Tree& child : children) {
      const auto& equals = std::get<Equals>(child.kind);
      list += (list.size() == 1 ? "" : ", ") + yaml(literal(equals.value));
      letters += equals.value;
    }
    return add(first->target, cased(first->target, first->letters, letters), list + "]");
  }

  Written group(std::string_view between, const std::vector<Tree>& children) {
    std::string condition;
    for (const Tree& child : children) {
      auto part = condition_of(child);
      if (!part) return part;
      condition += (condition.empty() ? "" : std::string(between)) + *part;
    }
    return children.size() == 1 ? condition : "(" + condition + ")";
  }

  std::string selections_;
  std::size_t count_ = 0;
};

}  // namespace

Result<std::string> to_sigma(const Tree& tree) {
  if (auto good = check_text(kLanguage, tree); !good) return tl::unexpected(good.error());
  Rule rule;
  auto condition = rule.condition_of(tree);
  if (!condition) return condition;
  return rule.text(*condition);
}

}  // namespace trailsift::query
