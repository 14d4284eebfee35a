#include <string>
#include <utility>
#include <vector>

#include "query/explain.h"
#include "query/outline.h"
#include "query/simplify.h"
#include "query/syntax.h"
#include "schema/time.h"
#include "server/api_answer.h"
#include "server/api_members.h"
#include "server/json_out.h"
#include "server/query_call.h"
#include "server/query_limits.h"
#include "server/routes.h"

namespace trailsift::server {
namespace {

using query::ExplainedClause;
using query::Outline;

std::string_view name(Outline::Kind kind) {
  switch (kind) {
    case Outline::Kind::condition: return "condition";
    case Outline::Kind::all_of: return "and";
    case Outline::Kind::any_of: return "or";
    case Outline::Kind::none_of: return "not";
  }
  return "condition";
}

/// A clause with the member of the request that it stands in.
struct Source {
  std::string member;
  std::string text;  ///< What positions are in; empty where there are none.
};

void write_clause(JsonOut& out, const Source& source, const Outline& clause,
                  const ExplainedClause& explained) {
  out.begin_object();
  out.member("kind", name(clause.kind));
  out.member("member", source.member);
  if (clause.at) {
    out.key("at");
    out.begin_object();
    out.member("begin", clause.at->begin);
    out.member("end", clause.at->end);
    out.end_object();
    out.member("text", source.text.substr(clause.at->begin, clause.at->end - clause.at->begin));
  }
  out.member("meaning", to_string(clause.tree));
  if (explained.hits) out.member("hits", *explained.hits);
  if (explained.without) out.member("without", *explained.without);
  if (!clause.children.empty()) {
    out.key("clauses");
    out.begin_array();
    for (std::size_t i = 0; i < clause.children.size(); ++i) {
      write_clause(out, source, clause.children[i], explained.children[i]);
    }
    out.end_array();
  }
  out.end_object();
}

Checked<Outline> outline_of_query(const QueryCall& asked) {
  const query::Syntax* const syntax = query::find_syntax(asked.syntax);
  if (syntax->outline == nullptr) return query::outline_of(asked.query);
  auto outline = syntax->outline(asked.text, asked.parse);
  if (!outline) return refuse(outline.error(), "q");
  return std::move(*outline);
}

void write_time(JsonOut& out, const query::InTime& time, const query::Explanation& explanation) {
  if (!time.from && !time.to) return;
  out.key("time");
  out.begin_object();
  if (time.from) out.member("from", format_time(*time.from));
  if (time.to) out.member("to", format_time(*time.to));
  out.member("without", explanation.any_time);
  out.end_object();
}

}  // namespace

Checked<HttpResponse> explain_query(Context& context, const Call& call) {
  const auto asked = read_asked(context, call, explain_members());
  if (!asked) return tl::unexpected(asked.error());
  const QueryCall& query = asked->query;
  std::vector<Outline> clauses;
  std::vector<Source> sources;
  if (!query.text.empty()) {
    auto outline = outline_of_query(query);
    if (!outline) return tl::unexpected(outline.error());
    clauses.push_back(std::move(*outline));
    sources.push_back({"q", query.text});
  }
  for (const QueryFilter& filter : query.filters) {
    clauses.push_back(query::outline_of(query::simplify(clone(filter.tree))));
    sources.push_back({filter.path, {}});
  }
  const auto snapshot = context.reader.snapshot();
  if (!snapshot) return refuse(snapshot.error());
  const query::Deadline deadline(limits_of(context, call, query.timeout));
  const auto explanation =
      query::explain(**snapshot, clauses, query.time, {&context.pool}, deadline);
  if (!explanation) return refuse(explanation.error());
  JsonOut out;
  out.begin_object();
  out.member("total", explanation->total);
  out.member("syntax", query.syntax);
  out.member("meaning", to_string(whole_tree(query)));
  write_time(out, query.time, *explanation);
  out.key("clauses");
  out.begin_array();
  for (std::size_t i = 0; i < clauses.size(); ++i) {
    write_clause(out, sources[i], clauses[i], explanation->clauses[i]);
  }
  out.end_array();
  out.end_object();
  return json_answer(out.text());
}

}  // namespace trailsift::server
