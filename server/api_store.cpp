#include <algorithm>
#include <optional>
#include <utility>

#include "query/search.h"
#include "server/api_answer.h"
#include "server/delivery_json.h"
#include "server/intake_figures.h"
#include "server/json_out.h"
#include "server/routes.h"
#include "server/segment_size_json.h"
#include "server/source_figures.h"

namespace trailsift::server {
namespace {

void write_bytes(JsonOut& out, const store::SegmentSize& bytes) {
  out.key("bytes");
  out.begin_object();
  write_segment_size(out, bytes);
  out.end_object();
}

void write_contents(JsonOut& out, const store::Snapshot& snapshot) {
  store::SegmentSize bytes;
  for (const auto& segment : snapshot.segments) {
    bytes.terms += segment->bytes().terms;
    bytes.columns += segment->bytes().columns;
    bytes.records += segment->bytes().records;
  }
  out.member("generation", snapshot.generation);
  out.member("segments", snapshot.segments.size());
  out.member("events", snapshot.events());
  if (!snapshot.segments.empty()) {
    const auto oldest = std::ranges::min(snapshot.segments, {},
                                         [](const auto& segment) { return segment->oldest(); });
    const auto newest = std::ranges::max(snapshot.segments, {},
                                         [](const auto& segment) { return segment->newest(); });
    out.member("oldest", format_time(oldest->oldest()));
    out.member("newest", format_time(newest->newest()));
  }
  write_bytes(out, bytes);
  out.key("segment_list");
  out.begin_array();
  for (const auto& segment : snapshot.segments) {
    out.begin_object();
    out.member("name", segment->name());
    out.member("events", std::uint64_t{segment->live()});
    out.member("oldest", format_time(segment->oldest()));
    out.member("newest", format_time(segment->newest()));
    write_bytes(out, segment->bytes());
    out.end_object();
  }
  out.end_array();
}

/// The events can be searched whatever has become of the ledger and the quarantine list.
void write_intake(JsonOut& out, const Intake& intake) {
  out.key("deliveries");
  out.begin_object();
  if (intake.deliveries) {
    out.key("states");
    out.begin_object();
    for (std::size_t i = 0; i < indexer::kDeliveryStates; ++i) {
      out.member(name(static_cast<indexer::DeliveryState>(i)),
                 intake.deliveries->by_state.at(i).deliveries);
    }
    out.end_object();
    out.key("totals");
    out.begin_object();
    write_sums(out, intake.deliveries->ever());
    out.end_object();
  } else {
    out.member("problem", intake.deliveries.error().message);
  }
  out.end_object();
  out.key("quarantine");
  out.begin_object();
  if (intake.quarantined) {
    out.member("entries", *intake.quarantined);
  } else {
    out.member("problem", intake.quarantined.error().message);
  }
  out.end_object();
}

}  // namespace

Checked<HttpResponse> get_event(Context& context, const Call& call) {
  const auto snapshot = context.reader.snapshot();
  if (!snapshot) return refuse(snapshot.error());
  auto event = query::find_event(**snapshot, call.path_argument);
  if (!event) return refuse(event.error());
  return json_answer(std::move(event->json));
}

Checked<HttpResponse> get_status(Context& context, const Call&) {
  const auto snapshot = context.reader.snapshot();
  if (!snapshot) return refuse(snapshot.error());
  const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::steady_clock::now() - context.started);
  JsonOut out;
  out.begin_object();
  out.member("version", context.version);
  out.member("uptime_seconds", static_cast<std::uint64_t>(uptime.count()));
  write_contents(out, **snapshot);
  write_intake(out, read_intake(context.data));
  if (context.sources != nullptr) {
    out.key("sources");
    write_sources(out, read_sources(*context.sources));
  }
  out.end_object();
  return json_answer(out.text());
}

Checked<HttpResponse> get_health(Context& context, const Call&) {
  const auto snapshot = context.reader.snapshot();
  if (!snapshot) {
    Refusal unhealthy{snapshot.error()};
    unhealthy.status = 503;
    return tl::unexpected(std::move(unhealthy));
  }
  return HttpResponse{200, "text/plain; charset=utf-8", "ok\n", {}};
}

Checked<HttpResponse> get_metrics(Context& context, const Call&) {
  const auto snapshot = context.reader.snapshot();
  if (!snapshot) return refuse(snapshot.error());
  const auto sources =
      context.sources != nullptr ? std::optional(read_sources(*context.sources)) : std::nullopt;
  return HttpResponse{200,
                      "text/plain; version=0.0.4; charset=utf-8",
                      context.metrics.text(**snapshot, read_intake(context.data), sources),
                      {}};
}

}  // namespace trailsift::server
