// Statistics, explanations, suggestions and the walk over hits, each compared with a look at every
// one of random events.

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "query/explain.h"
#include "query/find_hits.h"
#include "query/folded.h"
#include "query/hit_walk.h"
#include "query/matches.h"
#include "query/new_hits.h"
#include "query/statistics.h"
#include "query/suggest_values.h"
#include "tests/query/brute_force.h"
#include "tests/query/random_tree.h"
#include "tests/query/test_store.h"
#include "tests/support/random_events.h"

namespace trailsift::query {
namespace {

class Counting : public testing::TestWithParam<std::uint64_t> {
 protected:
  Counting() : random_(GetParam()), truth_(make_events()), trees_(GetParam(), truth_.events()) {
    snapshot_ = store_.snapshot();
  }

  std::vector<Event> make_events() {
    test::RandomEvents records(GetParam());
    std::vector<Event> all;
    for (std::size_t i = 0; i < 5; ++i) {
      auto events = records.events(40 + below(100));
      store_.commit(events);
      for (Event& event : events) all.push_back(std::move(event));
    }
    return all;
  }

  std::vector<const Event*> hits(const Tree& tree, const InTime& time) const {
    SearchRequest request;
    request.query = clone(tree);
    request.time = time;
    return truth_.hits(request);
  }

  FieldIndex random_column() {
    while (true) {
      const Event& event = any_event();
      const FieldIndex field = event.values[below(event.values.size())].field;
      if (field_at(field).column && field != event_time_field()) return field;
    }
  }

  InTime random_time() {
    InTime time;
    if (chance(20)) time.from = any_event().time;
    if (chance(20)) time.to = any_event().time;
    return time;
  }

  Tree random_tree() { return chance(30) ? Tree{Everything{}} : trees_.next(); }
  const Event& any_event() { return truth_.events()[below(truth_.events().size())]; }
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(random_() % count); }
  bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }

  std::mt19937_64 random_;
  TestStore store_;
  BruteForce truth_;
  RandomTree trees_;
  std::shared_ptr<const store::Snapshot> snapshot_;
  ThreadPool pool_{2};
  const Deadline forever_;
};

using Values = std::vector<std::optional<std::string>>;
using GroupName = std::pair<std::optional<Timestamp>, Values>;

/// Every combination of one value of each field; nullopt where there is none.
void combine(const Event& event, const std::vector<FieldIndex>& fields, Values& values,
             std::vector<Values>& out) {
  if (values.size() == fields.size()) return out.push_back(values);
  const auto found = values_of(event, fields[values.size()]);
  if (found.empty()) {
    values.emplace_back();
    combine(event, fields, values, out);
    values.pop_back();
  }
  for (const FieldValue& value : found) {
    values.emplace_back(value.value);
    combine(event, fields, values, out);
    values.pop_back();
  }
}

struct WantedGroup {
  std::uint64_t count = 0;
  std::set<std::string> distinct;
  Timestamp first = Timestamp::max();
  Timestamp last = Timestamp::min();
};

std::map<GroupName, WantedGroup> wanted_groups(const StatisticsRequest& request,
                                               const std::vector<const Event*>& hits) {
  std::map<GroupName, WantedGroup> groups;
  for (const Event* hit : hits) {
    std::optional<Timestamp> bucket;
    if (request.interval) {
      auto into = hit->time.time_since_epoch() % *request.interval;
      if (into.count() < 0) into += *request.interval;
      bucket = hit->time - into;
    }
    Values values;
    std::vector<Values> combinations;
    combine(*hit, request.by, values, combinations);
    for (const Values& combination : combinations) {
      WantedGroup& group = groups[{bucket, combination}];
      ++group.count;
      group.first = std::min(group.first, hit->time);
      group.last = std::max(group.last, hit->time);
      if (!request.distinct) continue;
      for (const FieldValue& value : values_of(*hit, *request.distinct)) {
        group.distinct.insert(value.value);
      }
    }
  }
  return groups;
}

TEST(Statistics, CountByEachFieldOnce) {
  StatisticsRequest request;
  request.by = {field_index("actor"), field_index("event_name"), field_index("actor")};
  const auto checked = check_statistics(request);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().message, "expected each field to count by once, got 'actor' again");
}

