#include "server/metrics.h"

#include <vector>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
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

std::string Metrics::text(const store::Snapshot& snapshot) {
  std::uint64_t bytes = 0;
  for (const auto& segment : snapshot.segments) bytes += segment->bytes().total();
  families_->events.Set(static_cast<double>(snapshot.events()));
  families_->segments.Set(static_cast<double>(snapshot.segments.size()));
  families_->bytes.Set(static_cast<double>(bytes));
  families_->generation.Set(static_cast<double>(snapshot.generation));
  return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace trailsift::server
