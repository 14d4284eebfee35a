#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "query/expensive_gate.h"
#include "query/thread_pool.h"
#include "server/http.h"
#include "server/keyed_documents.h"
#include "server/live_tail.h"
#include "server/metrics.h"
#include "server/parameters.h"
#include "server/refusal.h"
#include "server/request_members.h"
#include "server/sources.h"
#include "store/store.h"

namespace trailsift::server {

/// What all handlers share.
struct Context {
  store::Reader& reader;
  std::filesystem::path data;  ///< The data directory, for the ledger and the quarantine list.
  Metrics& metrics;
  std::string version;
  std::chrono::steady_clock::time_point started;
  std::chrono::milliseconds query_timeout;
  std::function<Timestamp()> now;
  query::ThreadPool& pool;
  query::ExpensiveGate& gate;  ///< For queries that take long.
  LiveTail& tail;
  Sources* sources = nullptr;  ///< nullptr: the server takes nothing in.
  bool check_host = true;      ///< See PushAccess.
  std::vector<std::string> allowed_hosts = {};
  std::stop_token stop = {};        ///< Requested when the server is told to stop.
  KeyedDocuments* saved = nullptr;  ///< Never null while requests are answered, nor the next.
  KeyedDocuments* links = nullptr;
};

/// One request, as a handler sees it.
struct Call {
  std::string path_argument;  ///< What stood in the place of a route's {…}.
  Parameters parameters;
  std::string_view request_id;
  const HttpRequest& request;
};

using Handler = Checked<HttpResponse> (*)(Context&, const Call&);

/// A row of the route table.
struct Route {
  std::string_view method;
  /// One `{name}` in it is any text; without "/" where the path goes on behind it.
  std::string_view path;
  Handler handler;  ///< nullptr for those of `push`.
  ErrorShape shape;
  std::string_view help;
  std::optional<PushRoute> push = {};              ///< Set: takes messages, and answers later.
  std::span<const Member> (*members)() = nullptr;  ///< Of a request, where a table tells them.
};

std::span<const Route> routes();

/// The row for a request and what stood in the place of its `{…}`.
struct RouteMatch {
  const Route* route = nullptr;  ///< nullptr: no row.
  std::string argument;
  std::string allowed_methods;  ///< Of the rows with this path: "GET, POST". Empty: no such path.
};
RouteMatch find_route(std::string_view method, std::string_view path);

// The handlers, by file.

Checked<HttpResponse> search(Context& context, const Call& call);  // api_search.cpp
Checked<HttpResponse> suggest_values(Context& context,
                                     const Call& call);  // cloudsearch_suggest.cpp
Checked<HttpResponse> describe_domains(Context& context, const Call& call);  // api_domains.cpp

Checked<HttpResponse> search_events(Context& context, const Call& call);    // api_query.cpp
Checked<HttpResponse> export_events(Context& context, const Call& call);    // api_export.cpp
Checked<HttpResponse> tail_events(Context& context, const Call& call);      // api_tail.cpp
Checked<HttpResponse> count_events(Context& context, const Call& call);     // api_stats.cpp
Checked<HttpResponse> explain_query(Context& context, const Call& call);    // api_explain.cpp
Checked<HttpResponse> suggest(Context& context, const Call& call);          // api_suggest.cpp
Checked<HttpResponse> get_session(Context& context, const Call& call);      // api_sessions.cpp
Checked<HttpResponse> translate_query(Context& context, const Call& call);  // api_translate.cpp
Checked<HttpResponse> get_policy(Context& context, const Call& call);       // api_policy.cpp
Checked<HttpResponse> get_openapi(Context& context, const Call& call);      // api_openapi.cpp

Checked<HttpResponse> elastic_info(Context& context, const Call& call);  // api_elastic.cpp
Checked<HttpResponse> elastic_health(Context& context, const Call& call);
Checked<HttpResponse> elastic_search(Context& context, const Call& call);
Checked<HttpResponse> elastic_msearch(Context& context, const Call& call);
Checked<HttpResponse> elastic_count(Context& context, const Call& call);
Checked<HttpResponse> elastic_mapping(Context& context, const Call& call);
Checked<HttpResponse> elastic_field_caps(Context& context, const Call& call);

Checked<HttpResponse> get_event(Context& context, const Call& call);  // api_store.cpp
Checked<HttpResponse> get_status(Context& context, const Call& call);
Checked<HttpResponse> get_health(Context& context, const Call& call);
Checked<HttpResponse> get_metrics(Context& context, const Call& call);

Checked<HttpResponse> get_deliveries(Context& context, const Call& call);  // api_deliveries.cpp

Checked<HttpResponse> get_integrity(Context& context, const Call& call);  // api_integrity.cpp
Checked<HttpResponse> get_about(Context& context, const Call& call);      // api_about.cpp

Checked<HttpResponse> get_quarantine(Context& context, const Call& call);  // api_quarantine.cpp
Checked<HttpResponse> get_quarantined(Context& context, const Call& call);
Checked<HttpResponse> replay_quarantine(Context& context, const Call& call);
Checked<HttpResponse> drop_quarantine(Context& context, const Call& call);

Checked<HttpResponse> get_saved(Context& context, const Call& call);  // api_saved.cpp
Checked<HttpResponse> get_saved_search(Context& context, const Call& call);
Checked<HttpResponse> put_saved_search(Context& context, const Call& call);
Checked<HttpResponse> delete_saved_search(Context& context, const Call& call);
Checked<HttpResponse> make_link(Context& context, const Call& call);
Checked<HttpResponse> get_link(Context& context, const Call& call);

Checked<HttpResponse> get_fields(Context& context, const Call& call);  // api_help.cpp
Checked<HttpResponse> get_routes(Context& context, const Call& call);
Checked<HttpResponse> get_page(Context& context, const Call& call);
Checked<HttpResponse> get_asset(Context& context, const Call& call);

}  // namespace trailsift::server
