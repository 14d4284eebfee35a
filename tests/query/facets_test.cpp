#include "query/facets.h"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/query/test_store.h"

namespace trailsift::query {
namespace {

using Order = FacetRequest::Order;

FacetRequest facet(std::string_view field, Order order = Order::by_count, std::uint32_t size = 10) {
  return {field_index(field), order, size, {}};
}

FacetBucket value_bucket(const std::string& value) {
  return {value, value, {}, {}};
}

FacetBucket range_bucket(const std::string& label, std::optional<Between::Bound> low,
                         std::optional<Between::Bound> high) {
  return {label, {}, std::move(low), std::move(high)};
}

FacetRequest buckets(std::string_view field, std::vector<FacetBucket> buckets) {
  return {field_index(field), Order::by_count, 10, std::move(buckets)};
}

/// `value=count` in order, then what is known of the rest.
std::string text_of(const Result<FacetResult>& result) {
  if (!result) {
    return std::string(name(result.error().code)) + ": " + result.error().message;
  }
  std::string text;
  for (const FacetCount& bucket : result->buckets) {
    text += bucket.value + "=" + std::to_string(bucket.count) + " ";
  }
  return text + "distinct=" + std::to_string(result->distinct) +
         " missing=" + std::to_string(result->missing);
}

std::string counted(const TestStore& store, const std::string& query, const FacetRequest& request) {
  SearchRequest search_request;
  search_request.query = parsed(query);
  search_request.size = 0;
  search_request.facets = {request};
  auto result = search(*store.snapshot(), search_request);
  if (!result) return text_of(tl::unexpected(result.error()));
  return text_of(std::move(result->facets.front()));
}

/// Three segments; the values of a later one come before, between and after those of an earlier.
TestStore& store() {
  static TestStore store{
      {event("a", "2021-07-29T10:00:00Z",
             R"("eventName":"Get","awsRegion":"eu-west-1","readOnly":true,
                "additionalEventData":{"bytesTransferredOut":100},
                "resources":[{"ARN":"x"},{"ARN":"y"},{"ARN":"x"}])"),
       event("b", "2021-07-29T11:00:00Z",
             R"("eventName":"Get","awsRegion":"us-east-1","readOnly":true,
                "additionalEventData":{"bytesTransferredOut":9},"resources":[{"ARN":"y"}])")},
      {event("c", "2021-07-30T10:00:00Z",
             R"("eventName":"Put","awsRegion":"eu-west-1","readOnly":false,
                "additionalEventData":{"bytesTransferredOut":-5})"),
       event("d", "2021-07-30T11:00:00Z",
             R"("eventName":"Get","additionalEventData":{"bytesTransferredOut":100},
                "resources":[{"ARN":"z"},{"ARN":"y"}])")},
      {event("e", "2021-07-31T10:00:00Z", R"("eventName":"Assume")")},
  };
  return store;
}

TEST(Facets, CountEveryValueOfEverySegment) {
  const struct {
    const char* query;
    FacetRequest request;
    const char* want;
  } kCases[] = {
      {"matchall", facet("event_name"), "Get=3 Assume=1 Put=1 distinct=3 missing=0"},
      {"matchall", facet("event_name", Order::by_value),
       "Assume=1 Get=3 Put=1 distinct=3 missing=0"},
      {"matchall", facet("event_name", Order::by_count, 1), "Get=3 distinct=3 missing=0"},
      {"matchall", facet("event_name", Order::by_value, 2), "Assume=1 Get=3 distinct=3 missing=0"},
      {"matchall", facet("event_name", Order::by_count, 0), "distinct=3 missing=0"},
      {"matchall", facet("aws_region"), "eu-west-1=2 us-east-1=1 distinct=2 missing=2"},
      {"matchall", facet("error_code"), "distinct=0 missing=5"},
      {"matchall", facet("read_only", Order::by_value), "false=1 true=2 distinct=2 missing=2"},
      {"matchall", facet("bytes_out", Order::by_value), "-5=1 9=1 100=2 distinct=3 missing=1"},
      {"matchall", facet("bytes_out"), "100=2 -5=1 9=1 distinct=3 missing=1"},
      {"event_name:'Get'", facet("aws_region"), "eu-west-1=1 us-east-1=1 distinct=2 missing=1"},
      {"event_name:'Nothing'", facet("aws_region"), "distinct=0 missing=0"},
  };
  for (const auto& c : kCases) EXPECT_EQ(counted(store(), c.query, c.request), c.want) << c.query;
}

TEST(Facets, CountAnEventOnceForEachOfItsValues) {
  EXPECT_EQ(counted(store(), "matchall", facet("resources_arn")),
            "y=3 x=1 z=1 distinct=3 missing=2");
  EXPECT_EQ(
      counted(store(), "matchall",
              buckets("resources_arn", {value_bucket("y"), range_bucket("x..z", Between::Bound{"x"},
                                                                        Between::Bound{"z"})})),
      "y=3 x..z=3 distinct=0 missing=2");
}

TEST(Facets, CountNamedBucketsInTheOrderOfTheRequest) {
  const Between::Bound nine{"9"};
  const Between::Bound after_nine{"9", false};
  const Between::Bound hundred{"100"};
  const struct {
    FacetRequest request;
    const char* want;
  } kCases[] = {
      {buckets("event_name", {value_bucket("Put"), value_bucket("get"), value_bucket("Get")}),
       "Put=1 get=0 Get=3 distinct=0 missing=0"},
      {buckets("read_only", {value_bucket("TRUE")}), "TRUE=2 distinct=0 missing=2"},
      {buckets("bytes_out",
               {range_bucket("[9,100]", nine, hundred), range_bucket("{9,}", after_nine, {}),
                range_bucket("{,9}", {}, after_nine), range_bucket("{,}", {}, {}),
                range_bucket("[100,9]", hundred, nine),
                range_bucket("[7e2,}", Between::Bound{"7e2"}, {})}),
       "[9,100]=3 {9,}=2 {,9}=1 {,}=4 [100,9]=0 [7e2,}=0 distinct=0 missing=1"},
      {buckets("error_code", {value_bucket("AccessDenied")}),
       "AccessDenied=0 distinct=0 missing=5"},
      {buckets("event_time",
               {range_bucket("29th", Between::Bound{"2021-07-29T00:00:00Z"},
                             Between::Bound{"2021-07-30T00:00:00Z", false}),
                range_bucket("later", Between::Bound{"2021-07-29T11:00:00Z", false}, {}),
                value_bucket("2021-07-31T10:00:00Z"), value_bucket("2021-07-31T10:00:00.001Z")}),
       "29th=2 later=3 2021-07-31T10:00:00Z=1 2021-07-31T10:00:00.001Z=0 distinct=0 missing=0"},
  };
  for (const auto& c : kCases) EXPECT_EQ(counted(store(), "matchall", c.request), c.want);
}

TEST(Facets, RefuseWhatCannotBeCounted) {
  const struct {
    FacetRequest request;
    const char* want;
  } kCases[] = {
      {facet("raw"), "bad_request: cannot count facet 'raw': the field has no column"},
      {facet("event_time"), "bad_request: expected buckets for facet 'event_time', got none"},
      {facet("event_name", Order::by_count, 10'001),
       "too_large: expected at most 10000 buckets for facet 'event_name', got 10001"},
      {buckets("event_name", std::vector<FacetBucket>(10'001, value_bucket("x"))),
       "too_large: expected at most 10000 buckets for facet 'event_name', got 10001"},
      {buckets("bytes_out", {value_bucket("many")}),
       "bad_request: expected buckets of type integer for facet 'bytes_out', got 'many'"},
      {buckets("event_time", {range_bucket("[today,}", Between::Bound{"today"}, {})}),
       "bad_request: expected buckets of type time for facet 'event_time', got '[today,}'"},
  };
  for (const auto& c : kCases) EXPECT_EQ(counted(store(), "matchall", c.request), c.want);
}

TEST(Facets, StopAtTheDeadline) {
  const auto snapshot = store().snapshot();
  std::vector<SegmentHits> hits;
  for (const auto& segment : snapshot->segments) {
    hits.push_back({segment.get(), DocSet(DocRange{0, segment->size()})});
  }
  const Deadline passed(Deadline::Clock::now() - std::chrono::seconds(1));
  for (const auto& request :
       {facet("event_name"), buckets("event_time", {value_bucket("2021-07-31T10:00:00Z")})}) {
    const auto result = count_facet(request, hits, passed);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::too_large);
  }
}

}  // namespace
}  // namespace trailsift::query
