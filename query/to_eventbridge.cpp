#include <algorithm>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include "query/overloaded.h"
#include "query/translate.h"
#include "query/translate_parts.h"
#include "schema/flatten.h"
#include "schema/number.h"

namespace trailsift::query {
namespace {

constexpr std::string_view kLanguage = "EventBridge";

constexpr std::size_t kMostAlternatives = 100;
constexpr std::int64_t kLargestNumber = 5'000'000'000;  // AWS documents this for "numeric".

tl::unexpected<Error> cannot(const std::string& what) {
  return cannot_say(kLanguage, what);
}

std::string json_string(std::string_view text) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  return {buffer.GetString(), buffer.GetSize()};
}

/// What a value has to be like: an operator of EventBridge's and its JSON.
struct Matcher {
  std::string_view how;  // Empty: to be that JSON value.
  std::string json;
  LetterCase letters = LetterCase::exact;

  std::string operand() const {
    return letters == LetterCase::any ? R"({"equals-ignore-case":)" + json + "}" : json;
  }
  std::string text() const {
    return how.empty() ? operand() : "{" + json_string(how) + ":" + operand() + "}";
  }
  friend bool operator==(const Matcher&, const Matcher&) = default;
};

/// What the value at one path has to be like: one of the things that are set here.
struct Condition {
  bool absent = false;
  bool present = false;
  std::vector<Matcher> one_of;
  std::vector<Matcher> none_of;  // Of a value that is there. All work in the same way.

  bool is_presence() const { return *this == Condition{false, true, {}, {}}; }
  bool is_exclusion() const { return !present && one_of.empty() && !none_of.empty(); }
  friend bool operator==(const Condition&, const Condition&) = default;
};

/// Conditions by path, all of which have to hold.
using Alternative = std::map<std::string, Condition, std::less<>>;
/// One of which has to hold.
using Pattern = std::vector<Alternative>;

bool work_alike(const Matcher& one, const Matcher& other) {
  return one.how == other.how && one.letters == other.letters;
}

void append(std::vector<Matcher>& matchers, std::vector<Matcher> more) {
  std::ranges::move(more, std::back_inserter(matchers));
}

/// Whether `condition` could be made to say that both hold.
bool restrict(Condition& condition, Condition other) {
  if (condition == other || other.is_presence()) {
    condition.absent = condition.absent && !other.is_presence();
    return condition != Condition{};
  }
  if (condition.is_presence()) {
    std::swap(condition, other);
    return restrict(condition, std::move(other));
  }
  if (!condition.is_exclusion() || !other.is_exclusion()) return false;
  if (!work_alike(condition.none_of.front(), other.none_of.front())) return false;
  condition.absent = condition.absent && other.absent;
  append(condition.none_of, std::move(other.none_of));
  return true;
}

/// Whether `condition` could be made to say that one of them holds.
bool widen(Condition& condition, Condition other) {
  if (!condition.none_of.empty() && !other.none_of.empty()) return false;
  condition.absent |= other.absent;
  condition.present |= other.present;
  append(condition.one_of, std::move(other.one_of));
  append(condition.none_of, std::move(other.none_of));
  return true;
}

/// Whether the value may stand in a list, of which EventBridge asks less than a query does.
bool may_be_in_list(std::string_view path) {
  const auto field = field_of_path(path);
  return !field || field_at(*field).multi;
}

std::string path_of(const Target& target) {
  const Field* const field = field_of(target);
  return std::string(field != nullptr ? field->path : std::get<LeafPath>(target).path);
}

/// The object that holds both, unless that is one at the top of a record, which is never in a list.
bool share_element(std::string_view one, std::string_view other) {
  const auto [end, unused] = std::ranges::mismatch(one, other);
  const std::string_view common = one.substr(0, static_cast<std::size_t>(end - one.begin()));
  return common.starts_with("resources.") || std::ranges::count(common, '.') > 1;
}

tl::unexpected<Error> words(FieldIndex field) {
  return cannot("words of '" + std::string(field_at(field).name) + "'");
}

Matcher any_case(std::string_view text) {
  return {{}, json_string(text), LetterCase::any};
}

Condition presence(bool negated) {
  return {negated, !negated, {}, {}};
}

tl::unexpected<Error> foreign_letters() {
  return cannot("letters beyond ASCII of which the case does not count");
}

Result<std::string> number_of(const std::string& text) {
  const auto number = parse_number<std::int64_t>(text);
  if (number && *number <= kLargestNumber && *number >= -kLargestNumber) return text;
  return cannot("numbers beyond " + std::to_string(kLargestNumber));
}

Result<Condition> unless(bool negated, const Target& target, Matcher matcher) {
  if (!negated) return Condition{false, false, {std::move(matcher)}, {}};
  if (!matcher.how.empty() && matcher.letters == LetterCase::any) {
    return cannot("how '" + name_of(target) + "' must not begin or end, in whatever case");
  }
  if (may_be_in_list(path_of(target))) {
    return cannot("what '" + name_of(target) + "' must not be, as it may be a list");
  }
  return Condition{true, false, {}, {std::move(matcher)}};
}

/// A leaf may be a number or a boolean of JSON as well as a text.
Result<Condition> or_literal(Condition condition, const std::string& value) {
  const auto number = parse_number<std::int64_t>(value);
  const bool is_integer = number && std::to_string(*number) == value;
  if (!is_integer && parse_number<double>(value)) {
    return cannot("the number '" + value + "', which has more than one spelling");
  }
  if (is_integer) {
    if (auto good = number_of(value); !good) return tl::unexpected(good.error());
  }
  if (is_integer || value == "true" || value == "false") condition.one_of.push_back({{}, value});
  return condition;
}

Result<Condition> condition_of(const Equals& equals, bool negated) {
  const Field* const field = field_of(equals.target);
  if (field != nullptr && field->type == FieldType::boolean) {
    // Records have booleans as such, and now and then as texts.
    const bool wanted = (equals.value == "true") != negated;
    const std::string word = wanted ? "true" : "false";
    return Condition{negated, false, {{{}, word}, any_case(word)}, {}};
  }
  if (field != nullptr && field->type == FieldType::integer) {
    auto number = number_of(equals.value);
    if (!number) return tl::unexpected(number.error());
    return unless(negated, equals.target, {{}, std::move(*number)});
  }
  if (field != nullptr && field->type == FieldType::ip && is_ipv6(equals.value)) {
    return cannot("an address of IPv6, which has many spellings");
  }
  const LetterCase letters = has_letters(equals.value) ? equals.letters : LetterCase::exact;
  if (letters == LetterCase::any && !is_ascii(equals.value)) return foreign_letters();
  auto condition = unless(negated, equals.target, {{}, json_string(equals.value), letters});
  return condition && field == nullptr ? or_literal(std::move(*condition), equals.value)
                                       : condition;
}

Result<Condition> condition_of(const StartsWith& starts, bool negated) {
  return unless(negated, starts.target, {"prefix", json_string(starts.prefix)});
}

Result<Condition> condition_of(const InNetwork& in, bool negated) {
  const std::string network = in.network.to_string();
  const std::size_t slash = network.find('/');
  const std::string address = network.substr(0, slash);
  const bool six = is_ipv6(address);
  const bool is_one = network.substr(slash) == (six ? "/128" : "/32");
  if (is_one && six) return cannot("an address of IPv6, which has many spellings");
  if (is_one) return unless(negated, in.target, {{}, json_string(address)});
  if (negated) return cannot("what is not in the network of '" + name_of(in.target) + "'");
  return Condition{false, false, {{"cidr", json_string(network)}}, {}};
}

/// A pattern, and its text without the `*`.
struct Shape {
  std::string pattern;
  std::string text;
  std::size_t stars = 0;
  bool open_begin = false;
  bool open_end = false;

