#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/intake_figures.h"
#include "server/source_figures.h"
#include "store/store.h"

namespace trailsift::server {

/// The figures that GET /metrics shows. Any thread.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// `route` is a path of the route table or "none", so that clients cannot make up series.
  void count_request(std::string_view route, int status, std::chrono::nanoseconds took);

  /// The Prometheus text format, with the store as `snapshot` has it. Series of what `intake` could
  /// not read are left out, and those of sources where there are none.
  std::string text(const store::Snapshot& snapshot, const Intake& intake,
                   const std::optional<SourceFigures>& sources);

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace trailsift::server
