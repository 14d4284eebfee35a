#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "query/parse.h"
#include "query/search.h"
#include "store/store.h"
#include "tests/support/batch_of.h"
#include "tests/support/random_events.h"
#include "tests/support/temp_directory.h"

namespace trailsift::cli {
namespace {

constexpr std::size_t kBatches = 24;
constexpr std::size_t kBatchEvents = 40;
constexpr std::size_t kSearchers = 3;

query::SearchRequest request_for(const std::string& text) {
  query::SearchRequest request;
  auto tree = query::parse_structured(text);
  EXPECT_TRUE(tree) << text;
  if (tree) request.query = std::move(*tree);
  request.size = 50;
  query::FacetRequest facet{};
  facet.field = field_index("event_source");
  facet.size = query::kMaxFacetValues;
  request.facets.push_back(std::move(facet));
  request.histogram.emplace();
  return request;
}

/// What is wrong with an answer that must tell of one moment; empty when nothing is.
std::string contradiction(const query::SearchResult& result) {
  std::uint64_t counted = result.facets.at(0).missing;
  for (const auto& bucket : result.facets[0].buckets) counted += bucket.count;
  if (counted != result.found) return "facet counts " + std::to_string(counted);
  std::uint64_t over_time = 0;
  if (result.histogram) {
    for (const auto& bucket : result.histogram->buckets) over_time += bucket.count;
  }
  if (over_time != result.found) return "histogram counts " + std::to_string(over_time);
  std::set<std::string> ids;
  for (std::size_t i = 0; i < result.hits.size(); ++i) {
    if (!ids.insert(result.hits[i].id).second) return "twice: " + result.hits[i].id;
    if (i > 0 && result.hits[i].time > result.hits[i - 1].time) return "not newest first";
  }
  return result.hits.size() == std::min<std::uint64_t>(result.found, 50) ? "" : "hits are missing";
}

/// Searches until `writing` ends, and once more. Returns the first thing that was wrong.
std::string search_until(store::Reader& reader, const std::string& text,
                         const std::atomic<bool>& writing) {
  const query::SearchRequest request = request_for(text);
  std::uint64_t found = 0;
  for (bool last = false; !last;) {
    last = !writing;
    const auto snapshot = reader.snapshot();
    if (!snapshot) return snapshot.error().message;
    const auto result = query::search(**snapshot, request);
    if (!result) return result.error().message;
    if (auto wrong = contradiction(*result); !wrong.empty()) return wrong;
    if (result->found < found) return "found shrank";
    found = result->found;
  }
  if (text == "matchall" && found != kBatches * kBatchEvents) return "events are missing";
  return "";
}

// Under ThreadSanitizer this is what shows races between commits, merges and searches.
TEST(Concurrent, AnswersHoldWhileAWriterCommitsAndMerges) {
  const test::TempDirectory directory;
  store::WriterOptions options;
  options.durable = false;
  options.merge_width = 3;
  auto writer = store::Writer::open(directory.path(), options);
  ASSERT_TRUE(writer) << writer.error().message;
  const auto reader = store::Reader::open(directory.path());
  ASSERT_TRUE(reader) << reader.error().message;

  const std::string queries[kSearchers] = {"matchall", "(not event_name:'GetObject')",
                                           "(or 'alice' 's3.amazonaws.com')"};
  std::atomic<bool> writing = true;
  std::vector<std::string> failures(kSearchers);
  {
    std::vector<std::jthread> searchers;
    for (std::size_t i = 0; i < kSearchers; ++i) {
      searchers.emplace_back([&, i] { failures[i] = search_until(**reader, queries[i], writing); });
    }
    constexpr std::uint64_t kSeed = 8;
    test::RandomEvents events(kSeed);
    for (std::size_t batch = 0; batch < kBatches; ++batch) {
      EXPECT_TRUE((*writer)->commit(test::batch_of(events.events(kBatchEvents))));
    }
    EXPECT_TRUE((*writer)->merge_all());
    writing = false;
  }
  for (std::size_t i = 0; i < kSearchers; ++i) EXPECT_EQ(failures[i], "") << queries[i];
  writer->reset();
  const auto findings = store::check(directory.path());
  ASSERT_TRUE(findings) << findings.error().message;
  EXPECT_TRUE(findings->empty()) << findings->front();
}

}  // namespace
}  // namespace trailsift::cli
