#include "server/source_figures.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "schema/time.h"

namespace trailsift::server {
namespace {

void write_error(JsonOut& out, std::string_view key, const std::optional<Error>& error,
                 const std::optional<Timestamp>& at = {}) {
  if (!error) return;
  out.key(key);
  out.begin_object();
  out.member("code", name(error->code));
  out.member("message", error->message);
  if (at) out.member("at", format_time(*at));
  out.end_object();
}

void write_lag(JsonOut& out, std::string_view key,
               const std::optional<std::chrono::milliseconds>& lag) {
  if (lag) out.member(key, static_cast<std::uint64_t>(std::max<std::int64_t>(0, lag->count())));
}

void write_time(JsonOut& out, std::string_view key, const std::optional<Timestamp>& time) {
  if (time) out.member(key, format_time(*time));
}

void write_intake(JsonOut& out, const indexer::IntakeFigures& intake) {
  out.member("received", intake.received);
  out.member("refused", intake.refused);
  out.member("done", intake.done);
  out.member("failed", intake.failed);
  out.member("in_hand", intake.in_hand);
  out.member("bytes", intake.bytes);
  out.key("notices");
  out.begin_object();
  for (std::size_t i = 0; i < indexer::kNotices; ++i) {
    if (intake.notices.at(i) == 0) continue;
    out.member(name(static_cast<indexer::Notice>(i)), intake.notices.at(i));
  }
  out.end_object();
  write_lag(out, "event_lag_ms", intake.event_lag);
  write_lag(out, "delivery_lag_ms", intake.delivery_lag);
  write_error(out, "last_error", intake.last_error, intake.last_error_at);
}

void write_queue(JsonOut& out, const indexer::SqsPollerFigures& queue) {
  out.begin_object();
  out.member("queue", queue.queue);
  out.member("received", queue.received);
  out.member("deleted", queue.deleted);
  out.member("failed", queue.failed);
  out.member("in_flight", queue.in_flight);
  write_time(out, "last_polled_at", queue.last_polled_at);
  write_time(out, "last_received_at", queue.last_received_at);
  write_error(out, "error", queue.error);
  out.end_object();
}

}  // namespace

SourceFigures read_sources(Sources& sources) {
  SourceFigures figures{{}, sources.intake().figures(), sources.queues()};
  for (std::size_t i = 0; i < kPushRoutes; ++i) {
    if (sources.push().open.at(i)) figures.push.push_back(name(static_cast<PushRoute>(i)));
  }
  return figures;
}

void write_sources(JsonOut& out, const SourceFigures& figures) {
  out.begin_object();
  out.key("push");
  out.begin_array();
  for (const std::string_view route : figures.push) out.string(route);
  out.end_array();
  write_intake(out, figures.intake);
  out.key("queues");
  out.begin_array();
  for (const auto& queue : figures.queues) write_queue(out, queue);
  out.end_array();
  out.end_object();
}

}  // namespace trailsift::server
