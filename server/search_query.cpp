#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/parse.h"
#include "server/facet_options.h"
#include "server/relaxed_json.h"
#include "server/search_reading.h"

namespace trailsift::server {
namespace {

/// Without the double quotes that the guide's `q.parser="structured"` has.
std::string unquoted(const std::string& text) {
  const bool quoted = text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

Checked<void> read_default_fields(const RelaxedJson& list, query::ParseOptions& options) {
  if (list.kind != RelaxedJson::Kind::array || list.items.empty()) {
    return refuse(Error{ErrorCode::bad_request, "expected an array of names for 'fields'", list.at},
                  "q.options");
  }
  for (const RelaxedJson& item : list.items) {
    // A weight, `title^5`, only changes scores.
    const std::string_view text = item.text;
    const auto field = find_named_field(text.substr(0, text.find('^')), "q.options");
    if (!field) return tl::unexpected(field.error());
    options.default_fields.push_back(index_of(**field));
  }
  return {};
}

Checked<query::ParseOptions> read_query_options(const Reading& reading) {
  query::ParseOptions options;
  const std::string* text = reading.parameters.find_nonempty("q.options");
  if (text == nullptr) return options;
  const auto parsed = parse_relaxed_json(*text);
  if (!parsed) return refuse(parsed.error(), "q.options");
  if (parsed->kind != RelaxedJson::Kind::object) {
    return bad_value("q.options", "an object such as {defaultOperator: 'or'}", *text);
  }
  for (const auto& [key, value] : parsed->members) {
    if (key == "defaultOperator" && (value.text == "and" || value.text == "or")) {
      options.any_word = value.text == "or";
    } else if (key == "defaultOperator") {
      return bad_value("q.options", "'and' or 'or' as defaultOperator", value.text);
    } else if (key == "fields") {
      if (auto ok = read_default_fields(value, options); !ok) return tl::unexpected(ok.error());
    } else {
      return bad_value("q.options", "one of the options defaultOperator, fields", key);
    }
  }
  return options;
}

Checked<void> check_parser(const Reading& reading) {
  const std::string* text = reading.parameters.find_nonempty("q.parser");
  const std::string parser = text == nullptr ? "simple" : unquoted(*text);
  if (parser == "structured") return {};
  if (text == nullptr) {
    return refuse(ErrorCode::bad_request,
                  "the default q.parser, 'simple', is not supported: add q.parser=structured",
                  "q.parser");
  }
  if (parser == "simple" || parser == "lucene" || parser == "dismax") {
    return refuse(ErrorCode::bad_request,
                  "q.parser '" + parser + "' is not supported: use q.parser=structured",
                  "q.parser");
  }
  return bad_value("q.parser", "structured", *text);
}

}  // namespace

Checked<void> read_query(Reading& reading) {
  const std::string* q = reading.parameters.find_nonempty("q");
  const std::string* fq = reading.parameters.find_nonempty("fq");
  if (q == nullptr && fq == nullptr) {
    return refuse(ErrorCode::bad_request, "Missing required parameter 'q'.", "q");
  }
  const auto options = read_query_options(reading);
  if (!options) return tl::unexpected(options.error());
  std::vector<query::Tree> conditions;
  if (q != nullptr) {
    if (auto ok = check_parser(reading); !ok) return ok;
    auto tree = query::parse_structured(*q, *options);
    if (!tree) return refuse(tree.error(), "q");
    conditions.push_back(std::move(*tree));
  }
  if (fq != nullptr) {
    auto tree = query::parse_structured(*fq);
    if (!tree) return refuse(tree.error(), "fq");
    conditions.push_back(std::move(*tree));
  }
  reading.call.request.query = conditions.size() == 1
                                   ? std::move(conditions.front())
                                   : query::Tree{query::AllOf{std::move(conditions)}};
  return {};
}

}  // namespace trailsift::server
