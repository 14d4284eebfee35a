#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "bench/deliver.h"
#include "bench/program.h"
#include "bench/template_records.h"

namespace trailsift::bench {
namespace {

int run(int argc, char** argv) {
  Workload workload{.duplicates = 0.05};
  std::string directory, templates_directory;
  CLI::App app{"Writes CloudTrail log files with invented events, the same for the same options."};
  app.add_option("--events", workload.events, "how many different events")->capture_default_str();
  app.add_option("--seed", workload.seed, "which random events")->capture_default_str();
  app.add_option("--days", workload.days, "over how many days before 2024-07-01")
      ->check(CLI::Range(1, 3650))
      ->capture_default_str();
  app.add_option("--duplicates", workload.duplicates, "share of events that are delivered twice")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--file-events", workload.file_events, "median of the events in a file")
      ->check(CLI::Range(1.0, 10'000.0))
      ->capture_default_str();
  app.add_option("--templates", templates_directory,
                 "delivered files to make the events of, instead of invented calls")
      ->type_name("DIR");
  app.add_option("--out", directory, "where AWSLogs/ goes")->required();
  CLI11_PARSE(app, argc, argv);

  const auto start = std::chrono::steady_clock::now();
  std::optional<TemplateRecords> templates;
  if (!templates_directory.empty()) {
    templates = must(TemplateRecords::read(templates_directory));
    std::fprintf(stderr, "%zu templates\n", templates->size());
  }
  const EventGenerator generator(workload, templates ? &*templates : nullptr);
  const auto done = must(deliver(generator, directory));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf("%llu events, %llu records in %llu files, %.1f MB of JSON, %.1f s\n",
              static_cast<unsigned long long>(workload.events),
              static_cast<unsigned long long>(done.records),
              static_cast<unsigned long long>(done.files), static_cast<double>(done.bytes) / 1e6,
              seconds.count());
  return 0;
}

}  // namespace
}  // namespace trailsift::bench

int main(int argc, char** argv) {
  return trailsift::bench::run_program("generate_events", argc, argv, trailsift::bench::run);
}
