#include <algorithm>
#include <array>
#include <utility>

#include "indexer/ledger.h"
#include "server/api_answer.h"
#include "server/delivery_json.h"
#include "server/json_out.h"
#include "server/routes.h"

namespace trailsift::server {
namespace {

Checked<std::optional<Timestamp>> time_of(const Parameters& parameters, const char* name,
                                          Timestamp now) {
  const std::string* text = parameters.find_nonempty(name);
  if (text == nullptr) return std::optional<Timestamp>();
  auto time = parse_time_bound(*text, now);
  if (time) return std::optional(*time);
  Error error = time.error();
  error.code = ErrorCode::bad_request;
  return refuse(std::move(error), name);
}

Checked<std::optional<indexer::DeliveryState>> state_of(const Parameters& parameters) {
  const std::string* text = parameters.find_nonempty("state");
  if (text == nullptr) return std::optional<indexer::DeliveryState>();
  const auto state = indexer::delivery_state_named(*text);
  if (state) return state;
  return refuse(ErrorCode::bad_request,
                "expected received, indexed, skipped, failed or quarantined, got '" + *text + "'",
                "state");
}

Checked<indexer::DeliveryQuery> query_of(const Parameters& parameters, Timestamp now) {
  indexer::DeliveryQuery query;
  for (const auto& [name, text] :
       {std::pair{"source", &query.source}, {"object", &query.object}, {"cursor", &query.cursor}}) {
    if (const std::string* value = parameters.find(name)) *text = *value;
  }
  const auto state = state_of(parameters);
  if (!state) return tl::unexpected(state.error());
  const auto from = time_of(parameters, "from", now);
  if (!from) return tl::unexpected(from.error());
  const auto to = time_of(parameters, "to", now);
  if (!to) return tl::unexpected(to.error());
  const auto limit = read_limit(parameters);
  if (!limit) return tl::unexpected(limit.error());
  query.state = *state;
  query.from = *from;
  query.to = *to;
  query.limit = *limit;
  return query;
}

void write_delivery(JsonOut& out, const indexer::Delivery& delivery) {
  out.begin_object();
  out.member("received", format_time(delivery.received));
  if (delivery.finished) out.member("finished", format_time(*delivery.finished));
  out.member("source", delivery.source);
  out.member("object", delivery.object);
  if (!delivery.etag.empty()) out.member("etag", delivery.etag);
  out.member("state", name(delivery.state));
  write_sums(out, {1, delivery.attempts, delivery.counts});
  if (delivery.newest) out.member("newest_event", format_time(*delivery.newest));
  if (!delivery.error.empty()) out.member("error", delivery.error);
  out.end_object();
}

}  // namespace

void write_sums(JsonOut& out, const indexer::DeliverySums& sums) {
  out.member("attempts", sums.attempts);
  out.member("read", sums.counts.read);
  out.member("indexed", sums.counts.indexed);
  out.member("duplicates", sums.counts.duplicates);
  out.member("filtered", sums.counts.filtered);
  out.member("rejected", sums.counts.rejected);
  out.member("bytes", sums.counts.bytes);
}

void write_deliveries(JsonOut& out, const indexer::DeliveryPage& page) {
  out.begin_object();
  out.member("total", page.totals.deliveries);
  out.key("deliveries");
  out.begin_array();
  for (const indexer::Delivery& delivery : page.deliveries) write_delivery(out, delivery);
  out.end_array();
  out.key("totals");
  out.begin_object();
  write_sums(out, page.totals);
  out.end_object();
  if (!page.cursor.empty()) out.member("cursor", page.cursor);
  out.end_object();
}

Checked<HttpResponse> get_deliveries(Context& context, const Call& call) {
  const auto query = query_of(call.parameters, context.now());
  if (!query) return tl::unexpected(query.error());
  const auto page = indexer::find_deliveries(context.data, *query);
  // The directory may be missing until the first commit makes it.
  const bool none = !page && page.error().code == ErrorCode::not_found;
  if (!page && !none) {
    const bool is_cursor = page.error().code == ErrorCode::bad_request;
    return refuse(page.error(), is_cursor ? "cursor" : "");
  }
  JsonOut out;
  write_deliveries(out, none ? indexer::DeliveryPage() : *page);
  return json_answer(out.text());
}

}  // namespace trailsift::server