TEST_P(Counting, StatisticsAreThoseOfALookAtEachEvent) {
  using Order = StatisticsRequest::Order;
  for (int i = 0; i < 60; ++i) {
    StatisticsRequest request;
    for (std::size_t fields = below(4); fields > 0; --fields) {
      const FieldIndex field = random_column();
      if (std::ranges::count(request.by, field) == 0) request.by.push_back(field);
    }
    if (chance(50)) request.interval = std::chrono::minutes(1 + below(5));
    if (chance(50)) request.distinct = random_column();
    request.order = static_cast<Order>(below(5));
    request.size = static_cast<std::uint32_t>(chance(50) ? 1'000'000 : below(10));
    const Tree tree = random_tree();
    SCOPED_TRACE("round " + std::to_string(i) + ": " + to_string(tree));
    const InTime time = random_time();
    const Help help{chance(50) ? &pool_ : nullptr, 0};
    const auto found = find_hits(*snapshot_, tree, time, help, forever_);
    ASSERT_TRUE(found);
    ASSERT_TRUE(check_statistics(request));
    const auto got = count_groups(request, *found, help, forever_);
    ASSERT_TRUE(got) << got.error().message;
    const auto want = wanted_groups(request, hits(tree, time));
    ASSERT_EQ(got->group_count, want.size());
    ASSERT_EQ(got->groups.size(), std::min<std::size_t>(request.size, want.size()));
    for (std::size_t j = 0; j < got->groups.size(); ++j) {
      const auto& group = got->groups[j];
      const auto at = want.find({group.bucket, group.values});
      ASSERT_NE(at, want.end());
      ASSERT_EQ(group.count, at->second.count);
      ASSERT_EQ(group.distinct, at->second.distinct.size());
      ASSERT_EQ(group.first_seen, at->second.first);
      ASSERT_EQ(group.last_seen, at->second.last);
      if (j == 0) continue;
      const auto& before = got->groups[j - 1];
      if (request.order == Order::by_count) {
        ASSERT_GE(before.count, group.count);
      }
      if (request.order == Order::rarest) {
        ASSERT_LE(before.count, group.count);
      }
      if (request.order == Order::last_seen) {
        ASSERT_GE(before.last_seen, group.last_seen);
      }
      if (request.order == Order::first_seen) {
        ASSERT_LE(before.first_seen, group.first_seen);
      }
      if (request.order == Order::by_time) {
        ASSERT_LE(before.bucket, group.bucket);
      }
    }
  }
}

TEST_P(Counting, AWalkMeetsEachHitInOrder) {
  for (int i = 0; i < 40; ++i) {
    const Tree tree = random_tree();
    const InTime time = random_time();
    auto found = find_hits(*snapshot_, tree, time, {}, forever_);
    ASSERT_TRUE(found);
    HitWalk walk(snapshot_, std::move(*found));
    std::vector<std::string> ids;
    const std::size_t step = 1 + below(50);
    while (true) {
      const auto some = walk.next(step);
      ASSERT_TRUE(some);
      ASSERT_LE(some->size(), step);
      if (some->empty()) break;
      for (const Hit& hit : *some) ids.push_back(position_of({}, hit)->id);
    }
    std::vector<std::string> want;
    for (const Event* hit : hits(tree, time)) want.push_back(hit->id);
    ASSERT_EQ(ids, want) << to_string(tree);
  }
}

TEST(NewHits, AreTheEventsOfCommitsWhateverIsMerged) {
  std::mt19937_64 random(7);
  test::RandomEvents records(7);
  TestStore store{records.events(30)};
  std::vector<std::pair<std::shared_ptr<const store::Snapshot>, std::size_t>> before;
  std::vector<std::string> ids;  // In the order of their commits, but for the first ones.
  for (int round = 0; round < 30; ++round) {
    before.emplace_back(store.snapshot(), ids.size());
    for (std::size_t commits = random() % 3; commits > 0; --commits) {
      const auto events = records.events(1 + random() % 20);
      store.commit(events);
      for (const Event& event : events) ids.push_back(event.id);
    }
    if (random() % 3 == 0) store.merge_all();
    const auto& [snapshot, known] = before[random() % before.size()];
    const auto after = store.snapshot();
    auto found = find_new_hits(*snapshot, *after, Tree{Everything{}}, {}, Deadline());
    ASSERT_TRUE(found);
    HitWalk walk(after, std::move(*found));
    std::multiset<std::string> got;
    const auto hits = walk.next(1'000'000);
    ASSERT_TRUE(hits);
    for (const Hit& hit : *hits) got.insert(position_of({}, hit)->id);
    const auto first = ids.begin() + static_cast<std::ptrdiff_t>(known);
    EXPECT_EQ(got, std::multiset<std::string>(first, ids.end())) << "round " << round;
  }
}

