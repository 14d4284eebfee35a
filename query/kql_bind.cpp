#include "query/kql_bind.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/bind.h"
#include "query/kql_condition.h"
#include "query/overloaded.h"
#include "query/quote.h"
#include "query/resolve.h"

namespace trailsift::query::kql {
namespace {

/// Whether one of the names of a field is like the pattern.
bool has_name_like(const Field& field, const Wildcard& pattern) {
  if (pattern.matches(field.name)) return true;
  if (!field.path.empty() && pattern.matches(field.path)) return true;
  for (std::string_view rest = field.aliases; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (pattern.matches(rest.substr(0, end))) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

/// What a name stands for; of a pattern, all fields with such a name.
Result<std::vector<Target>> targets_of(const Name& name) {
  if (name.parts.size() == 1) {
    auto target = resolve_field(name.parts.front(), name.at);
    if (!target) return tl::unexpected(target.error());
    return std::vector<Target>{std::move(*target)};
  }
  if (is_any(name.parts)) return std::vector<Target>{field_index("raw")};
  std::string text;
  for (const std::string& part : name.parts) {
    text += (&part == name.parts.data() ? "" : "*") + literal_pattern(part);
  }
  const Wildcard pattern(text, LetterCase::any);
  std::vector<Target> targets;
  for (const Field& field : fields()) {
    if (has_name_like(field, pattern)) targets.emplace_back(index_of(field));
  }
  if (targets.empty()) {
    return fail(
        ErrorCode::bad_query,
        "expected the name of a field, got " + in_quotes(text) + ", which no field's name is like",
        name.at);
  }
  return targets;
}

/// The field that an enclosing list gives to what is inside.
struct Scope {
  const Name* name = nullptr;
  bool exact = false;
};

class Binder {
 public:
  explicit Binder(const ParseOptions& options)
      : conditions_(options), default_fields_(query::default_fields(options)) {}

  Binding bind(const Node& node, Scope scope) {
    return std::visit(
        Overloaded{
            [&](const Condition& condition) { return bind_condition(condition, scope); },
            [&](const Range& range) { return bind_range(range, scope); },
            [&](const List& list) {
              return bind(list.values.front(), Scope{&list.name, list.exact});
            },
            [&](const Group& group) { return bind_group(group, scope); },
        },
        node.kind);
  }

 private:
  Binding bind_group(const Group& group, Scope scope);
  Binding bind_condition(const Condition& condition, Scope scope);
  Binding bind_range(const Range& range, Scope scope);
  Result<std::vector<Target>> targets(const std::optional<Name>& name, Scope scope) const;

  ConditionBinder conditions_;
  std::vector<FieldIndex> default_fields_;
};

Binding Binder::bind_group(const Group& group, Scope scope) {
  return bind_children(group, [&](const Node& child) { return bind(child, scope); });
}

Result<std::vector<Target>> Binder::targets(const std::optional<Name>& name, Scope scope) const {
  if (name) return targets_of(*name);
  if (scope.name != nullptr) return targets_of(*scope.name);
  return std::vector<Target>(default_fields_.begin(), default_fields_.end());
}

Binding Binder::bind_condition(const Condition& condition, Scope scope) {
  const bool named = condition.name || scope.name != nullptr;
  const bool reference = condition.value.kind == Value::Kind::reference;
  if (!named && reference) {
    return fail(ErrorCode::bad_query, "expected a field to compare with, got none",
                condition.value.at);
  }
  if (condition.relation >= Relation::less) {
    const bool low = condition.relation >= Relation::greater;
    const bool inclusive = condition.relation == Relation::less_or_equal ||
                           condition.relation == Relation::greater_or_equal;
    Range range;
    range.name = condition.name;
    (low ? range.low : range.high) = Range::Bound{condition.value, inclusive};
    return bind_range(range, scope);
  }
  const auto found = targets(condition.name, scope);
  if (!found) return tl::unexpected(found.error());
  const bool exact = condition.relation == Relation::is_exactly || scope.exact;
  return bind_any(*found, 0, [&](const Target& target) {
    const Comparison comparison{target, exact};
    return reference ? conditions_.is_same(comparison, condition.value)
                     : conditions_.is(comparison, condition.value);
  });
}

Binding Binder::bind_range(const Range& range, Scope scope) {
  const auto found = targets(range.name, scope);
  if (!found) return tl::unexpected(found.error());
  return bind_any(*found, 0, [&](const Target& target) {
    return conditions_.lies_in(Comparison{target, scope.exact}, range);
  });
}

}  // namespace

Result<Tree> bind(const Node& node, const ParseOptions& options) {
  auto bound = Binder(options).bind(node, {});
  if (!bound) return tl::unexpected(bound.error());
  if (!*bound) return Tree{Nothing{}};
  return std::move(**bound);
}

}  // namespace trailsift::query::kql
