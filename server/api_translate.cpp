#include <string>
#include <utility>
#include <vector>

#include "query/simplify.h"
#include "query/to_kql.h"
#include "query/translate.h"
#include "server/api_answer.h"
#include "server/api_members.h"
#include "server/json_out.h"
#include "server/query_call.h"
#include "server/query_limits.h"
#include "server/routes.h"

namespace trailsift::server {
namespace {

using query::Tree;

/// The query with its time range as one more condition.
Tree timed(const QueryCall& asked) {
  std::vector<Tree> all;
  all.push_back(whole_tree(asked));
  if (asked.time.from || asked.time.to) all.push_back(Tree{asked.time});
  return query::simplify(Tree{query::AllOf{std::move(all)}});
}

Result<std::string> kql_of(const QueryCall& asked) {
  const bool plain = asked.filters.empty() && !asked.time.from && !asked.time.to;
  if (plain && asked.syntax == "kql" && !asked.text.empty()) return asked.text;
  auto text = query::to_kql(timed(asked));
  if (text) return std::move(*text);
  return fail(ErrorCode::bad_query, "the everyday language has nothing for a part of this query");
}

/// Filters as they were asked for; their depth is bounded where they are read.
void write_value(JsonOut& out, const RelaxedJson& value) {
  switch (value.kind) {
    case RelaxedJson::Kind::word:
      if (value.text == "true" || value.text == "false") return out.boolean(value.text == "true");
      return out.string(value.text);
    case RelaxedJson::Kind::string: return out.string(value.text);
    case RelaxedJson::Kind::array:
      out.begin_array();
      for (const RelaxedJson& item : value.items) write_value(out, item);
      return out.end_array();
    case RelaxedJson::Kind::object:
      out.begin_object();
      for (const auto& [key, member] : value.members) {
        out.key(key);
        write_value(out, member);
      }
      return out.end_object();
  }
}

std::string curl_of(const Asked& asked, const HttpRequest& head) {
  JsonOut body;
  body.begin_object();
  if (!asked.query.text.empty()) body.member("q", asked.query.text);
  body.member("syntax", asked.query.syntax);
  for (const char* name : {"zone", "from", "to"}) {
    const std::string* const text = asked.members.text(name);
    if (text != nullptr) body.member(name, *text);
  }
  if (const auto* filters = asked.members.find("filters")) {
    body.key("filters");
    write_value(body, *filters);
  }
  body.end_object();
  const std::string url = "http://" + head.host.value_or("127.0.0.1:8080") + "/api/search";
  return "curl -s " + query::shell_quoted(url) +
         " -H 'Content-Type: application/json' --data-raw " + query::shell_quoted(body.text());
}

void write(JsonOut& out, std::string_view name, const Result<std::string>& translated) {
  out.key(name);
  out.begin_object();
  if (translated) {
    out.member("text", *translated);
  } else {
    out.member("error", translated.error().message);
  }
  out.end_object();
}

}  // namespace

Checked<HttpResponse> translate_query(Context& context, const Call& call) {
  const auto asked = read_asked(context, call, explain_members());
  if (!asked) return tl::unexpected(asked.error());
  const Tree tree = timed(asked->query);
  JsonOut out;
  out.begin_object();
  write(out, "kql", kql_of(asked->query));
  write(out, "structured", query::to_structured(tree));
  write(out, "athena_sql", query::to_athena_sql(tree));
  const Tree timeless = whole_tree(asked->query);
  write(out, "sigma", query::to_sigma(timeless));
  write(out, "eventbridge", query::to_eventbridge(timeless));
  write(out, "curl", curl_of(*asked, call.request));
  out.end_object();
  return json_answer(out.text());
}

}  // namespace trailsift::server
