#include "server/metrics.h"

#include <string>
#include <utility>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace trailsift::server {
namespace {

const std::vector<double>& latency_bounds() {
  static const std::vector<double> kBounds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                              0.1,    0.25,  0.5,    1,     2.5,  5,     10};
  return kBounds;
}

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

using Samples = std::vector<std::pair<std::string, std::uint64_t>>;

/// A family whose figures come from the data directory: they outlive the program, and another one
/// may count.
prometheus::MetricFamily family(prometheus::MetricType type, const char* name, const char* help,
                                const char* label, const Samples& samples) {
  prometheus::MetricFamily family{name, help, type, {}};
  for (const auto& [value, figure] : samples) {
    prometheus::ClientMetric metric;
    if (label[0] != '\0') metric.label.push_back({label, value});
    metric.counter.value = metric.gauge.value = static_cast<double>(figure);
    family.metric.push_back(std::move(metric));
  }
  return family;
}

void add_deliveries(std::vector<prometheus::MetricFamily>& families,
                    const indexer::LedgerSums& sums) {
  using prometheus::MetricType;
  Samples states;
  for (std::size_t i = 0; i < indexer::kDeliveryStates; ++i) {
    states.emplace_back(name(static_cast<indexer::DeliveryState>(i)),
                        sums.by_state.at(i).deliveries);
  }
  families.push_back(family(MetricType::Gauge, "trailsift_deliveries", "Deliveries in the ledger",
                            "state", states));
  const indexer::DeliverySums ever = sums.ever();
  const indexer::DeliveryCounts& counts = ever.counts;
  families.push_back(family(MetricType::Counter, "trailsift_delivery_attempts_total",
                            "Attempts at deliveries", "", {{"", ever.attempts}}));
  families.push_back(family(MetricType::Counter, "trailsift_delivered_records_total",
                            "Records read, by what became of them", "outcome",
                            {{"indexed", counts.indexed},
                             {"duplicates", counts.duplicates},
                             {"filtered", counts.filtered},
                             {"rejected", counts.rejected}}));
  families.push_back(family(MetricType::Counter, "trailsift_delivered_bytes_total",
                            "Bytes read, as delivered", "", {{"", counts.bytes}}));
}

double seconds(std::chrono::milliseconds time) {
  return std::chrono::duration<double>(time).count();
}

void add_lag(std::vector<prometheus::MetricFamily>& families, const char* name, const char* help,
             const std::optional<std::chrono::milliseconds>& lag) {
  if (!lag) return;
  auto lags = family(prometheus::MetricType::Gauge, name, help, "", {{"", 0}});
  lags.metric.front().gauge.value = seconds(*lag);
  families.push_back(std::move(lags));
}

void add_intake(std::vector<prometheus::MetricFamily>& families,
                const indexer::IntakeFigures& intake) {
  using prometheus::MetricType;
  families.push_back(
      family(MetricType::Counter, "trailsift_intake_messages_total",
             "Messages since the start, by what became of them", "outcome",
             {{"done", intake.done}, {"failed", intake.failed}, {"refused", intake.refused}}));
  families.push_back(family(MetricType::Gauge, "trailsift_intake_messages_in_hand",
                            "Messages whose outcome is not known yet", "", {{"", intake.in_hand}}));
  families.push_back(family(MetricType::Counter, "trailsift_intake_bytes_total",
                            "Bytes of messages and of fetched objects", "", {{"", intake.bytes}}));
  Samples notices;
  for (std::size_t i = 0; i < indexer::kNotices; ++i) {
    notices.emplace_back(name(static_cast<indexer::Notice>(i)), intake.notices.at(i));
  }
  families.push_back(family(MetricType::Counter, "trailsift_intake_notices_total",
                            "Messages that need nothing but to be acknowledged", "notice",
                            notices));
  add_lag(families, "trailsift_intake_event_lag_seconds",
          "From the newest event of a delivery to its being searchable, at the last commit",
          intake.event_lag);
  add_lag(families, "trailsift_intake_delivery_lag_seconds",
          "From the arrival of a message to its events being searchable, at the last commit",
          intake.delivery_lag);
}

void add_queues(std::vector<prometheus::MetricFamily>& families,
                const std::vector<indexer::SqsPollerFigures>& queues) {
  using prometheus::MetricType;
  using Figure = std::uint64_t (*)(const indexer::SqsPollerFigures&);
  const auto add = [&](MetricType type, const char* name, const char* help, Figure figure) {
    Samples samples;
    for (const auto& queue : queues) samples.emplace_back(queue.queue, figure(queue));
    families.push_back(family(type, name, help, "queue", samples));
  };
  if (queues.empty()) return;
  add(MetricType::Counter, "trailsift_queue_received_total", "Messages received of a queue",
      [](const auto& queue) { return queue.received; });
  add(MetricType::Counter, "trailsift_queue_deleted_total", "Messages deleted from a queue",
      [](const auto& queue) { return queue.deleted; });
  add(MetricType::Counter, "trailsift_queue_failed_total",
      "Messages left in a queue, to come again", [](const auto& queue) { return queue.failed; });
  add(MetricType::Gauge, "trailsift_queue_in_flight", "Messages of a queue in hand",
      [](const auto& queue) { return queue.in_flight; });
  add(MetricType::Gauge, "trailsift_queue_failing", "1 while calls to a queue fail",
      [](const auto& queue) { return std::uint64_t{queue.error ? 1U : 0U}; });
}

}  // namespace

struct Metrics::Families {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests =
      prometheus::BuildCounter()
          .Name("trailsift_http_requests_total")
          .Help("Requests answered, by route and status")
          .Register(registry);
  prometheus::Family<prometheus::Histogram>& seconds =
      prometheus::BuildHistogram()
          .Name("trailsift_http_request_seconds")
          .Help("Time from a request's last byte to its answer, by route")
          .Register(registry);
  prometheus::Gauge& events = gauge(registry, "trailsift_events", "Events in the store");
  prometheus::Gauge& segments = gauge(registry, "trailsift_segments", "Segments in the store");
  prometheus::Gauge& bytes = gauge(registry, "trailsift_segment_bytes", "Bytes of all segments");
  prometheus::Gauge& generation =
      gauge(registry, "trailsift_generation", "Number of the newest commit or merge");
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {}

Metrics::~Metrics() = default;

void Metrics::count_request(std::string_view route, int status, std::chrono::nanoseconds took) {
  const std::string name(route);
  families_->requests.Add({{"route", name}, {"status", std::to_string(status)}}).Increment();
  families_->seconds.Add({{"route", name}}, latency_bounds())
      .Observe(std::chrono::duration<double>(took).count());
}

std::string Metrics::text(const store::Snapshot& snapshot, const Intake& intake,
                          const std::optional<SourceFigures>& sources) {
  std::uint64_t bytes = 0;
  for (const auto& segment : snapshot.segments) bytes += segment->bytes().total();
  families_->events.Set(static_cast<double>(snapshot.events()));
  families_->segments.Set(static_cast<double>(snapshot.segments.size()));
  families_->bytes.Set(static_cast<double>(bytes));
  families_->generation.Set(static_cast<double>(snapshot.generation));
  auto families = families_->registry.Collect();
  if (intake.deliveries) add_deliveries(families, *intake.deliveries);
  if (intake.quarantined) {
    families.push_back(family(prometheus::MetricType::Gauge, "trailsift_quarantine_entries",
                              "Entries on the quarantine list", "", {{"", *intake.quarantined}}));
  }
  if (sources) {
    add_intake(families, sources->intake);
    add_queues(families, sources->queues);
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace trailsift::server
