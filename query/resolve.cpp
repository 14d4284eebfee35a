#include "query/resolve.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "query/overloaded.h"
#include "query/quote.h"

namespace trailsift::query {
namespace {

/// `request_parameters.a.b`, `requestparameters.a.b` and Elastic's
/// `aws.cloudtrail.flattened.request_parameters.a.b` are all `requestParameters.a.b`.
std::optional<std::string> path_below_subtree(std::string_view name) {
  constexpr std::size_t kLongestRoot = 100;  // Of any name of a field; bounds the work.
  for (std::size_t dot = name.find('.'); dot < kLongestRoot; dot = name.find('.', dot + 1)) {
    const Field* const root = find_field(name.substr(0, dot));
    const bool subtree = root != nullptr && root->origin == Origin::subtree && !root->path.empty();
    if (subtree && dot + 1 < name.size()) {
      return std::string(root->path) + std::string(name.substr(dot));
    }
  }
  return std::nullopt;
}

std::string suggestion(std::string_view name) {
  const auto similar = similar_fields(name);
  std::string out;
  for (std::size_t i = 0; i < similar.size(); ++i) {
    if (i > 0) out += i + 1 == similar.size() ? " or " : ", ";
    out += "'" + std::string(similar[i]) + "'";
  }
  return out.empty() ? out : " Did you mean " + out + "?";
}

}  // namespace

Result<Target> resolve_field(std::string_view name, Span at) {
  if (const Field* field = find_field(name)) return Target(index_of(*field));
  if (auto path = path_below_subtree(name)) {
    if (const Field* field = find_field(*path)) return Target(index_of(*field));
    return Target(LeafPath{std::move(*path)});
  }
  if (is_leaf_path(name)) return Target(LeafPath{std::string(name)});
  // Existing clients recognise the first sentence, so it has CloudSearch's form, not ours.
  return fail(
      ErrorCode::bad_query,
      "Syntax error in query: field (" + shortened(name) + ") does not exist." + suggestion(name),
      at);
}

std::string describe(const Target& target) {
  return std::visit(Overloaded{
                        [](FieldIndex index) {
                          const Field& field = field_at(index);
                          return std::string(name(field.type)) + " field '" +
                                 std::string(field.name) + "'";
                        },
                        [](const LeafPath& leaf) { return "leaf " + in_quotes(leaf.path); },
                    },
                    target);
}

}  // namespace trailsift::query
