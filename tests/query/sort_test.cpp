#include "query/sort.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "query/load_event.h"
#include "tests/query/test_store.h"

namespace trailsift::query {
namespace {

/// "event_name+ bytes_out-" as sort keys.
std::vector<SortKey> keys(const std::string& text) {
  std::vector<SortKey> keys;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    keys.push_back({field_index(text.substr(begin, end - 1 - begin)), text[end - 1] == '-'});
    begin = end + 1;
  }
  return keys;
}

std::string text_of(const std::vector<SortKey>& keys) {
  std::string text;
  for (const SortKey& key : keys) {
    text += std::string(text.empty() ? "" : " ") + std::string(field_at(key.field).name) +
            (key.descending ? "-" : "+");
  }
  return text;
}

std::vector<SegmentHits> everything(const store::Snapshot& snapshot) {
  std::vector<SegmentHits> hits;
  for (const auto& segment : snapshot.segments) {
    hits.push_back({segment.get(), DocSet(DocRange{0, segment->size()})});
  }
  return hits;
}

std::string ids(const std::vector<Hit>& hits) {
  std::string text;
  for (const Hit& hit : hits) {
    const auto event = load_event(*hit.segment, hit.doc);
    text += event ? event->id : "error: " + event.error().message;
  }
  return text;
}

std::string sorted(const TestStore& store, const std::vector<SortKey>& order,
                   std::size_t limit = 100, const std::optional<Position>& after = {}) {
  const auto snapshot = store.snapshot();
  const auto hits = everything(*snapshot);
  const auto first = first_hits(deciding_keys(order), hits, after, limit, Deadline());
  return first ? ids(*first) : "error: " + first.error().message;
}

/// Paging in an order over more documents than are looked at in one go, from one that begins no
/// word of a bitmap on.
TEST(Sort, NeitherRepeatsNorLosesHitsOfALargeSegment) {
  constexpr int kEvents = 5000;
  std::vector<Event> events;
  for (int i = 0; i < kEvents; ++i) {
    const std::string minute = std::to_string(100 + i / 60 % 60).substr(1);
    const std::string second = std::to_string(100 + i % 60).substr(1);
    events.push_back(event(
        "e" + std::to_string(10'000 + i),
        "2021-07-29T1" + std::to_string(i / 3600) + ":" + minute + ":" + second + "Z",
        R"("additionalEventData":{"bytesTransferredOut":)" + std::to_string(i * 7919 % 997) + "}"));
  }
  const TestStore large{events};
  const auto snapshot = large.snapshot();
  for (const DocId begin : {0U, 1U, 37U, 63U, 64U, 700U}) {
    for (const char* order : {"bytes_out+", "bytes_out-", "bytes_out- event_name+"}) {
      const std::vector<SegmentHits> hits = {
          {snapshot->segments.front().get(), DocSet(DocRange{begin, kEvents})}};
      const auto all = first_hits(keys(order), hits, {}, kEvents, Deadline());
      ASSERT_TRUE(all);
      ASSERT_EQ(all->size(), kEvents - begin);
      for (const std::size_t limit : {1U, 50U, 100U, 777U}) {
        const auto page = first_hits(keys(order), hits, {}, limit, Deadline());
        ASSERT_TRUE(page);
        ASSERT_EQ(page->size(), limit);
        for (std::size_t i = 0; i < limit; ++i) {
          ASSERT_EQ((*page)[i].doc, (*all)[i].doc) << order << begin << " " << limit << " " << i;
        }
      }
    }
  }
}

/// Two segments whose times and values interleave; b, e and h share a time.
TestStore& store() {
  static TestStore store{
      {event("a", "2021-07-29T10:00:00Z", R"("eventName":"Get","awsRegion":"eu-west-1")"),
       event("h", "2021-07-29T11:00:00Z",
             R"("eventName":"Put","additionalEventData":{"bytesTransferredOut":9})"),
       event("b", "2021-07-29T11:00:00Z",
             R"("eventName":"Get","additionalEventData":{"bytesTransferredOut":100})"),
       event("d", "2021-07-29T13:00:00Z", R"("eventName":"Assume","awsRegion":"us-east-1")")},
      {event("f", "2021-07-29T09:00:00Z",
             R"("eventName":"Get","additionalEventData":{"bytesTransferredOut":-3})"),
       event("e", "2021-07-29T11:00:00Z", R"("eventName":"Head","awsRegion":"eu-west-1")"),
       event("g", "2021-07-29T12:00:00Z",
             R"("eventName":"Put","additionalEventData":{"bytesTransferredOut":100})")},
  };
  return store;
}

TEST(Sort, OrdersAcrossSegments) {
  const struct {
    const char *order, *ids;
  } kCases[] = {
      {"", "dgbehaf"},
      {"event_time-", "dgbehaf"},
      {"event_time+", "fabehgd"},
      {"event_time+ event_id-", "fahebgd"},
      {"event_time- event_id-", "dghebaf"},
      {"event_id+", "abdefgh"},
      {"event_id- event_name+", "hgfedba"},
      {"event_name+", "dbafegh"},
      {"event_name-", "ghebafd"},
      {"event_name+ event_time+", "dfabehg"},
      {"event_name+ event_id-", "dfbaehg"},
      {"bytes_out+", "fhgbdea"},
      {"bytes_out-", "gbhfdea"},
      {"aws_region+ bytes_out-", "eadgbhf"},
      {"aws_region- event_id+", "daebfgh"},
      {"event_time- bytes_out+", "dghbeaf"},
      {"event_time+ bytes_out-", "fabhegd"},
      {"error_code+", "dgbehaf"},
      {"error_code- event_id-", "hgfedba"},
      {"user_agent+ event_time+", "fabehgd"},
  };
  for (const auto& c : kCases) {
    const std::string all = c.ids;
    EXPECT_EQ(sorted(store(), keys(c.order)), all) << c.order;
    for (std::size_t limit = 0; limit < all.size(); ++limit) {
      EXPECT_EQ(sorted(store(), keys(c.order), limit), all.substr(0, limit)) << c.order;
    }
  }
}

TEST(Sort, GoesOnAfterAPosition) {
  const auto snapshot = store().snapshot();
  for (const char* order :
       {"", "event_time+", "event_id+", "event_id-", "event_name+", "event_name-", "bytes_out+",
        "bytes_out-", "aws_region+ bytes_out-", "event_time- bytes_out+", "event_time+ bytes_out-",
        "error_code+", "error_code- event_id-"}) {
    const auto deciding = deciding_keys(keys(order));
    const std::string all = sorted(store(), deciding);
    const auto hits = first_hits(deciding, everything(*snapshot), {}, 100, Deadline());
    ASSERT_TRUE(hits);
    for (std::size_t i = 0; i < hits->size(); ++i) {
      const auto position = position_of(deciding, (*hits)[i]);
      ASSERT_TRUE(position);
      EXPECT_EQ(sorted(store(), deciding, 100, *position), all.substr(i + 1)) << order << " " << i;
      EXPECT_EQ(sorted(store(), deciding, 2, *position), all.substr(i + 1, 2)) << order << " " << i;
    }
  }
}

TEST(Sort, GoesOnAfterAPositionThatNoSegmentHas) {
  const struct {
    const char* order;
    Position after;
    const char* ids;
  } kCases[] = {
      {"", {{}, at("2021-07-29T11:00:00Z"), "c"}, "ehaf"},
      {"", {{}, at("2030-01-01T00:00:00Z"), "c"}, "dgbehaf"},
      {"", {{}, at("2000-01-01T00:00:00Z"), "c"}, ""},
      {"event_name+", {{"Get"}, at("2021-07-29T10:30:00Z"), "x"}, "afegh"},
      {"event_name+", {{"Go"}, at("2021-07-29T10:30:00Z"), "x"}, "egh"},
      {"event_name-", {{"Go"}, at("2021-07-29T10:30:00Z"), "x"}, "bafd"},
      {"event_name-", {{"A"}, at("2021-07-29T10:30:00Z"), "x"}, ""},
      {"bytes_out+", {{"50"}, at("2021-07-29T10:30:00Z"), "x"}, "gbdea"},
      {"bytes_out-", {{std::nullopt}, at("2021-07-29T11:00:00Z"), "c"}, "ea"},
      {"error_code+", {{"AccessDenied"}, at("2021-07-29T11:00:00Z"), "c"}, "dgbehaf"},
      {"error_code-", {{"AccessDenied"}, at("2021-07-29T11:00:00Z"), "c"}, "dgbehaf"},
      {"event_time+", {{std::nullopt}, at("2021-07-29T11:00:00Z"), "c"}, "ehgd"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(sorted(store(), keys(c.order), 100, c.after), c.ids) << c.order << " " << c.after.id;
  }
}

TEST(DecidingKeys, LeaveOutWhatDecidesNothing) {
  const struct {
    const char *order, *deciding;
  } kCases[] = {
      {"", ""},
      {"event_time-", ""},
      {"event_time- event_id+", ""},
      {"event_time+", "event_time+"},
      {"event_time+ event_id+", "event_time+"},
      {"event_time- event_id-", "event_time- event_id-"},
      {"event_name+ event_time-", "event_name+"},
      {"event_name+ event_time- event_id+", "event_name+"},
      {"event_name+ event_id+", "event_name+ event_id+"},
      {"event_id+ event_name+ event_time-", "event_id+"},
      {"event_name+ event_name- aws_region-", "event_name+ aws_region-"},
      {"event_time- aws_region+ event_time- event_id+", "event_time- aws_region+"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(text_of(deciding_keys(keys(c.order))), c.deciding) << c.order;
  }
}

TEST(CheckSort, RefusesWhatHasNoOrder) {
  const struct {
    std::vector<SortKey> keys;
    const char* want;
  } kCases[] = {
      {keys("resources_arn+"), "cannot sort by 'resources_arn': it can have several values"},
      {keys("raw+"), "cannot sort by 'raw': it can have several values"},
      {std::vector<SortKey>(11, keys("event_name+")[0]), "expected at most 10 sort keys, got 11"},
  };
  for (const auto& c : kCases) {
    const auto checked = check_sort(c.keys);
    ASSERT_FALSE(checked) << c.want;
    EXPECT_EQ(checked.error().message, c.want);
  }
  EXPECT_TRUE(check_sort(keys("event_id- event_time+ read_only+ user_agent-")));
}

TEST(Sort, StopsAtTheDeadline) {
  const auto snapshot = store().snapshot();
  const Deadline passed(Deadline::Clock::now() - std::chrono::seconds(1));
  for (const char* order : {"event_name+", "error_code-", "event_time+"}) {
    const auto first = first_hits(keys(order), everything(*snapshot), {}, 5, passed);
    ASSERT_FALSE(first) << order;
    EXPECT_EQ(first.error().code, ErrorCode::too_large) << order;
  }
}

}  // namespace
}  // namespace trailsift::query
