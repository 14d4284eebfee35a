#pragma once

#include <array>
#include <string_view>

namespace trailsift::server {

/// What a route answers with when all is well, and which errors it may answer beside those of all.
struct RouteAnswer {
  std::string_view method;  ///< "": any.
  std::string_view path;
  std::string_view content;  ///< Content types, separated by spaces; the first has `schema`.
  std::string_view schema;   ///< Empty: bytes or text.
  std::string_view errors = {};
};

// clang-format off
constexpr std::array kAnswers = {
  RouteAnswer{"", "/2013-01-01/search", "application/json application/xml", "CloudSearchAnswer"},
  RouteAnswer{"", "/2013-01-01/suggest", "application/json application/xml", "CloudSearchSuggestions"},
  RouteAnswer{"POST", "/2013-01-01/documents/batch", "application/json application/xml", "DocumentsAnswer", "401 406 415"},
  RouteAnswer{"POST", "/",                  "text/xml", ""},
  RouteAnswer{"", "/api/search", "application/json", "Events"},
  RouteAnswer{"", "/api/export", "application/x-ndjson text/csv", ""},
  RouteAnswer{"GET",  "/api/tail",          "text/event-stream", ""},
  RouteAnswer{"", "/api/stats", "application/json", "Statistics"},
  RouteAnswer{"", "/api/explain", "application/json", "Explanation"},
  RouteAnswer{"", "/api/translate", "application/json", "Translations"},
  RouteAnswer{"", "/api/policy", "application/json", "AccessPolicy"},
  RouteAnswer{"GET",  "/api/suggest",       "application/json", "Suggestions"},
  RouteAnswer{"GET",  "/api/sessions/{id}", "application/json", "Session", "404"},
  RouteAnswer{"GET",  "/api/openapi.json",  "application/json", "OpenApi"},
  RouteAnswer{"GET",  "/api",               "application/json", "Routes"},
  RouteAnswer{"GET",  "/api/events/{id}",   "application/json", "Record", "404"},
  RouteAnswer{"GET",  "/api/deliveries",    "application/json", "Deliveries"},
  RouteAnswer{"GET",  "/api/quarantine",    "application/json", "QuarantineList"},
  RouteAnswer{"GET",  "/api/quarantine/{id}", "application/json application/octet-stream", "QuarantineEntry", "404"},
  RouteAnswer{"POST", "/api/quarantine/replay", "application/json", "Replayed", "401 404 415"},
  RouteAnswer{"POST", "/api/quarantine/drop", "application/json", "Dropped", "401 404 415"},
  RouteAnswer{"GET",  "/api/saved",         "application/json", "SavedSearches"},
  RouteAnswer{"GET",  "/api/saved/{name}",  "application/json", "SavedSearch", "404"},
  RouteAnswer{"PUT",  "/api/saved/{name}",  "application/json", "SavedSearch", "412 415"},
  RouteAnswer{"DELETE", "/api/saved/{name}", "application/json", "Deleted", "404 412"},
  RouteAnswer{"POST", "/api/links",         "application/json", "Link", "415"},
  RouteAnswer{"GET",  "/api/links/{id}",    "application/json", "Link", "404"},
  RouteAnswer{"GET",  "/api/fields",        "application/json", "Fields"},
  RouteAnswer{"GET",  "/api/status",        "application/json", "Status"},
  RouteAnswer{"GET",  "/api/integrity",     "application/json", "IntegrityReport"},
  RouteAnswer{"GET",  "/api/about",         "application/json", "About"},
  RouteAnswer{"GET",  "/healthz",           "text/plain", ""},
  RouteAnswer{"GET",  "/metrics",           "text/plain", ""},
  RouteAnswer{"POST", "/sns/",              "", "", "401 415"},
  RouteAnswer{"POST", "/sns",               "", "", "401 415"},
  RouteAnswer{"POST", "/firehose",          "application/json", "FirehoseAnswer", "401 415"},
  RouteAnswer{"POST", "/awslogs",           "application/json", "IngestAccount", "401 415"},
  RouteAnswer{"POST", "/ingest",            "application/json", "IngestAccount", "401 415"},
  RouteAnswer{"GET",  "/",                  "text/html", ""},
  RouteAnswer{"GET",  "/assets/{file}",     "text/javascript text/css image/svg+xml image/png font/woff2 application/json application/manifest+json text/plain", "", "404"},
};

/// Of every route that speaks as Elasticsearch does, and of those that take messages.
constexpr RouteAnswer kElasticAnswer{"", "", "application/json", "ElasticAnswer"};
constexpr RouteAnswer kElasticPushAnswer{"", "", "application/json", "ElasticAnswer", "401 415"};

/// Of every route: a wrong request, a host that is not trusted, too large, a fault, busy.
constexpr std::string_view kErrorsOfAll = "400 403 413 500 503";
// clang-format on

}  // namespace trailsift::server
