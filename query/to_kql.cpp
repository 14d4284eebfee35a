#include "query/to_kql.h"

#include <string_view>
#include <utility>
#include <vector>

#include "query/holds.h"
#include "query/kql_syntax.h"
#include "query/overloaded.h"
#include "query/resolve.h"
#include "query/target.h"
#include "schema/words.h"

namespace trailsift::query {
namespace {

using Written = std::optional<kql::Node>;

/// Whether values are compared whole: not by words, and not as times, which stand for spans.
bool is_whole(const Target& target) {
  return !is_of_type(target, FieldType::text) && !is_of_type(target, FieldType::time);
}

/// nullopt for a path that a query cannot name.
std::optional<kql::Name> written_name(const Target& target) {
  std::string text = name_of(target);
  const auto resolved = resolve_field(text, {});
  if (!resolved || *resolved != target) return std::nullopt;
  return kql::Name{{std::move(text)}, {}};
}

Written condition(const Target& target, kql::Relation relation, kql::Parts parts,
                  kql::Value::Kind kind = kql::Value::Kind::text) {
  auto name = written_name(target);
  if (!name) return std::nullopt;
  return kql::Node{
      kql::Condition{std::move(*name), relation, kql::Value{kind, std::move(parts), {}}}, {}};
}

kql::Relation relation_of(LetterCase letters) {
  return letters == LetterCase::exact ? kql::Relation::is_exactly : kql::Relation::is;
}

/// A time to the millisecond: one without a fraction would stand for a second.
std::string exact_time(std::string text) {
  if (text.find('.') == std::string::npos && text.ends_with('Z')) {
    text.insert(text.size() - 1, ".000");
  }
  return text;
}

Written negated(kql::Node node) {
  std::vector<kql::Node> children;
  children.push_back(std::move(node));
  return kql::Node{kql::Group{kql::Group::Op::none_of, std::move(children)}, {}};
}

Written everything() {
  return kql::Node{kql::Condition{{}, kql::Relation::is, kql::any_value({})}, {}};
}

Written write(const Equals& equals) {
  const Target& target = equals.target;
  if (is_of_type(target, FieldType::time)) {
    return condition(target, kql::Relation::is, {exact_time(equals.value)});
  }
  const bool any_case_of_text =
      equals.letters == LetterCase::any && is_of_type(target, FieldType::text);
  if (any_case_of_text) return std::nullopt;
  return condition(target, relation_of(equals.letters), {equals.value});
}

Written write(const StartsWith& starts) {
  if (!is_whole(starts.target)) return std::nullopt;
  return condition(starts.target, kql::Relation::is_exactly, {starts.prefix, ""});
}

/// The texts between the `*`; nullopt when there is a `?` as well.
std::optional<kql::Parts> parts_of(std::string_view pattern) {
  kql::Parts parts(1);
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '?') return std::nullopt;
    if (pattern[at] == '*') {
      if (parts.size() == 1 || !parts.back().empty()) parts.emplace_back();
      continue;
    }
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    parts.back() += pattern[at];
  }
  return parts;
}

Written write(const Like& like) {
  auto parts = parts_of(like.pattern.pattern());
  if (!parts || is_of_type(like.target, FieldType::time)) return std::nullopt;
  const bool exact = like.pattern.letters() == LetterCase::exact;
  const bool part = like.pattern.extent() == Extent::part;
  if (kql::is_any(*parts)) return condition(like.target, kql::Relation::is, std::move(*parts));
  if (is_of_type(like.target, FieldType::text)) {
    // Text is asked for its words where no `*` stands inside or before it.
    const bool words = parts->size() == 1 || (parts->size() == 2 && parts->back().empty());
    if (exact == part || (!exact && words)) return std::nullopt;
  } else if (part || (parts->size() == 1 && is_of_type(like.target, FieldType::ip) && !exact)) {
    return std::nullopt;
  }
  return condition(like.target, relation_of(like.pattern.letters()), std::move(*parts));
}

