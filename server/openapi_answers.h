#pragma once

#include <array>
#include <string_view>

namespace trailsift::server {

/// What a route answers with when all is well, and which errors it may answer beside those of all.
struct RouteAnswer {
  std::string_view method;
  std::string_view path;
  std::string_view content;  ///< Content types, separated by spaces; the first has `schema`.
  std::string_view schema;   ///< Empty: bytes or text.
  std::string_view errors = {};
};

// clang-format off
constexpr std::array kAnswers = {
  RouteAnswer{"GET",  "/2013-01-01/search", "application/json application/xml", "CloudSearchAnswer"},
  RouteAnswer{"POST", "/2013-01-01/search", "application/json application/xml", "CloudSearchAnswer"},
  RouteAnswer{"GET",  "/2013-01-01/suggest", "application/json application/xml", "CloudSearchSuggestions"},
  RouteAnswer{"POST", "/2013-01-01/suggest", "application/json application/xml", "CloudSearchSuggestions"},
  RouteAnswer{"POST", "/2013-01-01/documents/batch", "application/json application/xml", "DocumentsAnswer", "401 406 415"},
  RouteAnswer{"POST", "/",                  "text/xml", ""},
  RouteAnswer{"GET",  "/api/search",        "application/json", "Events"},
  RouteAnswer{"POST", "/api/search",        "application/json", "Events"},
  RouteAnswer{"GET",  "/api/export",        "application/x-ndjson text/csv", ""},
  RouteAnswer{"POST", "/api/export",        "application/x-ndjson text/csv", ""},
  RouteAnswer{"GET",  "/api/tail",          "text/event-stream", ""},
  RouteAnswer{"GET",  "/api/stats",         "application/json", "Statistics"},
  RouteAnswer{"POST", "/api/stats",         "application/json", "Statistics"},
  RouteAnswer{"GET",  "/api/explain",       "application/json", "Explanation"},
  RouteAnswer{"POST", "/api/explain",       "application/json", "Explanation"},
  RouteAnswer{"GET",  "/api/suggest",       "application/json", "Suggestions"},
  RouteAnswer{"GET",  "/api/openapi.json",  "application/json", "OpenApi"},
  RouteAnswer{"GET",  "/api",               "application/json", "Routes"},
  RouteAnswer{"GET",  "/api/events/{id}",   "application/json", "Record", "404"},
  RouteAnswer{"GET",  "/api/deliveries",    "application/json", "Deliveries"},
  RouteAnswer{"GET",  "/api/quarantine",    "application/json", "QuarantineList"},
  RouteAnswer{"GET",  "/api/quarantine/{id}", "application/json application/octet-stream", "QuarantineEntry", "404"},
  RouteAnswer{"POST", "/api/quarantine/replay", "application/json", "Replayed", "401 404 415"},
  RouteAnswer{"POST", "/api/quarantine/drop", "application/json", "Dropped", "401 404 415"},
  RouteAnswer{"GET",  "/api/fields",        "application/json", "Fields"},
  RouteAnswer{"GET",  "/api/status",        "application/json", "Status"},
  RouteAnswer{"GET",  "/healthz",           "text/plain", ""},
  RouteAnswer{"GET",  "/metrics",           "text/plain", ""},
  RouteAnswer{"POST", "/sns/",              "", "", "401 415"},
  RouteAnswer{"POST", "/sns",               "", "", "401 415"},
  RouteAnswer{"POST", "/firehose",          "application/json", "FirehoseAnswer", "401 415"},
  RouteAnswer{"POST", "/awslogs",           "application/json", "IngestAccount", "401 415"},
  RouteAnswer{"POST", "/ingest",            "application/json", "IngestAccount", "401 415"},
  RouteAnswer{"GET",  "/elastic", "application/json", "ElasticAnswer"},
  RouteAnswer{"GET",  "/elastic/", "application/json", "ElasticAnswer"},
  RouteAnswer{"GET",  "/elastic/_cluster/health", "application/json", "ElasticAnswer"},
  RouteAnswer{"GET",  "/elastic/_search", "application/json", "ElasticAnswer"},
  RouteAnswer{"POST", "/elastic/_search", "application/json", "ElasticAnswer"},
  RouteAnswer{"GET",  "/elastic/{index}/_search", "application/json", "ElasticAnswer"},
  RouteAnswer{"POST", "/elastic/{index}/_search", "application/json", "ElasticAnswer"},
  RouteAnswer{"GET",  "/elastic/_msearch", "application/json", "ElasticAnswer"},
  RouteAnswer{"POST", "/elastic/_msearch", "application/json", "ElasticAnswer"},
  RouteAnswer{"POST", "/elastic/{index}/_msearch", "application/json", "ElasticAnswer"},
  RouteAnswer{"GET",  "/elastic/_count", "application/json", "ElasticAnswer"},
  RouteAnswer{"POST", "/elastic/_count", "application/json", "ElasticAnswer"},
  RouteAnswer{"GET",  "/elastic/{index}/_count", "application/json", "ElasticAnswer"},
  RouteAnswer{"POST", "/elastic/{index}/_count", "application/json", "ElasticAnswer"},
  RouteAnswer{"GET",  "/elastic/_mapping", "application/json", "ElasticAnswer"},
  RouteAnswer{"GET",  "/elastic/{index}/_mapping", "application/json", "ElasticAnswer"},
  RouteAnswer{"GET",  "/elastic/_field_caps", "application/json", "ElasticAnswer"},
  RouteAnswer{"POST", "/elastic/_field_caps", "application/json", "ElasticAnswer"},
  RouteAnswer{"GET",  "/elastic/{index}/_field_caps", "application/json", "ElasticAnswer"},
  RouteAnswer{"POST", "/elastic/{index}/_field_caps", "application/json", "ElasticAnswer"},
  RouteAnswer{"GET",  "/",                  "text/html", ""},
  RouteAnswer{"GET",  "/assets/{file}",     "text/javascript text/css image/svg+xml text/html", "", "404"},
};

/// Of every route: a wrong request, a host that is not trusted, too large, a fault, busy.
constexpr std::string_view kErrorsOfAll = "400 403 413 500 503";
// clang-format on

}  // namespace trailsift::server
