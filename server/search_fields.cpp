#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/sort.h"
#include "server/facet_options.h"
#include "server/relaxed_json.h"
#include "server/search_reading.h"

namespace trailsift::server {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

/// The parts of `text` between commas, without the space around them.
std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    parts.push_back(trimmed(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return parts;
}

/// NAME asc or NAME desc, where the name is that of a field or an expression.
Checked<void> add_sort_key(SearchCall& call, std::string_view text) {
  const std::size_t space = text.find_first_of(" \t");
  const std::string_view name = text.substr(0, space);
  const std::string_view direction =
      space == std::string_view::npos ? std::string_view() : trimmed(text.substr(space));
  if (direction != "asc" && direction != "desc") {
    return bad_value("sort", "NAME asc or NAME desc", std::string(text));
  }
  if (name == "_version") {
    return refuse(
        ErrorCode::bad_request,
        "sorting by '_version' is not supported: use a field that is sort enabled, or _id", "sort");
  }
  if (name == "_score") {
    call.request.computed_sort.push_back({nullptr, direction == "desc"});
    return {};
  }
  if (const auto expression = find_expression(call, name)) {
    call.request.computed_sort.push_back({call.compiled[*expression], direction == "desc"});
    return {};
  }
  const auto field = find_column(name, "sort", "sort");
  if (!field) return tl::unexpected(field.error());
  if ((*field)->multi) {
    return refuse(ErrorCode::bad_request,
                  "field (" + std::string(name) + ") is not sort enabled: it has several values",
                  "sort");
  }
  call.request.sort.push_back({index_of(**field), direction == "desc"});
  return {};
}

/// Subtrees are cut out of the record's text, everything else is a value.
query::HitParts parts_for(const SearchCall& call) {
  const bool with_json = std::ranges::any_of(call.returned, [](const ReturnedField& returned) {
    return field_at(returned.field).origin == Origin::subtree;
  });
  return with_json ? query::HitParts::values_and_json : query::HitParts::values;
}

void return_all_fields(std::vector<ReturnedField>& returned) {
  for (const Field& field : fields()) {
    // The other subtrees are parts of raw.
    if (field.origin != Origin::subtree || field.path.empty()) {
      returned.push_back({std::string(field.name), index_of(field)});
    }
  }
}

Checked<void> add_facet(SearchCall& call, const std::string& field, const RelaxedJson& options,
                        const std::string& parameter) {
  if (std::ranges::find(call.facet_labels, field) != call.facet_labels.end()) {
    return refuse(ErrorCode::bad_request, "facet '" + field + "' is asked for more than once",
                  parameter);
  }
  if (call.facet_labels.size() == kMaxFacets) {
    return refuse(
        ErrorCode::too_large,
        "the request has more than the limit of " + std::to_string(kMaxFacets) + " facets",
        parameter);
  }
  auto facet = parse_facet(field, options, parameter);
  if (!facet) return tl::unexpected(facet.error());
  call.request.facets.push_back(std::move(*facet));
  call.facet_labels.push_back(field);
  return {};
}

}  // namespace

Checked<void> read_sort(Reading& reading) {
  const std::string* text = reading.parameters.find_nonempty("sort");
  if (text == nullptr) return {};
  const auto keys = split_list(*text);
  if (keys.size() > query::kMaxSortKeys) {
    return refuse(
        ErrorCode::bad_request,
        "'sort' has more than the limit of " + std::to_string(query::kMaxSortKeys) + " names",
        "sort");
  }
  query::SearchRequest& request = reading.call.request;
  bool mixed = false;
  for (const std::string_view key : keys) {
    const std::size_t computed = request.computed_sort.size();
    if (auto added = add_sort_key(reading.call, key); !added) return added;
    mixed = mixed || (!request.sort.empty() && request.computed_sort.size() > computed);
  }
  if (request.sort.empty() || request.computed_sort.empty()) return {};
  // Behind what is computed, the order that ties are in anyway may be named.
  if (mixed || !query::deciding_keys(request.sort).empty()) {
    return bad_value("sort", "fields, or expressions and '_score', not both,", *text);
  }
  request.sort.clear();
  return {};
}

Checked<void> read_returned(Reading& reading) {
  SearchCall& call = reading.call;
  const std::string* text = reading.parameters.find_nonempty("return");
  if (text == nullptr) {
    return_all_fields(call.returned);
    call.request.parts = parts_for(call);
    return {};
  }
  for (const std::string_view name : split_list(*text)) {
    if (name == "_no_fields") {
      call.with_fields = false;
    } else if (name == "_all_fields") {
      return_all_fields(call.returned);
    } else if (name == "_score") {
      call.with_score = true;
    } else if (const auto expression = find_expression(call, name)) {
      auto& returned = call.returned_expressions;
      if (std::ranges::find(returned, *expression) == returned.end()) {
        returned.push_back(*expression);
      }
    } else {
      const auto field = find_named_field(name, "return");
      if (!field) return tl::unexpected(field.error());
      call.returned.push_back({std::string(name), index_of(**field)});
    }
  }
  if (!call.with_fields && (!call.returned.empty() || call.with_score)) {
    return bad_value("return", "'_no_fields' to stand alone", *text);
  }
  // A name that was given twice is returned once.
  std::vector<ReturnedField> once;
  for (ReturnedField& field : call.returned) {
    if (std::ranges::find(once, field.label, &ReturnedField::label) == once.end()) {
      once.push_back(std::move(field));
    }
  }
  call.returned = std::move(once);
  call.request.parts = parts_for(call);
  return {};
}

Checked<void> read_facets(Reading& reading) {
  return read_by_field(reading, "facet", add_facet);
}

}  // namespace trailsift::server
