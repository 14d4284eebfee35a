// A store of which events were deleted answers as one that never had them.
#include <chrono>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "query/find_hits.h"
#include "query/new_hits.h"
#include "query/parse.h"
#include "query/search.h"
#include "query/statistics.h"
#include "query/suggest_values.h"
#include "query/values_beginning.h"
#include "store/store.h"
#include "tests/support/batch_of.h"
#include "tests/support/random_events.h"
#include "tests/support/random_kql.h"
#include "tests/support/random_seed.h"
#include "tests/support/temp_directory.h"

namespace trailsift::query {
namespace {

using Batches = std::vector<std::vector<Event>>;

store::WriterOptions scratch() {
  store::WriterOptions options;
  options.durable = options.background_merges = false;
  return options;
}

template <class T>
T value_of(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

/// A store in a directory of its own.
struct Scratch {
  test::TempDirectory directory;
  std::unique_ptr<store::Writer> writer =
      value_of(store::Writer::open(directory.path() / "store", scratch()));

  void commit(const std::vector<Event>& events) {
    if (!events.empty()) value_of(writer->commit(test::batch_of(events)));
  }
};

/// All that a request is answered with, as one text.
std::string answer(const store::Snapshot& snapshot, const std::string& query, bool by_name) {
  SearchRequest request;
  ParseOptions options;
  options.now = *parse_time("2021-07-30T00:00:00Z");
  request.query = value_of(parse_kql(query, options));
  request.size = 7;
  request.cursor = "initial";
  if (by_name) request.sort = {{field_index("event_name"), true}};
  request.histogram = HistogramRequest{std::chrono::minutes(1), 60, field_index("event_name"), 3};
  for (const char* const name : {"event_name", "resources_arn", "event_id", "error_code"}) {
    FacetRequest facet{};
    facet.field = field_index(name);
    facet.size = 1000;
    request.facets.push_back(facet);
  }
  request.stats = {field_index("bytes_in"), event_time_field()};
  std::string text;
  for (int page = 0; page < 3; ++page) {
    const SearchResult result = value_of(search(snapshot, request));
    text += std::to_string(result.found) + "\n";
    for (const Event& event : result.hits) text += event.id + event.json + "\n";
    for (const FacetResult& facet : result.facets) {
      text += std::to_string(facet.distinct) + " " + std::to_string(facet.missing) + ":";
      for (const auto& bucket : facet.buckets) {
        text += bucket.value + "=" + std::to_string(bucket.count) + ",";
      }
    }
    for (const auto& bucket : result.histogram->buckets) {
      text += format_time(bucket.begin) + "=" + std::to_string(bucket.count) + ",";
    }
    for (const auto& series : result.histogram->series) text += series.value;
    for (const auto& stats : result.stats) {
      text += std::to_string(stats.count) + stats.min.value_or("") + std::to_string(stats.sum);
    }
    request.cursor = result.cursor;
  }
  return text;
}

std::string counts(const store::Snapshot& snapshot) {
  std::string text = std::to_string(snapshot.events()) + "\n";
  const Deadline deadline;
  const auto hits = value_of(find_hits(snapshot, Tree{Everything{}}, {}, {}, deadline));
  StatisticsRequest groups;
  groups.by = {field_index("event_name"), field_index("aws_region")};
  groups.distinct = field_index("event_id");
  for (const auto& group : value_of(count_groups(groups, hits, {}, deadline)).groups) {
    text += group.values[0].value_or("-") + group.values[1].value_or("-") +
            std::to_string(group.count) + format_time(group.first_seen) + "\n";
  }
  for (const char* const name : {"event_name", "actor", "resources_arn", "event_id"}) {
    for (const char* const beginning : {"", "a", "E", "c"}) {
      std::set<std::string> values;
      for (const auto& value :
           value_of(suggest_values(snapshot, field_index(name), beginning, 1000, deadline))
               .values) {
        values.insert(value.value + "=" + std::to_string(value.count.value_or(0)));
      }
      for (const auto& value : values) text += value + ",";
      const auto begun =
          value_of(values_beginning(snapshot, field_index(name), beginning, 1000, deadline));
      text += std::to_string(begun.found);
      for (const auto& value : begun.values) text += value + ",";
    }
  }
  return text;
}

TEST(Deletes, ChangeAnswersAsIfTheEventsHadNeverBeenThere) {
  const std::uint64_t seed = test::random_seed();
  SCOPED_TRACE(test::seed_note());
  test::RandomEvents random(seed);
  Scratch with, without;
  std::vector<std::string> gone;
  std::vector<Event> all;
  for (int batch = 0; batch < 3; ++batch) {
    const auto events = random.events(120);
    std::vector<Event> left;
    for (const Event& event : events) {
      const bool goes = random.chance(batch == 0 ? 10 : 30);
      if (goes) gone.push_back(event.id);
      if (!goes) left.push_back(event);
      all.push_back(event);
    }
    with.commit(events);
    without.commit(left);
  }
  const auto before = with.writer->snapshot();
  value_of(with.writer->remove(gone));
  const auto compare = [&] {
    test::RandomKql queries(seed, all);
    const auto got = with.writer->snapshot();
    const auto want = without.writer->snapshot();
    ASSERT_EQ(counts(*got), counts(*want));
    for (int i = 0; i < 150; ++i) {
      const std::string query = i == 0 ? "*" : queries.next();
      ASSERT_EQ(answer(*got, query, i % 2 == 0), answer(*want, query, i % 2 == 0)) << query;
    }
    for (const std::string& id : gone) {
      const auto event = find_event(*got, id);
      ASSERT_FALSE(event);
      ASSERT_EQ(event.error().code, ErrorCode::not_found);
    }
    // Nothing of it is new, whatever was written anew.
    ASSERT_TRUE(value_of(find_new_hits(*before, *got, Tree{Everything{}}, {}, Deadline())).empty());
  };
  ASSERT_NO_FATAL_FAILURE(compare());
  ASSERT_TRUE(with.writer->merge_all());
  ASSERT_NO_FATAL_FAILURE(compare());

  // What comes at the same time as a merge that leaves much out is told of.
  const auto more = random.events(3);
  with.commit(more);
  const auto hits = value_of(
      find_new_hits(*before, *with.writer->snapshot(), Tree{Everything{}}, {}, Deadline()));
  EXPECT_EQ(count_of(hits), 3U);
}

}  // namespace
}  // namespace trailsift::query