/// Hits of all clauses but the one that `left_out` is, by a look at each event.
bool answers(const Outline& clause, const Outline* left_out, const Event& event, bool& is_empty) {
  is_empty = &clause == left_out;
  if (is_empty) return true;
  if (clause.kind == Outline::Kind::condition) return matches(clause.tree, event);
  bool all = true;
  bool any = false;
  bool none_left = true;
  for (const Outline& child : clause.children) {
    bool empty = false;
    const bool answered = answers(child, left_out, event, empty);
    if (empty) continue;
    none_left = false;
    all = all && answered;
    any = any || answered;
  }
  is_empty = none_left;
  if (none_left) return true;
  if (clause.kind == Outline::Kind::none_of) return !all;
  return clause.kind == Outline::Kind::any_of ? any : all;
}

std::uint64_t counted_without(const std::vector<const Event*>& events,
                              const std::vector<Outline>& clauses, const Outline* left_out) {
  return static_cast<std::uint64_t>(std::ranges::count_if(events, [&](const Event* event) {
    return std::ranges::all_of(clauses, [&](const Outline& clause) {
      bool empty = false;
      return answers(clause, left_out, *event, empty) || empty;
    });
  }));
}

void expect_clause(const std::vector<const Event*>& events, const std::vector<Outline>& clauses,
                   const Outline& clause, const ExplainedClause& got, std::size_t& counted) {
  ASSERT_EQ(got.hits.has_value(), counted++ < kMaxExplained);
  if (got.hits) {
    const auto alone = std::ranges::count_if(
        events, [&](const Event* event) { return matches(clause.tree, *event); });
    ASSERT_EQ(*got.hits, static_cast<std::uint64_t>(alone)) << to_string(clause.tree);
    ASSERT_EQ(*got.without, counted_without(events, clauses, &clause)) << to_string(clause.tree);
  }
  ASSERT_EQ(got.children.size(), clause.children.size());
  for (std::size_t i = 0; i < clause.children.size(); ++i) {
    expect_clause(events, clauses, clause.children[i], got.children[i], counted);
  }
}

TEST_P(Counting, ExplanationsSayWhatEachClauseDoes) {
  for (int i = 0; i < 40; ++i) {
    std::vector<Outline> clauses;
    for (std::size_t count = 1 + below(3); count > 0; --count) {
      clauses.push_back(outline_of(trees_.next()));
    }
    const InTime time = random_time();
    const auto got = explain(*snapshot_, clauses, time, {}, forever_);
    ASSERT_TRUE(got) << got.error().message;
    const auto events = hits(Tree{Everything{}}, time);
    ASSERT_EQ(got->total, counted_without(events, clauses, nullptr));
    ASSERT_EQ(got->any_time, counted_without(hits(Tree{Everything{}}, {}), clauses, nullptr));
    std::size_t counted = 0;
    for (std::size_t j = 0; j < clauses.size(); ++j) {
      expect_clause(events, clauses, clauses[j], got->clauses[j], counted);
    }
  }
}