  bool is_one_piece() const {
    return stars == std::size_t{open_begin} + std::size_t{open_end} && stars < 2;
  }
};

Result<Shape> shape_of(std::string_view pattern) {
  Shape shape;
  bool has_question_mark = false;
  walk_pattern(
      pattern,
      [&](char c) {
        shape.text += c;
        if (c == '*' || c == '\\') shape.pattern += '\\';
        shape.pattern += c;
        shape.open_end = false;
      },
      [&] {
        if (shape.open_end) return;  // EventBridge refuses two in a row.
        shape.open_begin |= shape.pattern.empty();
        shape.open_end = true;
        shape.pattern += '*';
        ++shape.stars;
      },
      [&] { has_question_mark = true; });
  if (has_question_mark) return cannot("a '?' for any character");
  return shape;
}

Result<Condition> unless_like(bool negated, const Target& target, const Shape& shape,
                              LetterCase letters) {
  if (shape.is_one_piece()) {
    const char* how = shape.open_end ? "prefix" : shape.open_begin ? "suffix" : "";
    return unless(negated, target, {how, json_string(shape.text), letters});
  }
  if (letters == LetterCase::any) {
    return cannot("a pattern in which case does not count, unless it is a beginning or an end");
  }
  return unless(negated, target, {"wildcard", json_string(shape.pattern)});
}

Result<Condition> condition_of(const Like& like, bool negated) {
  const Wildcard& wildcard = like.pattern;
  if (wildcard.extent() == Extent::part) {
    return cannot("a pattern for words of '" + name_of(like.target) + "'");
  }
  if (wildcard.is_any()) return presence(negated);
  const LetterCase letters =
      has_letters(wildcard.pattern()) ? wildcard.letters() : LetterCase::exact;
  if (letters == LetterCase::any && !is_ascii(wildcard.pattern())) return foreign_letters();
  const auto shape = shape_of(wildcard.pattern());
  if (!shape) return tl::unexpected(shape.error());
  return unless_like(negated, like.target, *shape, letters);
}

Result<Condition> condition_of(const Between& between, bool negated) {
  if (!between.low && !between.high) return presence(negated);
  const Field* const field = field_of(between.target);
  if (field == nullptr || field->type != FieldType::integer) {
    return cannot("an order of '" + name_of(between.target) + "'");
  }
  std::vector<std::string> bounds;
  const auto add = [&](const auto& bound, const char* inclusive,
                       const char* exclusive) -> Result<void> {
    if (!bound) return {};
    auto number = number_of(bound->value);
    if (!number) return tl::unexpected(number.error());
    bounds.push_back(json_string(bound->inclusive ? inclusive : exclusive) + "," + *number);
    return {};
  };
  // What is not at least the low bound is below it.
  const auto low = negated ? add(between.low, "<", "<=") : add(between.low, ">=", ">");
  const auto high = negated ? add(between.high, ">", ">=") : add(between.high, "<=", "<");
  if (!low || !high) return tl::unexpected(low ? high.error() : low.error());
  Condition condition{negated, false, {}, {}};
  if (!negated && bounds.size() == 2) bounds = {bounds[0] + "," + bounds[1]};
  for (const std::string& one : bounds) condition.one_of.push_back({"numeric", "[" + one + "]"});
  return condition;
}

/// A condition on one path.
template <class Leaf>
Result<Pattern> single(const Leaf& leaf, bool negated) {
  const Field* const field = field_of(leaf.target);
  if (field != nullptr && field->type == FieldType::time) {
    return cannot("the time '" + name_of(leaf.target) + "'");
  }
  const bool in_record =
      field == nullptr || (field->origin == Origin::record && !field->path.empty());
  if (!in_record) return cannot("the field '" + name_of(leaf.target) + "', which no record has");
  auto condition = condition_of(leaf, negated);
  if (!condition) return tl::unexpected(condition.error());
  return Pattern{{{path_of(leaf.target), std::move(*condition)}}};
}

Result<void> add(Alternative& all, const std::string& path, const Condition& condition) {
  const auto [at, is_new] = all.try_emplace(path, condition);
  const bool listed = may_be_in_list(path);
  if (!is_new && (listed || !restrict(at->second, condition))) {
    return cannot("two conditions on '" + path + "' that both must hold");
  }
  for (const auto& [other, unused] : all) {
    if (other == path) continue;
    if (listed && may_be_in_list(other) && share_element(path, other)) {
      return cannot("'" + path + "' and '" + other +
                    "' together, which may be of two elements of a list");
    }
  }
  return {};
}

Result<Pattern> both(const Pattern& one, const Pattern& other) {
  Pattern pattern;
  for (const Alternative& left : one) {
    for (const Alternative& right : other) {
      Alternative merged = left;
      for (const auto& [path, condition] : right) {
        if (auto added = add(merged, path, condition); !added) {
          return tl::unexpected(added.error());
        }
      }
      pattern.push_back(std::move(merged));
    }
  }
  return pattern;
}

Pattern either(Pattern pattern, Pattern other) {
  const auto is_one = [](const Pattern& one) { return one.size() == 1 && one[0].size() == 1; };
  if (is_one(pattern) && is_one(other) && pattern[0].begin()->first == other[0].begin()->first) {
    Condition condition = pattern[0].begin()->second;
    if (widen(condition, other[0].begin()->second)) {
      pattern[0].begin()->second = std::move(condition);
      return pattern;
    }
  }
  std::ranges::move(other, std::back_inserter(pattern));
  return pattern;
}

Result<Pattern> pattern_of(const Tree& tree, bool negated);

Result<Pattern> group(const std::vector<Tree>& children, bool all, bool negated) {
  Result<Pattern> pattern = pattern_of(children.front(), negated);
  for (std::size_t i = 1; pattern && i < children.size(); ++i) {
    auto other = pattern_of(children[i], negated);
    if (!other) return other;
    pattern = all ? both(*pattern, *other) : either(std::move(*pattern), std::move(*other));
    if (pattern && pattern->size() > kMostAlternatives) {
      return cannot("more than " + std::to_string(kMostAlternatives) + " alternatives");
    }
  }
  return pattern;
}

Result<Pattern> pattern_of(const Tree& tree, bool negated) {
  using Made = Result<Pattern>;
  return std::visit(
      Overloaded{
          [&](const Everything&) -> Made {
            if (negated) return cannot("a pattern that nothing matches");
            return Pattern{{}};
          },
          [&](const Nothing&) -> Made {
            if (!negated) return cannot("a pattern that nothing matches");
            return Pattern{{}};
          },
          [](const Found&) -> Made { return cannot("a regular expression"); },
          [](const InTime&) -> Made { return cannot("a time"); },
          [](const Phrase& phrase) -> Made { return words(phrase.field); },
          [](const Near& near) -> Made { return words(near.field); },
          [](const Fuzzy&) -> Made { return cannot("a word that may be spelt differently"); },
          [](const SameValue&) -> Made { return cannot("a comparison of two fields"); },
          [&](const AllOf& all) { return group(all.children, !negated, negated); },
          [&](const AnyOf& any) { return group(any.children, negated, negated); },
          [&](const Not& negation) { return pattern_of(*negation.child, !negated); },
          [&](const auto& condition) { return single(condition, negated); },
      },
      tree.kind);
}

using Writer = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

void write_raw(Writer& out, const std::string& json) {
  out.RawValue(json.data(), json.size(), rapidjson::kObjectType);
}

void write_key(Writer& out, std::string_view key) {
  out.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
}

/// All of them work alike. The operand of one is a value or a list; of several it is a list.
std::string anything_but(const std::vector<Matcher>& matchers) {
  const Matcher& first = matchers.front();
  std::string list;
  for (const Matcher& matcher : matchers) {
    list += (list.empty() ? "" : ",") + matcher.json;
  }
  if (matchers.size() > 1 || first.how.empty()) list = "[" + list + "]";
  const std::string how = first.how.empty() && first.letters == LetterCase::any
                              ? "equals-ignore-case"
                              : std::string(first.how);
  if (!how.empty()) list = "{" + json_string(how) + ":" + list + "}";
  return R"({"anything-but":)" + list + "}";
}

void write_condition(Writer& out, const Condition& condition) {
  out.StartArray();
  if (condition.absent) write_raw(out, R"({"exists":false})");
  if (condition.present) write_raw(out, R"({"exists":true})");
  for (const Matcher& matcher : condition.one_of) write_raw(out, matcher.text());
  if (!condition.none_of.empty()) write_raw(out, anything_but(condition.none_of));
  out.EndArray();
}

/// The members from `first` on whose paths begin with the same `depth` bytes, as an object.
Alternative::const_iterator write_members(Writer& out, const Alternative& all,
                                          Alternative::const_iterator first, std::size_t depth) {
  const std::string beginning = first->first.substr(0, depth);
  out.StartObject();
  while (first != all.end() && first->first.starts_with(beginning)) {
    const std::size_t point = first->first.find('.', depth);
    write_key(out, std::string_view(first->first).substr(depth, point - depth));
    if (point != std::string::npos) {
      first = write_members(out, all, first, point + 1);
      continue;
    }
    write_condition(out, first->second);
    ++first;
  }
  out.EndObject();
  return first;
}

/// Whether a value is asked for where another path wants an object.
bool is_contradictory(const Alternative& all) {
  return std::ranges::any_of(all, [&](const auto& member) {
    const auto behind = all.upper_bound(member.first + ".");
    return behind != all.end() && behind->first.starts_with(member.first + ".");
  });
}

std::string write(const Pattern& pattern) {
  rapidjson::StringBuffer buffer;
  Writer out(buffer);
  out.SetIndent(' ', 2);
  out.StartObject();
  out.Key("detail-type");
  write_condition(out, {false, false, {{"suffix", json_string(" via CloudTrail")}}, {}});
  if (!pattern.front().empty()) {
    out.Key("detail");
    if (pattern.size() > 1) {
      out.StartObject();
      out.Key("$or");
      out.StartArray();
    }
    for (const Alternative& all : pattern) write_members(out, all, all.begin(), 0);
    if (pattern.size() > 1) {
      out.EndArray();
      out.EndObject();
    }
  }
  out.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace

Result<std::string> to_eventbridge(const Tree& tree) {
  if (auto good = check_text(kLanguage, tree); !good) return tl::unexpected(good.error());
  const auto pattern = pattern_of(tree, false);
  if (!pattern) return tl::unexpected(pattern.error());
  if (std::ranges::any_of(*pattern, is_contradictory)) {
    return cannot("one path as a value and as an object");
  }
  // Where one alternative is met by everything, so is the pattern.
  if (std::ranges::any_of(*pattern, &Alternative::empty)) return write({{}});
  return write(*pattern);
}

}  // namespace trailsift::query
