#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/event_calls.h"
#include "bench/event_world.h"
#include "bench/template_records.h"

namespace trailsift::bench {

/// What to generate. Equal workloads give equal bytes on every machine.
struct Workload {
  std::uint64_t events = 20'000;  ///< Different events.
  std::uint64_t seed = 1;
  int days = 30;            ///< They lie in so many days before 2024-07-01.
  double duplicates = 0.0;  ///< Share of the events that a later file delivers once more, 0 to 1.
  double file_events = 11;  ///< Median of the events in a file; as measured on real deliveries.
};

/// One log file: some new events and some that an earlier file already had.
struct DeliveredFile {
  std::size_t account = 0;
  std::size_t region = 0;
  std::int64_t time_s = 0;     ///< When it was delivered; its events lie up to ten minutes before.
  std::uint64_t first = 0;     ///< Number of its first event in the whole workload.
  std::uint32_t count = 0;     ///< New events.
  std::uint32_t repeated = 0;  ///< Leading events of `repeats`, delivered again.
  std::size_t repeats = 0;     ///< Index of an earlier file of the same account and region.
};

/// CloudTrail deliveries as five busy accounts would have them: calls by Zipf's law, people by day
/// and machines by night, resources that keep their ids, errors, second deliveries.
/// With `templates`, which must outlive it, the events are made of these instead of the call table.
/// Immutable once made, so any number of threads may use it.
class EventGenerator {
 public:
  explicit EventGenerator(const Workload& workload, const TemplateRecords* templates = nullptr);

  const std::vector<DeliveredFile>& files() const { return files_; }

  /// Appends new event `n` (below `file.count`) of a file: one JSON object on one line.
  void append_event(const DeliveredFile& file, std::uint32_t n, std::string& out) const;

  /// Appends a file as delivered, unpacked: {"Records":[…]}.
  void append_file(const DeliveredFile& file, std::string& out) const;

  /// AWSLogs/ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/ACCOUNT_CloudTrail_REGION_…json.gz
  std::string path(const DeliveredFile& file) const;

  /// Every event once, in order of delivery.
  std::vector<std::string> events() const;

 private:
  struct Piece {
    std::string_view literal;
    bool has_slot = false;
    Slot slot = 0;  // Appended after the literal.
  };
  using Text = std::vector<Piece>;
  struct Call {
    const CallTemplate* row = nullptr;
    double cumulative = 0;  // Share of the calls up to and with this one.
    Text request, response, resources;
  };

  static Text compile(std::string_view text);
  static void append_text(const Text& text, const Scene& scene, std::string& out);
  static void append_head(const Call& call, const Scene& scene, char caller, std::string& out);
  static void append_outcome(const Call& call, const Scene& scene, char caller, std::string& out);
  static void append_tail(const Call& call, const Scene& scene, char caller, std::string& out);

  void plan(const Workload& workload);
  Scene scene(const DeliveredFile& file, std::uint32_t n) const;
  const Call& call_of(const Scene& scene) const;

  std::uint64_t seed_;
  const TemplateRecords* templates_;
  std::vector<Call> calls_;
  std::vector<DeliveredFile> files_;
};

}  // namespace trailsift::bench