TEST_P(Counting, SuggestsTheMostFrequentValues) {
  for (int i = 0; i < 60; ++i) {
    const FieldIndex field = random_column();
    const auto value = value_of(any_event(), field);
    std::string text = value ? std::string(value->substr(0, below(4))) : "x";
    if (chance(50)) std::ranges::transform(text, text.begin(), toupper);
    const std::size_t limit = chance(50) ? 1'000'000 : below(6);
    const auto got = suggest_values(*snapshot_, field, text, limit, forever_);
    ASSERT_TRUE(got);
    std::map<std::string, std::uint64_t> counts;
    for (const Event& event : truth_.events()) {
      for (const FieldValue& one : values_of(event, field)) {
        if (contains_folded(one.value, text)) ++counts[one.value];
      }
    }
    ASSERT_TRUE(got->complete);
    ASSERT_EQ(got->values.size(), std::min(limit, counts.size())) << text;
    std::tuple<bool, std::uint64_t> before{true, ~std::uint64_t{0}};
    for (const SuggestedValue& suggested : got->values) {
      ASSERT_TRUE(suggested.count);
      ASSERT_EQ(*suggested.count, counts.at(suggested.value));
      const std::tuple now{starts_with_folded(suggested.value, text), *suggested.count};
      ASSERT_GE(before, now);
      before = now;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Counting, testing::Range<std::uint64_t>(1, 6));

/// Events whose users have given names.
class Users {
 public:
  void add(const std::string& name, int times = 1) {
    for (int i = 0; i < times; ++i) {
      events_.push_back(event("e" + std::to_string(++number_), "2021-07-29T10:00:00Z",
                              R"("userIdentity":{"type":"IAMUser","userName":")" + name + "\"}"));
    }
  }
  /// A name that no event has.
  std::string next() const { return std::to_string(number_); }
  void commit() { store_.commit(std::exchange(events_, {})); }

  Result<SuggestedValues> suggest(std::string_view text, std::size_t limit) const {
    return suggest_values(*store_.snapshot(), field_index("user_identity_user_name"), text, limit,
                          Deadline());
  }

 private:
  TestStore store_;
  std::vector<Event> events_;
  int number_ = 0;
};

TEST(SuggestValues, FindsTheBeginningsAmongManyValues) {
  Users users;
  for (int i = 0; i < 6000; ++i) users.add((i % 2 == 0 ? "Alice-" : "bob-") + std::to_string(i));
  users.commit();
  const struct {
    const char* text;
    std::size_t count;
    bool complete;
  } kCases[] = {{"aLICE-599", 5, true},
                {"alice-5998", 1, true},
                {"BOB-1", 556, true},
                {"lice", 0, true},
                {"", 4096, false}};
  for (const auto& c : kCases) {
    const auto got = users.suggest(c.text, 100'000);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->values.size(), c.count) << c.text;
    EXPECT_EQ(got->complete, c.complete) << c.text;
  }
}

TEST(SuggestValues, ChoosesTheMostFrequentOfManyOverAllSegments) {
  // Each segment has more values than are looked at; the frequent ones stand behind all others.
  Users users;
  for (int segment = 0; segment < 3; ++segment) {
    for (int i = 0; i < 5000; ++i) users.add("a" + users.next());
    users.add("az-everywhere", 20);
    users.add("az-late", 30 * segment);
    users.commit();
  }
  const auto got = users.suggest("a", 2);
  ASSERT_TRUE(got);
  EXPECT_FALSE(got->complete);
  ASSERT_EQ(got->values.size(), 2U);
  EXPECT_EQ(got->values[0].value, "az-late");
  EXPECT_EQ(got->values[0].count, 90U);
  EXPECT_EQ(got->values[1].value, "az-everywhere");
  EXPECT_EQ(got->values[1].count, 60U);
}

TEST(SuggestValues, CountsAValueOnceHoweverItIsFound) {
  // The early values are among the first by the alphabet as well as among the most frequent ones.
  Users users;
  for (int segment = 0; segment < 3; ++segment) {
    const bool last = segment == 2;
    for (int i = 10; i < 50; ++i) users.add("a-early-" + std::to_string(i), last ? 0 : 5);
    for (int i = 0; i < 5000; ++i) users.add("a-f-" + users.next());
    users.add("a-late", last ? 15 : 0);
    users.commit();
  }
  const auto got = users.suggest("a", 2);
  ASSERT_TRUE(got);
  ASSERT_EQ(got->values.size(), 2U);
  EXPECT_EQ(got->values[0].value, "a-late");
  EXPECT_EQ(got->values[0].count, 15U);
  EXPECT_EQ(got->values[1].count, 10U);
}

TEST(Statistics, RefuseWhatCannotBeCounted) {
  const FieldIndex name = field_index("event_name");
  const struct {
    StatisticsRequest request;
    const char* want;
  } kCases[] = {
      {{{name, name, name, name}, {}, {}}, "expected at most 3 fields to count by, got 4"},
      {{{field_index("raw")}, {}, {}}, "cannot count by 'raw': the field has no column"},
      {{{}, {}, event_time_field()}, "cannot count by 'event_time': the field has no column"},
      {{{}, std::chrono::milliseconds(0), {}},
       "expected a histogram interval from 1 to 315360000000000 ms, got 0"},
  };
  for (const auto& c : kCases) {
    const auto checked = check_statistics(c.request);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().message, c.want);
  }
}

}  // namespace
}  // namespace trailsift::query
