#include "server/routes.h"

#include <array>

#include "server/api_members.h"

namespace trailsift::server {
namespace {

using enum ErrorShape;

// clang-format off
constexpr std::array kRoutes = {
  Route{"GET",  "/2013-01-01/search", search,      cloudsearch, "search, as CloudSearch clients ask it"},
  Route{"POST", "/2013-01-01/search", search,      cloudsearch, "the same, with the parameters in a form body"},
  Route{"GET",  "/2013-01-01/suggest", suggest_values, cloudsearch, "values of a field that begin with a text", {}, suggester_members},
  Route{"POST", "/2013-01-01/suggest", suggest_values, cloudsearch, "the same, with the parameters in a form body", {}, suggester_members},
  Route{"POST", "/2013-01-01/documents/batch", nullptr, documents, "a batch of documents, as CloudSearch clients send them", PushRoute::documents},
  Route{"POST", "/",                  describe_domains, own,    "CloudSearch's DescribeDomains: where a domain is, which is here"},
  Route{"GET",  "/api/search",        search_events, own,       "events, facets and histogram of a query", {}, search_members},
  Route{"POST", "/api/search",        search_events, own,       "the same, with the members in a JSON body", {}, search_members},
  Route{"GET",  "/api/export",        export_events, own,       "every hit, streamed: original records or columns", {}, export_members},
  Route{"POST", "/api/export",        export_events, own,       "the same, with the members in a JSON body", {}, export_members},
  Route{"GET",  "/api/tail",          tail_events, own,         "new events as they are committed, as server-sent events", {}, tail_members},
  Route{"GET",  "/api/stats",         count_events, own,        "hits counted by up to three fields and by time", {}, stats_members},
  Route{"POST", "/api/stats",         count_events, own,        "the same, with the members in a JSON body", {}, stats_members},
  Route{"GET",  "/api/explain",       explain_query, own,       "a query's clauses, and what each does to the number of hits", {}, explain_members},
  Route{"POST", "/api/explain",       explain_query, own,       "the same, with the members in a JSON body", {}, explain_members},
  Route{"GET",  "/api/translate",     translate_query, own,     "a query in other languages: structured, KQL, SQL, Sigma, EventBridge, curl", {}, explain_members},
  Route{"POST", "/api/translate",     translate_query, own,     "the same, with the members in a JSON body", {}, explain_members},
  Route{"GET",  "/api/policy",        get_policy,  own,         "what IAM must allow for the calls that were made", {}, explain_members},
  Route{"POST", "/api/policy",        get_policy,  own,         "the same, with the members in a JSON body", {}, explain_members},
  Route{"GET",  "/api/suggest",       suggest,     own,         "fields, operators and values for a query that is being written", {}, suggest_members},
  Route{"GET",  "/api/sessions/{id}", get_session, own,         "who opened a session, back to the first identity, and all that was done in it", {}, session_members},
  Route{"GET",  "/api/openapi.json",  get_openapi, own,         "this API as an OpenAPI 3.1 document"},
  Route{"GET",  "/api",               get_routes,  own,         "this list of routes, and the parameters of search"},
  Route{"GET",  "/api/events/{id}",   get_event,   own,         "an event's original record, byte for byte"},
  Route{"GET",  "/api/deliveries",    get_deliveries, own,      "where every delivery went, newest first, with totals", {}, delivery_members},
  Route{"GET",  "/api/quarantine",    get_quarantine, own,      "what came and was not indexed, oldest first", {}, quarantine_members},
  Route{"GET",  "/api/quarantine/{id}", get_quarantined, own,   "one entry of it, or its bytes", {}, entry_members},
  Route{"POST", "/api/quarantine/replay", replay_quarantine, own, "tries again to index entries", {}, chosen_members},
  Route{"POST", "/api/quarantine/drop", drop_quarantine, own,   "takes entries off the list", {}, chosen_members},
  Route{"GET",  "/api/saved",         get_saved,   own,         "the searches that were saved, by name"},
  Route{"GET",  "/api/saved/{name}",  get_saved_search, own,    "one of them"},
  Route{"PUT",  "/api/saved/{name}",  put_saved_search, own,    "saves a search under a name", {}, state_members},
  Route{"DELETE", "/api/saved/{name}", delete_saved_search, own, "deletes a saved search"},
  Route{"POST", "/api/links",         make_link,   own,         "makes a short link to a state of the page", {}, state_members},
  Route{"GET",  "/api/links/{id}",    get_link,    own,         "the state that a short link stands for"},
  Route{"GET",  "/api/fields",        get_fields,  own,         "the fields of an event: names, types, aliases"},
  Route{"GET",  "/api/status",        get_status,  own,         "what the store holds, version, uptime"},
  Route{"GET",  "/api/integrity",     get_integrity, own,       "what trailsift verify found of the log files", {}, integrity_members},
  Route{"GET",  "/api/about",         get_about,   own,         "version, what it was built with, and its limits"},
  Route{"GET",  "/healthz",           get_health,  own,         "200 when the store can be read"},
  Route{"GET",  "/metrics",           get_metrics, own,         "figures for Prometheus"},
  Route{"POST", "/sns/",              nullptr,     own,         "messages from SNS or a Beanstalk worker's queue", PushRoute::sns},
  Route{"POST", "/sns",               nullptr,     own,         "the same", PushRoute::sns},
  Route{"POST", "/firehose",          nullptr,     firehose,    "batches from Firehose", PushRoute::firehose},
  Route{"POST", "/awslogs",           nullptr,     own,         "log events from a subscription of CloudWatch Logs", PushRoute::awslogs},
  Route{"POST", "/ingest",            nullptr,     own,         "a log file: as delivered, or one record a line", PushRoute::ingest, ingest_members},
  Route{"GET",  "/elastic",           elastic_info, elastic,    "what clients of Elasticsearch ask first"},
  Route{"GET",  "/elastic/",          elastic_info, elastic,    "the same"},
  Route{"GET",  "/elastic/_cluster/health", elastic_health, elastic, "whether searches are answered"},
  Route{"GET",  "/elastic/_search",   elastic_search, elastic,  "search, as Elasticsearch has it"},
  Route{"POST", "/elastic/_search",   elastic_search, elastic,  "the same"},
  Route{"GET",  "/elastic/{index}/_search", elastic_search, elastic, "the same, whatever the index is called"},
  Route{"POST", "/elastic/{index}/_search", elastic_search, elastic, "the same"},
  Route{"GET",  "/elastic/_msearch",  elastic_msearch, elastic, "several searches, in two lines each"},
  Route{"POST", "/elastic/_msearch",  elastic_msearch, elastic, "the same"},
  Route{"POST", "/elastic/{index}/_msearch", elastic_msearch, elastic, "the same"},
  Route{"GET",  "/elastic/_count",    elastic_count, elastic,   "how many events answer a query"},
  Route{"POST", "/elastic/_count",    elastic_count, elastic,   "the same"},
  Route{"GET",  "/elastic/{index}/_count", elastic_count, elastic, "the same"},
  Route{"POST", "/elastic/{index}/_count", elastic_count, elastic, "the same"},
  Route{"GET",  "/elastic/_mapping",  elastic_mapping, elastic, "the fields and their types"},
  Route{"GET",  "/elastic/{index}/_mapping", elastic_mapping, elastic, "the same"},
  Route{"GET",  "/elastic/_field_caps", elastic_field_caps, elastic, "what can be done with fields"},
  Route{"POST", "/elastic/_field_caps", elastic_field_caps, elastic, "the same"},
  Route{"GET",  "/elastic/{index}/_field_caps", elastic_field_caps, elastic, "the same"},
  Route{"POST", "/elastic/{index}/_field_caps", elastic_field_caps, elastic, "the same"},
  Route{"POST", "/elastic/_bulk", nullptr, elastic, "documents and deletes, in a line or two each", PushRoute::bulk},
  Route{"PUT", "/elastic/_bulk", nullptr, elastic, "the same", PushRoute::bulk},
  Route{"POST", "/elastic/{index}/_bulk", nullptr, elastic, "the same", PushRoute::bulk},
  Route{"PUT", "/elastic/{index}/_bulk", nullptr, elastic, "the same", PushRoute::bulk},
  Route{"GET",  "/",                  get_page,    own,         "the page that searches"},
  Route{"GET",  "/assets/{file}",     get_asset,   own,         "the page's scripts, styles and icons"},
};
// clang-format on

/// Whether `path` is that of the row; fills `argument` for a row with `{…}`.
bool matches(const Route& route, std::string_view path, std::string& argument) {
  const std::size_t brace = route.path.find('{');
  if (brace == std::string_view::npos) return path == route.path;
  const std::string_view rest = route.path.substr(route.path.find('}') + 1);
  if (path.size() <= brace + rest.size() || !path.starts_with(route.path.substr(0, brace)) ||
      !path.ends_with(rest)) {
    return false;
  }
  const std::string_view found = path.substr(brace, path.size() - brace - rest.size());
  if (!rest.empty() && found.find('/') != std::string_view::npos) return false;
  argument = found;
  return true;
}

}  // namespace

std::span<const Route> routes() {
  return kRoutes;
}

RouteMatch find_route(std::string_view method, std::string_view path) {
  RouteMatch found;
  for (const Route& route : kRoutes) {
    if (!matches(route, path, found.argument)) continue;
    // HEAD is GET without the body, which the HTTP layer leaves out.
    if (route.method == method || (route.method == "GET" && method == "HEAD")) {
      found.route = &route;
    }
    if (!found.allowed_methods.empty()) found.allowed_methods += ", ";
    found.allowed_methods += route.method;
    if (route.method == "GET") found.allowed_methods += ", HEAD";
  }
  return found;
}

}  // namespace trailsift::server
