#include "server/query_call.h"

#include <utility>

#include "query/kql_time.h"
#include "query/resolve.h"
#include "query/simplify.h"
#include "query/syntax.h"
#include "schema/duration.h"
#include "schema/utf8.h"

namespace trailsift::server {
namespace {

using query::Target;
using query::Tree;

Checked<Tree> parse_query(const std::string& text, const std::string& syntax,
                          const std::string& path, const query::ParseOptions& options) {
  auto tree = query::find_syntax(syntax)->parse(text, options);
  if (!tree) return refuse(tree.error(), path);
  return std::move(*tree);
}

Checked<std::string> value_for(const Target& target, const std::string& value,
                               const std::string& path) {
  const auto* field = std::get_if<FieldIndex>(&target);
  if (field == nullptr) return value;
  const FieldType type = field_at(*field).type;
  auto canonical = canonical_value(type, value);
  if (canonical) return std::move(*canonical);
  return refuse(ErrorCode::bad_request,
                "expected a value of type " + std::string(name(type)) + " for '" + path +
                    "', got '" + value.substr(0, 100) + "'",
                path);
}

Checked<std::vector<Tree>> equal_to(const Target& target, const CheckedMembers& filter,
                                    const std::string& member, const std::string& path) {
  std::vector<Tree> trees;
  const auto* values = filter.items(member);
  if (values == nullptr) return trees;
  for (const RelaxedJson& item : *values) {
    auto value = value_for(target, item.text, path + "." + member);
    if (!value) return tl::unexpected(value.error());
    trees.push_back(Tree{query::Equals{target, std::move(*value)}});
  }
  return trees;
}

Tree negated(Tree tree) {
  return Tree{query::Not{std::make_unique<Tree>(std::move(tree))}};
}

/// Some value of the target is there.
Tree existing(const Target& target) {
  return Tree{query::Between{target, {}, {}}};
}

Checked<Target> filter_target(const std::string& name, const std::string& path) {
  auto target = find_target(name, path + ".field");
  if (!target) return target;
  const auto* field = std::get_if<FieldIndex>(&*target);
  if (field == nullptr) return target;
  if (*field == event_time_field()) {
    return refuse(ErrorCode::bad_request, "expected 'from' and 'to' for times, got a filter",
                  path + ".field");
  }
  if (field_at(*field).origin == Origin::subtree) {
    return refuse(ErrorCode::bad_request,
                  "expected a field with values or the path of a leaf for '" + path +
                      ".field', got '" + name + "'",
                  path + ".field");
  }
  return target;
}

/// A filter on the values of a field.
Checked<Tree> selection_of(const Target& target, const CheckedMembers& filter,
                           const std::string& path) {
  auto any = equal_to(target, filter, "include", path);
  if (!any) return tl::unexpected(any.error());
  auto none = equal_to(target, filter, "exclude", path);
  if (!none) return tl::unexpected(none.error());
  if (filter.flag("missing")) any->push_back(negated(existing(target)));
  std::vector<Tree> all;
  if (!any->empty()) all.push_back(Tree{query::AnyOf{std::move(*any)}});
  if (!none->empty()) all.push_back(negated(Tree{query::AnyOf{std::move(*none)}}));
  if (filter.flag("exists")) all.push_back(existing(target));
  if (all.empty()) {
    return refuse(ErrorCode::bad_request,
                  "expected include, exclude, exists or missing in '" + path + "', got none", path);
  }
  return Tree{query::AllOf{std::move(all)}};
}

Checked<QueryFilter> read_filter(const CheckedMembers& filter, const QueryCall& call,
                                 std::string path) {
  const std::string* const field = filter.text("field");
  const std::string* const text = filter.text("query");
  if ((field == nullptr) == (text == nullptr)) {
    return refuse(ErrorCode::bad_request,
                  "expected either field or query in '" + path + "', got " +
                      (field == nullptr ? "neither" : "both"),
                  path);
  }
  QueryFilter read{path, {}, {}};
  if (field != nullptr) {
    auto target = filter_target(*field, path);
    if (!target) return tl::unexpected(target.error());
    auto tree = selection_of(*target, filter, path);
    if (!tree) return tl::unexpected(tree.error());
    read.target = std::move(*target);
    read.tree = std::move(*tree);
  } else {
    const std::string* const syntax = filter.text("syntax");
    auto tree =
        parse_query(*text, syntax == nullptr ? call.syntax : *syntax, path + ".query", call.parse);
    if (!tree) return tl::unexpected(tree.error());
    read.tree = std::move(*tree);
  }
  if (filter.flag("not")) read.tree = negated(std::move(read.tree));
  return read;
}

Checked<void> read_filters(const CheckedMembers& members, QueryCall& call) {
  const auto* filters = members.items("filters");
  if (filters == nullptr) return {};
  for (std::size_t i = 0; i < filters->size(); ++i) {
    const CheckedMembers parts = parts_of((*filters)[i]);
    auto filter = read_filter(parts, call, "filters[" + std::to_string(i) + "]");
    if (!filter) return tl::unexpected(filter.error());
    const std::string* const text = parts.text("query");
    // Not the tree of a query, in which times are resolved.
    call.fingerprint += (text == nullptr ? to_string(filter->tree) : *text) + '\n';
    call.filters.push_back(std::move(*filter));
  }
  return {};
}

Checked<std::optional<Timestamp>> read_time(const CheckedMembers& members, const std::string& name,
                                            const query::ParseOptions& options) {
  const std::string* text = members.text(name);
  if (text == nullptr) return std::optional<Timestamp>();
  const auto time = query::kql::parse_time_span(*text, *options.now, options.zone);
  if (!time) {
    return refuse(Error{ErrorCode::bad_request, time.error().message, time.error().at}, name);
  }
  return std::optional(time->begin);
}

Checked<void> read_zone(const CheckedMembers& members, QueryCall& call) {
  const std::string* const name = members.text("zone");
  if (name == nullptr) return {};
  auto zone = query::TimeZone::find(*name);
  if (!zone) return refuse(zone.error(), "zone");
  call.parse.zone = std::move(*zone);
  return {};
}

Checked<void> read_times(const CheckedMembers& members, QueryCall& call) {
  const auto from = read_time(members, "from", call.parse);
  if (!from) return tl::unexpected(from.error());
  const auto to = read_time(members, "to", call.parse);
  if (!to) return tl::unexpected(to.error());
  if (*from && *to && **to < **from) {
    return refuse(ErrorCode::bad_request, "expected 'from' to be before 'to'", "from");
  }
  call.time = {*from, *to};
  for (const char* name : {"from", "to", "zone"}) {
    const std::string* text = members.text(name);
    call.fingerprint += (text == nullptr ? "" : *text) + '\n';
  }
  return {};
}

Checked<void> read_timeout(const CheckedMembers& members, QueryCall& call) {
  const std::string* text = members.text("timeout");
  if (text == nullptr) return {};
  call.timeout = parse_duration(*text);
  if (call.timeout) return {};
  return refuse(ErrorCode::bad_request,
                "expected a duration such as 500ms or 30s for 'timeout', got '" + *text + "'",
                "timeout");
}

}  // namespace

Checked<QueryCall> read_query_call(const CheckedMembers& members, Timestamp now) {
  QueryCall call;
  const std::string* const syntax = members.text("syntax");
  call.syntax = syntax == nullptr ? query::kDefaultSyntax : *syntax;
  call.query = Tree{query::Everything{}};
  call.parse.now = now;
  if (auto ok = read_zone(members, call); !ok) return tl::unexpected(ok.error());
  if (const std::string* text = members.text("q")) {
    auto tree = parse_query(*text, call.syntax, "q", call.parse);
    if (!tree) return tl::unexpected(tree.error());
    call.text = *text;
    call.query = std::move(*tree);
  }
  call.fingerprint = call.syntax + '\n' + call.text + '\n';
  if (auto ok = read_times(members, call); !ok) return tl::unexpected(ok.error());
  if (auto ok = read_filters(members, call); !ok) return tl::unexpected(ok.error());
  if (auto ok = read_timeout(members, call); !ok) return tl::unexpected(ok.error());
  return call;
}

Tree whole_tree(const QueryCall& call, const std::optional<Target>& without) {
  std::vector<Tree> all;
  all.push_back(clone(call.query));
  for (const QueryFilter& filter : call.filters) {
    if (!without || filter.target != without) all.push_back(clone(filter.tree));
  }
  return query::simplify(Tree{query::AllOf{std::move(all)}});
}

Checked<Target> find_target(std::string_view name, const std::string& path) {
  auto target = query::resolve_field(name, {});
  if (target) return std::move(*target);
  const auto similar = similar_fields(name, 1);
  return refuse(ErrorCode::bad_request,
                "there is no field '" + to_utf8(name.substr(0, 100)) + "'" +
                    (similar.empty() ? "" : "; did you mean '" + std::string(similar[0]) + "'?"),
                path);
}

Checked<FieldIndex> find_column(std::string_view name, const std::string& path) {
  const auto target = find_target(name, path);
  if (!target) return tl::unexpected(target.error());
  const auto* const field = std::get_if<FieldIndex>(&*target);
  if (field != nullptr && field_at(*field).column) return *field;
  return refuse(ErrorCode::bad_request,
                "expected a field that is a column for '" + path + "', got '" +
                    to_utf8(name.substr(0, 100)) + "'",
                path);
}

Checked<std::optional<std::chrono::milliseconds>> read_interval(const std::string& text,
                                                                const std::string& path) {
  if (text == "auto") return std::optional<std::chrono::milliseconds>();
  const auto interval = parse_duration(text);
  if (interval) return std::optional(*interval);
  return refuse(ErrorCode::bad_request,
                "expected auto or a width such as 30s, 5m, 1h, 1d or 1w for '" + path + "', got '" +
                    text + "'",
                path);
}

}  // namespace trailsift::server
