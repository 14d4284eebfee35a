#include "tests/support/random_kql.h"

#include <algorithm>
#include <array>
#include <vector>

#include "schema/field.h"
#include "schema/time.h"
#include "schema/utf8.h"
#include "schema/words.h"

namespace trailsift::test {

using query::kql::Condition;
using query::kql::Group;
using query::kql::List;
using query::kql::Range;
using query::kql::Relation;

std::string RandomKql::next() {
  std::string text = to_string(expression(0));
  if (chance(20)) text.insert(0, " ");
  if (chance(20)) text += "\n";
  return text;
}

const Leaf& RandomKql::leaf() {
  const Event& chosen = event();
  return chosen.leaves[below(chosen.leaves.size())];
}

RandomKql::Node RandomKql::expression(int depth) {
  constexpr int kDeepest = 3;
  if (chance(1)) return {Condition{{}, Relation::is, query::kql::any_value({})}, {}};
  return depth < kDeepest && chance(55 - 10 * depth) ? group(depth) : condition();
}

RandomKql::Node RandomKql::group(int depth) {
  std::vector<Node> children;
  if (chance(25)) {
    children.push_back(expression(depth + 1));
    return {Group{Group::Op::none_of, std::move(children)}, {}};
  }
  for (std::size_t count = 2 + below(3); count > 0; --count) {
    children.push_back(expression(depth + 1));
  }
  return {Group{chance(40) ? Group::Op::all_of : Group::Op::any_of, std::move(children)}, {}};
}

RandomKql::Node RandomKql::condition() {
  switch (below(14)) {
    case 0:
    case 1:
    case 2:
    case 3: return field_condition();
    case 4:
    case 5: return leaf_condition();
    case 6:
    case 7: return free_condition();
    case 8: return time_condition();
    case 9: return address_condition();
    case 10: return list_condition();
    case 11: return reference_condition();
    default: return expression_condition();
  }
}

RandomKql::Node RandomKql::compare(Name name, Value value) {
  return {Condition{std::move(name), chance(20) ? Relation::is_exactly : Relation::is,
                    std::move(value)},
          {}};
}

RandomKql::Node RandomKql::field_condition() {
  const Event& chosen = event();
  const FieldValue& from = chosen.values[below(chosen.values.size())];
  if (from.field == event_time_field()) return time_condition();
  const Field& field = field_at(from.field);
  Name name = name_of(field);
  if (chance(10)) return compare(std::move(name), query::kql::any_value({}));
  return typed_condition(std::move(name), from);
}

RandomKql::Node RandomKql::typed_condition(Name name, const FieldValue& from) {
  const Field& field = field_at(from.field);
  const auto others = values_of(event(), from.field);
  const std::string& other = others.empty() ? from.value : others.front().value;
  const bool free = field.type == FieldType::keyword || field.type == FieldType::ip ||
                    field.type == FieldType::text;
  if (field.column && chance(20)) return range(std::move(name), from.value, other);
  if (!free) return compare(std::move(name), text({from.value}));
  return compare(std::move(name), text(parts_of(recased(from.value))));
}

RandomKql::Node RandomKql::leaf_condition() {
  const Leaf& from = leaf();
  if (find_field(from.path) != nullptr || !is_leaf_path(from.path)) return free_condition();
  Name name{{from.path}, {}};
  if (chance(10)) return compare(std::move(name), query::kql::any_value({}));
  if (chance(20)) return range(std::move(name), from.value, changed(from.value));
  return compare(std::move(name), text(parts_of(recased(from.value))));
}

/// Words or a pattern anywhere, or in a part of the record.
RandomKql::Node RandomKql::free_condition() {
  const Leaf& from = leaf();
  Value value = text(parts_of(recased(stretch_of(from.value))));
  if (chance(60)) return {Condition{{}, Relation::is, std::move(value)}, {}};
  constexpr std::array kParts = {"requestParameters", "response_elements", "raw"};
  return compare(Name{{kParts.at(below(kParts.size()))}, {}}, std::move(value));
}

RandomKql::Node RandomKql::range(Name name, std::string_view a, std::string_view b) {
  Range range{std::move(name), std::nullopt, std::nullopt};
  if (chance(80)) range.low = Range::Bound{text({std::string(a)}), chance(50)};
  if (chance(80)) range.high = Range::Bound{text({std::string(b)}), chance(50)};
  return {std::move(range), {}};
}

RandomKql::Node RandomKql::time_condition() {
  const Timestamp a = event().time;
  const Timestamp b = event().time;
  Name name = name_of(field_at(event_time_field()));
  if (chance(30)) return compare(std::move(name), text({time_text(a)}));
  return range(std::move(name), time_text(std::min(a, b)), time_text(std::max(a, b)));
}

RandomKql::Node RandomKql::address_condition() {
  static const FieldIndex kAddress = field_index("source_ip_address");
  const std::string address(value_of(event(), kAddress).value_or("198.51.100.7"));
  std::string network = address + "/" + std::to_string(8 + below(25));
  return compare(Name{{"sourceIPAddress"}, {}}, text({chance(70) ? network : address}));
}

RandomKql::Node RandomKql::list_condition() {
  const Event& chosen = event();
  const FieldValue& from = chosen.values[below(chosen.values.size())];
  const FieldType type = field_at(from.field).type;
  if (type != FieldType::keyword && type != FieldType::ip) return field_condition();
  std::vector<Node> values;
  for (std::size_t count = 2 + below(3); count > 0; --count) {
    const auto others = values_of(event(), from.field);
    std::string value = others.empty() ? from.value : others.front().value;
    values.push_back({Condition{{}, Relation::is, text(parts_of(recased(std::move(value))))}, {}});
  }
  List list{name_of(field_at(from.field)), chance(20), {}};
  list.values.push_back(
      {Group{chance(70) ? Group::Op::any_of : Group::Op::all_of, std::move(values)}, {}});
  return {std::move(list), {}};
}

RandomKql::Node RandomKql::reference_condition() {
  constexpr std::array kNames = {"userIdentity.accountId",
                                 "recipient_account_id",
                                 "actor",
                                 "userIdentity.userName",
                                 "requestParameters.userName",
                                 "resources.accountId",
                                 "awsRegion",
                                 "user_agent",
                                 "source.ip"};
  Value other{Value::Kind::reference, {kNames.at(below(kNames.size()))}, {}};
  return compare(Name{{kNames.at(below(kNames.size()))}, {}}, std::move(other));
}

RandomKql::Node RandomKql::expression_condition() {
  const Leaf& from = leaf();
  std::string expression;
  for (const char c : recased(stretch_of(from.value))) {
    const bool plain = c < 0 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       (c >= '0' && c <= '9') || c == '_';
    if (c >= 0 && chance(10)) {
      expression += ".*";
    } else {
      if (!plain) expression += '\\';
      expression += c;
    }
  }
  if (expression.empty()) expression = "^a";
  Value value{Value::Kind::expression, {std::move(expression)}, {}};
  if (chance(40)) return {Condition{{}, Relation::is, std::move(value)}, {}};
  const bool free = find_field(from.path) == nullptr && is_leaf_path(from.path);
  return compare(Name{{free ? from.path : "actor"}, {}}, std::move(value));
}

/// The value with `*` in the place of some of it, or as it is.
RandomKql::Parts RandomKql::parts_of(std::string value) {
  value = changed(std::move(value));
  Parts parts(1);
  const bool pattern = chance(40);
  for (std::size_t at = 0; at < value.size(); ++at) {
    const bool ascii = value[at] >= 0;
    if (pattern && ascii && chance(10)) {
      if (parts.size() == 1 || !parts.back().empty()) parts.emplace_back();
      while (at + 1 < value.size() && value[at + 1] >= 0 && chance(70)) ++at;
    } else {
      parts.back() += value[at];
    }
  }
  if (pattern && chance(40) && !parts.front().empty()) parts.insert(parts.begin(), "");
  if (pattern && chance(40) && !parts.back().empty()) parts.emplace_back();
  return parts;
}

RandomKql::Name RandomKql::name_of(const Field& field) {
  if (!field.path.empty() && chance(30)) return {{std::string(field.path)}, {}};
  const std::size_t end = field.aliases.find(' ');
  if (!field.aliases.empty() && chance(30)) {
    return {{std::string(field.aliases.substr(0, end))}, {}};
  }
  return {{std::string(field.name)}, {}};
}

std::string RandomKql::changed(std::string value) {
  if (chance(80)) return value;
  const bool ascii = std::ranges::all_of(value, [](char c) { return c >= 0; });
  if (ascii && value.size() > 1 && chance(50)) {
    value.pop_back();
    return value;
  }
  return value + "x";
}

std::string RandomKql::recased(std::string value) {
  if (chance(40)) return value;
  for (char& c : value) {
    if (chance(50)) continue;
    if (c >= 'a' && c <= 'z') {
      c = static_cast<char>(c - 'a' + 'A');
    } else if (c >= 'A' && c <= 'Z') {
      c = static_cast<char>(c - 'A' + 'a');
    }
  }
  return value;
}

/// All of the value or a part of it, no longer than an expression may be.
std::string RandomKql::stretch_of(const std::string& value) {
  const auto is_inside = [&](std::size_t at) {
    return at < value.size() && continues_character(value[at]);
  };
  constexpr std::size_t kLongest = 60;
  std::size_t begin = chance(50) ? 0 : below(value.size() + 1);
  std::size_t end = begin + std::min(value.size() - begin, 1 + below(kLongest));
  while (is_inside(begin)) --begin;
  while (is_inside(end)) ++end;
  return value.substr(begin, end - begin);
}

/// To the millisecond, the second, the minute or the day.
std::string RandomKql::time_text(Timestamp time) {
  constexpr std::array<std::size_t, 4> kLengths = {10, 13, 16, 19};
  const std::string text = format_time(time);
  return chance(40) ? text : text.substr(0, kLengths.at(below(kLengths.size())));
}

}  // namespace trailsift::test