Written write(const Found& found) {
  std::string expression;
  const std::string& pattern = found.expression.pattern();
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '/') expression += '\\';
    if (pattern[at] == '\\' && at + 1 < pattern.size()) expression += pattern[at++];
    expression += pattern[at];
  }
  if (expression.empty()) return std::nullopt;
  return condition(found.target, relation_of(found.expression.letters()), {std::move(expression)},
                   kql::Value::Kind::expression);
}

Written write(const InNetwork& in) {
  if (!is_of_type(in.target, FieldType::ip)) return std::nullopt;
  return condition(in.target, kql::Relation::is, {in.network.to_string()});
}

Written write(const SameValue& same) {
  if (!written_name(same.other)) return std::nullopt;
  return condition(same.one, relation_of(same.letters), {name_of(same.other)},
                   kql::Value::Kind::reference);
}

std::optional<kql::Range::Bound> bound_of(const Target& target,
                                          const std::optional<Between::Bound>& bound) {
  if (!bound) return std::nullopt;
  const bool time = is_of_type(target, FieldType::time);
  return kql::Range::Bound{
      {kql::Value::Kind::text, {time ? exact_time(bound->value) : bound->value}, {}},
      bound->inclusive};
}

Written write(const Between& between) {
  if (!between.low && !between.high) {
    return condition(between.target, kql::Relation::is, {"", ""});
  }
  auto name = written_name(between.target);
  const auto number = [](const auto& bound) { return !bound || is_number(bound->value); };
  const bool numbers = std::holds_alternative<LeafPath>(between.target) && number(between.low) &&
                       number(between.high);
  if (!name || numbers != between.by_number) return std::nullopt;
  return kql::Node{kql::Range{std::move(*name), bound_of(between.target, between.low),
                              bound_of(between.target, between.high)},
                   {}};
}

Written write(const InTime& time) {
  if (!time.from && !time.to) return everything();
  Between between{event_time_field(), std::nullopt, std::nullopt};
  if (time.from) between.low = Between::Bound{format_time(*time.from), true};
  if (time.to) between.high = Between::Bound{format_time(*time.to), false};
  return write(between);
}

Written write(const Phrase& phrase) {
  if (field_at(phrase.field).type != FieldType::text) return std::nullopt;
  std::string text;
  for (const std::string& piece : phrase.pieces) text += (text.empty() ? "" : " ") + piece;
  kql::Parts parts{std::move(text)};
  if (phrase.open_end) parts.emplace_back();
  if (phrase.field != field_index("raw")) {
    return condition(phrase.field, kql::Relation::is, std::move(parts));
  }
  return kql::Node{
      kql::Condition{{}, kql::Relation::is, {kql::Value::Kind::text, std::move(parts), {}}}, {}};
}

Written write(const Tree& tree);

Written write(kql::Group::Op op, const std::vector<Tree>& trees) {
  std::vector<kql::Node> children;
  for (const Tree& tree : trees) {
    auto child = write(tree);
    if (!child) return std::nullopt;
    children.push_back(std::move(*child));
  }
  if (children.size() == 1) return std::move(children.front());
  return kql::Node{kql::Group{op, std::move(children)}, {}};
}

Written write(const Tree& tree) {
  return std::visit(
      Overloaded{
          [](const Everything&) { return everything(); },
          [](const Nothing&) { return negated(std::move(*everything())); },
          [](const Near&) -> Written { return std::nullopt; },
          [](const Fuzzy&) -> Written { return std::nullopt; },
          [](const AllOf& all) { return write(kql::Group::Op::all_of, all.children); },
          [](const AnyOf& any) { return write(kql::Group::Op::any_of, any.children); },
          [](const Not& negation) -> Written {
            auto child = write(*negation.child);
            return child ? negated(std::move(*child)) : std::nullopt;
          },
          [](const auto& condition) { return write(condition); },
      },
      tree.kind);
}

}  // namespace

std::optional<std::string> to_kql(const Tree& tree) {
  const auto node = write(tree);
  if (!node) return std::nullopt;
  return kql::to_string(*node);
}

}  // namespace trailsift::query
