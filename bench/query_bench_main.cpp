#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "bench/program.h"
#include "query/parse.h"
#include "query/search.h"
#include "schema/event.h"
#include "schema/time.h"
#include "store/store.h"

// Times the queries of bench/README.md inside the engine: no HTTP, no JSON, one caller.

namespace trailsift::bench {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr std::array kFacets = {"event_source",       "event_name",       "aws_region",
                                "user_identity_type", "event_type",       "recipient_account_id",
                                "error_code",         "source_ip_address"};

/// The median of as many runs as fit into the time, at least 5, at most 1,000.
Milliseconds median(Milliseconds time, const std::function<void()>& run) {
  std::vector<Milliseconds> runs;
  Milliseconds sum{0};
  while (runs.size() < 5 || (sum < time && runs.size() < 1000)) {
    const auto began = std::chrono::steady_clock::now();
    run();
    runs.emplace_back(std::chrono::steady_clock::now() - began);
    sum += runs.back();
  }
  const auto middle = runs.begin() + static_cast<std::ptrdiff_t>(runs.size() / 2);
  std::ranges::nth_element(runs, middle);
  return *middle;
}

/// Bytes a second that one thread reads from memory.
double read_bandwidth(Milliseconds time) {
  const std::vector<std::uint64_t> numbers(std::size_t{1} << 25U, 1);
  volatile std::uint64_t sink = 0;
  const auto took = median(time, [&] {
    sink = sink + std::accumulate(numbers.begin(), numbers.end(), std::uint64_t{0});
  });
  return static_cast<double>(numbers.size() * sizeof(numbers.front())) * 1e3 / took.count();
}

/// Bytes of ordinals that a scan of the facets' columns reads.
std::uint64_t facet_bytes(const store::Snapshot& snapshot) {
  std::uint64_t bytes = 0;
  for (const auto& segment : snapshot.segments) {
    for (const char* field : kFacets) {
      const auto* column = must(segment->column(field_index(field)));
      if (column == nullptr) continue;
      const std::uint32_t ordinals = column->ordinal_count();
      bytes += std::uint64_t{segment->size()} * (ordinals <= 256 ? 1 : ordinals <= 65536 ? 2 : 4);
    }
  }
  return bytes;
}

struct NamedQuery {
  std::string name;
  query::SearchRequest request;
};

query::SearchRequest newest(const std::string& text, std::uint32_t size = 50) {
  query::SearchRequest request;
  request.query = must(query::parse_structured(text));
  request.size = size;
  request.parts = query::HitParts::values_and_json;
  return request;
}

query::SearchRequest with_facets(query::SearchRequest request) {
  for (const char* field : kFacets) {
    request.facets.emplace_back();
    request.facets.back().field = field_index(field);
  }
  return request;
}

/// The newest event that the query finds.
Event example(const store::Snapshot& snapshot, const std::string& text) {
  const auto hits = must(query::search(snapshot, newest(text, 1))).hits;
  if (hits.empty()) throw std::runtime_error("no event for " + text);
  return hits.front();
}

/// What stands in an event from `begin` to the next quote.
std::string text_from(const Event& event, std::string_view begin) {
  const std::string& json = event.json;
  const std::size_t at = json.find(begin);
  if (at == std::string::npos) throw std::runtime_error("no " + std::string(begin) + " in " + json);
  return json.substr(at, json.find('"', at) - at);
}

std::string value_in(const Event& event, std::string_view field) {
  const auto value = value_of(event, field_index(field));
  if (!value) throw std::runtime_error("no " + std::string(field) + " in " + event.json);
  return std::string(*value);
}

query::SearchRequest sorted(query::SearchRequest request, std::string_view field, bool descending) {
  request.sort = {{field_index(field), descending}};
  return request;
}

query::SearchRequest by_the_hour(query::SearchRequest request) {
  request.histogram = query::HistogramRequest{std::chrono::hours(1)};
  return request;
}

/// The best by their scores first.
query::SearchRequest best(const std::string& text) {
  query::SearchRequest request = newest(text);
  query::ParseOptions options;
  options.scored = true;
  request.scored = must(query::parse_structured(text, options));
  request.computed_sort = {{nullptr, true}};
  return request;
}

using NamedQueries = std::vector<NamedQuery>;

constexpr const char* kSource = "event_source:'ec2.amazonaws.com'";

void add(NamedQueries& queries, std::string name, query::SearchRequest request) {
  queries.push_back({std::move(name), std::move(request)});
}

void add_by_field(NamedQueries& queries) {
  const std::string failures =
      "(and error_code:'AccessDenied' recipient_account_id:'111122223333' "
      "event_time:['2024-06-20T00:00:00Z','2024-06-27T00:00:00Z'})";
  const std::string creations =
      "(and (prefix field=event_name 'Create') (not event_name:'CreateLogStream'))";
  const std::string day = "event_time:['2024-06-12T00:00:00Z','2024-06-13T00:00:00Z'}";
  const std::string half = "event_time:['2024-06-10T00:00:00Z','2024-06-25T00:00:00Z'}";
  add(queries, "newest 50 of a frequent source", newest(kSource));
  add(queries, "newest 50 of a rare source", newest("event_source:'athena.amazonaws.com'"));
  add(queries, "count of a frequent source", newest(kSource, 0));
  add(queries, "everything, newest 50", newest("matchall"));
  add(queries, "everything, 8 facets", with_facets(newest("matchall", 0)));
  add(queries, "everything, hourly histogram", by_the_hour(newest("matchall", 0)));
  add(queries, "error, account, 7 days; 8 facets, hourly histogram, newest 10",
      by_the_hour(with_facets(newest(failures, 10))));
  add(queries, "a frequent source, 8 facets", with_facets(newest(kSource, 0)));
  add(queries, "all but a frequent source, 8 facets",
      with_facets(newest("(not " + std::string(kSource) + ")", 0)));
  add(queries, "15 days, 8 facets", with_facets(newest(half, 0)));
  add(queries, "Create* without CreateLogStream, newest 50", newest(creations));
  add(queries, "Create* without CreateLogStream, count", newest(creations, 0));
  add(queries, "one day, newest 50", newest(day));
}

void add_by_word(NamedQueries& queries, const store::Snapshot& snapshot) {
  const Event launch = example(snapshot, "event_name:'RunInstances'");
  const std::string instance = "'" + text_from(launch, "i-0") + "'";
  const std::string account = "'" + value_in(launch, "recipient_account_id") + "'";
  const std::string request_id = "'" + value_in(launch, "request_id") + "'";
  add(queries, "a common word, 8 facets", with_facets(newest("'assumed'", 0)));
  add(queries, "an instance id anywhere, newest 50", newest(instance));
  add(queries, "an account id anywhere, newest 50", newest(account));
  add(queries, "an account id anywhere, 8 facets", with_facets(newest(account, 0)));
  add(queries, "a UUID anywhere, newest 50", newest(request_id));
  add(queries, "a common word with 1 edit, newest 50",
      newest("(fuzzy field=raw distance=1 'asumed')"));
  add(queries, "a common word with 2 edits, newest 50",
      newest("(fuzzy field=raw distance=2 'asumde')"));
  add(queries, "an account id with 2 edits, newest 50",
      newest("(fuzzy field=raw distance=2 " + account + ")"));
}

void add_in_order(NamedQueries& queries) {
  add(queries, "everything by event name, first 50",
      sorted(newest("matchall"), "event_name", false));
  add(queries, "a frequent source by address, last 50",
      sorted(newest(kSource), "source_ip_address", true));
  add(queries, "a frequent source by score, best 50", best(kSource));
  add(queries, "a common word by score, best 50", best("'assumed'"));
  add(queries, "either of two words by score, best 50", best("(or 'assumed' 'denied')"));
  add(queries, "a common word with 1 edit by score, best 50",
      best("(fuzzy field=raw distance=1 'asumed')"));
}

NamedQueries workload(const store::Snapshot& snapshot) {
  NamedQueries queries;
  add_by_field(queries);
  add_by_word(queries, snapshot);
  add_in_order(queries);
  return queries;
}

/// The newest snapshot with each segment so many times over.
std::shared_ptr<const store::Snapshot> repeated(const std::string& directory, unsigned times) {
  const auto reader = must(store::Reader::open(directory));
  const auto snapshot = must(reader->snapshot());
  auto many = std::make_shared<store::Snapshot>();
  for (unsigned i = 0; i < times; ++i) {
    many->segments.insert(many->segments.end(), snapshot->segments.begin(),
                          snapshot->segments.end());
  }
  return many;
}

void time_queries(const std::string& directory, unsigned times, Milliseconds time,
                  const std::string& only) {
  query::ThreadPool pool(std::max(std::thread::hardware_concurrency(), 1U) - 1);
  const auto snapshot = repeated(directory, times);
  const double bandwidth = read_bandwidth(time);
  const auto bytes = static_cast<double>(facet_bytes(*snapshot));
  std::printf("%llu events in %zu segments; memory read %.1f GB/s\n",
              static_cast<unsigned long long>(snapshot->events()), snapshot->segments.size(),
              bandwidth / 1e9);
  std::printf("ordinals of the 8 facets: %.1f MB, read in %.3f ms\n\n", bytes / 1e6,
              bytes / bandwidth * 1e3);
  for (auto& [name, request] : workload(*snapshot)) {
    if (name.find(only) == std::string::npos) continue;
    request.help.pool = &pool;
    const auto found = must(query::search(*snapshot, request)).found;
    const auto took =
        median(time, [&, &request = request] { must(query::search(*snapshot, request)); });
    std::printf("%9.3f ms  %9llu hits  %s\n", took.count(), static_cast<unsigned long long>(found),
                name.c_str());
  }
}

int run(int argc, char** argv) {
  std::string directory;
  double milliseconds = 300;
  unsigned times = 1;
  std::string only;
  CLI::App app{"Times queries over a data directory made of the output of generate_events."};
  app.add_option("directory", directory, "the data directory")->required();
  app.add_option("--time", milliseconds, "milliseconds for each query")->capture_default_str();
  app.add_option("--repeat", times, "as if each segment were there so many times")
      ->capture_default_str();
  app.add_option("--only", only, "only queries whose name has this in it");
  CLI11_PARSE(app, argc, argv);
  time_queries(directory, times, Milliseconds(milliseconds), only);
  return 0;
}

}  // namespace
}  // namespace trailsift::bench

int main(int argc, char** argv) {
  return trailsift::bench::run_program("query_bench", argc, argv, trailsift::bench::run);
}
