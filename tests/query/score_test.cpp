// What events score, by rows, and by a look at each event of random stores.
#include "query/score.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "query/matches.h"
#include "query/search.h"
#include "query/simplify.h"
#include "query/syntax.h"
#include "tests/query/random_tree.h"
#include "tests/query/test_store.h"
#include "tests/support/random_events.h"
#include "tests/support/random_kql.h"
#include "tests/support/random_query.h"
#include "tests/support/random_seed.h"
#include "tests/support/random_words.h"

namespace trailsift::query {
namespace {

/// Scores by a look at every event, written for being right and nothing else.
class BruteScore {
 public:
  explicit BruteScore(const std::vector<Event>& events) : events_(events) {}

  /// nullopt: the event does not answer.
  std::optional<double> of(const Tree& tree, const Event& event) const {
    if (!matches(tree, event)) return std::nullopt;
    if (tree.constant) return tree.boost;
    return tree.boost * plain(tree, event);
  }

 private:
  double plain(const Tree& tree, const Event& event) const {
    if (const auto* all = std::get_if<AllOf>(&tree.kind)) {
      double sum = 0;
      for (const Tree& child : all->children) sum += *of(child, event);
      return sum;
    }
    if (const auto* any = std::get_if<AnyOf>(&tree.kind)) {
      std::vector<double> scores;
      for (const Tree& child : any->children) {
        if (const auto score = of(child, event)) scores.push_back(*score);
      }
      std::ranges::sort(scores, std::greater<>());
      double sum = 0;
      for (const double score : scores) sum += score;
      return scores.front() + any->tie * (sum - scores.front());
    }
    const auto* phrase = std::get_if<Phrase>(&tree.kind);
    const auto* near = std::get_if<Near>(&tree.kind);
    if (phrase != nullptr && !phrase->open_end) return words(tree, phrase->field, event);
    if (near != nullptr) return words(tree, near->field, event);
    if (std::holds_alternative<Equals>(tree.kind)) return rarity(tree);
    if (std::holds_alternative<Fuzzy>(tree.kind)) return rarity(tree);
    const bool nothing =
        std::holds_alternative<Everything>(tree.kind) || std::holds_alternative<Not>(tree.kind);
    return nothing ? 0 : 1;
  }

  double rarity(const Tree& tree) const {
    const auto all = static_cast<double>(events_.size());
    const auto with = static_cast<double>(
        std::ranges::count_if(events_, [&](const Event& event) { return matches(tree, event); }));
    const double odds = (all - with + 0.5) / (with + 0.5);
    return std::log(odds < 2 ? 1 + odds / 2 : odds);
  }

  double words(const Tree& tree, FieldIndex field, const Event& event) const {
    if (field_at(field).origin == Origin::subtree || field_at(field).multi) return rarity(tree);
    double pieces = 0, texts = 0;
    for (const Event& other : events_) {
      const auto value = trailsift::value_of(other, field);
      if (!value) continue;
      texts += 1;
      pieces += static_cast<double>(pieces_of(*value).size());
    }
    const Pieces text = pieces_of(*trailsift::value_of(event, field));
    double times = 1;
    if (const auto* phrase = std::get_if<Phrase>(&tree.kind)) {
      const auto size = static_cast<std::ptrdiff_t>(phrase->pieces.size());
      times = 0;
      for (auto at = text.begin(); text.end() - at >= size; ++at) {
        if (std::equal(phrase->pieces.begin(), phrase->pieces.end(), at)) times += 1;
      }
    }
    const double length = static_cast<double>(text.size()) / (pieces / texts);
    return rarity(tree) * 2 * times / (0.5 + 0.5 * std::max(length, 0.5) + times);
  }

  const std::vector<Event>& events_;
};

using Row = std::pair<std::string, double>;

/// All hits in the order of the scores, by pages of a cursor.
std::vector<Row> pages(const store::Snapshot& snapshot, SearchRequest& request) {
  std::vector<Row> rows;
  request.cursor = "initial";
  while (true) {
    const auto result = search(snapshot, request);
    if (!result) throw std::runtime_error(result.error().message);
    if (result->scores.size() != result->hits.size()) throw std::logic_error("scores are missing");
    if (result->hits.empty()) return rows;
    for (std::size_t i = 0; i < result->hits.size(); ++i) {
      rows.emplace_back(result->hits[i].id, result->scores[i]);
    }
    request.cursor = result->cursor;
  }
}

/// Two stores of the same events in other segments, one of which had more and lost them.
class Scores : public ::testing::TestWithParam<int> {
 protected:
  Scores()
      : random_(test::random_seed() + static_cast<std::uint64_t>(GetParam())), records_(random_()) {
    std::vector<std::string> gone;
    std::vector<Event> all, lost;
    for (std::size_t batch = 2 + below(4); batch > 0; --batch) {
      const auto events = records_.events(10 + below(40));
      std::vector<Event> with = events;
      for (std::size_t more = below(8); more > 0; --more) {
        with.push_back(records_.event());
        gone.push_back(with.back().id);
      }
      std::ranges::shuffle(with, random_);
      many_.commit(with);
      all.insert(all.end(), events.begin(), events.end());
    }
    many_.remove(gone);
    if (below(2) == 0) many_.merge_all();
    one_.commit(all);
    events_ = std::move(all);
  }

  /// What is asked, and the same as it is scored.
  std::pair<Tree, Tree> random_query(std::string& text) {
    if (below(3) == 0) {
      RandomTree trees(random_(), events_);
      Tree tree = trees.next();
      boost(tree);
      text = to_string(tree);
      return {simplify(clone(tree)), std::move(tree)};
    }
    const char* const names[] = {"kql", "structured", "simple", "lucene", "dismax"};
    const std::string name = names[below(5)];
    test::RandomWords words(random_(), events_);
    text = name == "kql"          ? test::RandomKql(random_(), events_).next()
           : name == "structured" ? test::RandomQuery(random_(), events_).next()
           : name == "simple"     ? words.simple()
           : name == "lucene"     ? words.lucene()
                                  : words.dismax();
    ParseOptions options;
    options.now = at("2021-07-30T00:00:00Z");
    options.any_word = below(3) == 0;
    options.tie = static_cast<double>(below(3)) / 2;
    if (below(2) == 0) {
      options.default_fields = {field_index("error_message"), field_index("raw"),
                                field_index("event_name"), field_index("user_agent")};
      options.weights = {3, 0.5, 2, 1};
    }
    if (below(2) == 0) options.phrase_fields = {{field_index("user_agent"), 2}};
    text = name + ": " + text;
    auto asked = find_syntax(name)->parse(text.substr(name.size() + 2), options);
    options.scored = true;
    auto scored = find_syntax(name)->parse(text.substr(name.size() + 2), options);
    EXPECT_TRUE(asked && scored) << text;
    return {std::move(*asked), std::move(*scored)};
  }

  void boost(Tree& tree) {
    constexpr double kBoosts[] = {1, 1, 1, 2, 0.5, 0};
    tree.boost = kBoosts[below(6)];
    tree.constant = below(10) == 0;
    if (auto* all = std::get_if<AllOf>(&tree.kind)) std::ranges::for_each(all->children, boost_);
    if (auto* any = std::get_if<AnyOf>(&tree.kind)) {
      any->tie = static_cast<double>(below(3)) / 2;
      std::ranges::for_each(any->children, boost_);
    }
    if (auto* negated = std::get_if<Not>(&tree.kind)) boost(*negated->child);
  }

  std::size_t below(std::size_t count) { return static_cast<std::size_t>(random_() % count); }

  std::mt19937_64 random_;
  test::RandomEvents records_;
  TestStore many_, one_;
  std::vector<Event> events_;
  std::function<void(Tree&)> boost_ = [this](Tree& tree) { boost(tree); };
  ThreadPool pool_{2};
};

TEST_P(Scores, AreThoseOfALookAtEachEventWhateverTheSegments) {
  const BruteScore brute(events_);
  const auto many = many_.snapshot();
  const auto one = one_.snapshot();
  std::map<std::string, const Event*> by_id;
  for (const Event& event : events_) by_id[event.id] = &event;
  std::size_t scored_hits = 0;
  for (int i = 0; i < 60; ++i) {
    std::string text;
    auto [asked, scored] = random_query(text);
    SCOPED_TRACE(test::seed_note() + ": " + text);
    SearchRequest request;
    request.query = std::move(asked);
    request.scored = std::move(scored);
    request.computed_sort = {{nullptr, true}};
    request.size = 1 + static_cast<std::uint32_t>(below(40));
    if (below(2) == 0) request.help = {&pool_, 0};
    const auto rows = pages(*many, request);
    ASSERT_EQ(rows, pages(*one, request));
    double last = std::numeric_limits<double>::infinity();
    const Event* before = nullptr;
    for (const auto& [id, score] : rows) {
      const Event& event = *by_id.at(id);
      const double want = brute.of(*request.scored, event).value_or(-1);
      ASSERT_NEAR(score, want, 1e-9 * (1 + want)) << id;
      ASSERT_LE(score, last);
      const bool newer = before == nullptr || score < last || before->time > event.time ||
                         (before->time == event.time && before->id < id);
      ASSERT_TRUE(newer) << id;
      last = score;
      before = &event;
      scored_hits += score > 0 ? 1 : 0;
    }
    request.cursor = std::nullopt;
    request.size = 1;
    ASSERT_EQ(search(*many, request)->found, rows.size());
  }
  EXPECT_GT(scored_hits, 0U);
}

INSTANTIATE_TEST_SUITE_P(Random, Scores, ::testing::Range(0, 6));

Event message(const std::string& id, const std::string& text, const std::string& more = "") {
  return event(id, "2021-07-29T12:00:00Z",
               R"("errorMessage":")" + text + "\"" + (more.empty() ? "" : "," + more));
}

/// The ids in the order of the scores of a structured query, with those of equal scores side by
/// side, newest first.
std::string order_of(const std::string& text, ParseOptions options = {}) {
  TestStore store{
      {message("a", "access denied"), message("b", "access denied access denied")},
      {message("c", "you do not have the right of access to this bucket of another account"),
       message("d", "the rate of calls was exceeded"),
       event("e", "2021-07-29T13:00:00Z", R"("requestParameters":{"x":"denied denied access"})")},
      {event("f", "2021-07-29T14:00:00Z", R"("eventName":"GetObject")"),
       event("g", "2021-07-29T11:00:00Z", R"("eventName":"GetObject")"),
       event("h", "2021-07-29T10:00:00Z", R"("eventName":"StopLogging")")}};
  options.scored = true;
  SearchRequest request;
  request.query = parsed(text);
  request.scored = parsed(text, options);
  request.computed_sort = {{nullptr, true}};
  const auto result = search(*store.snapshot(), request);
  if (!result) throw std::runtime_error(result.error().message);
  std::string order;
  for (std::size_t i = 0; i < result->hits.size(); ++i) {
    if (i > 0) order += result->scores[i] == result->scores[i - 1] ? "=" : ">";
    order += result->hits[i].id;
  }
  return order;
}

TEST(Score, OrdersHits) {
  const struct {
    std::string query, want;
  } kRows[] = {
      // More often counts more, in a longer text less.
      {"error_message:'access'", "b>a>c"},
      {"error_message:'denied'", "b>a"},
      // What is rare counts more than what is not.
      {"(or event_name:'GetObject' event_name:'StopLogging')", "h>f=g"},
      {"(or (term field=event_name boost=9 'GetObject') event_name:'StopLogging')", "f=g>h"},
      // Parts of the record have no frequencies: newest first.
      {"raw:'denied'", "e=a=b"},
      {"request_parameters:'denied'", "e"},
      // The best of the default fields.
      {"'denied'", "b>a>e"},
      {"(or 'denied' 'exceeded')", "d>b>a>e"},
      // What selects and does not rank.
      {"matchall", "f=e=a=b=c=d=g=h"},
      {"(not error_message:'access')", "f=e=d=g=h"},
      {"(or event_time:['2021-07-29T13:00:00Z',} (prefix field=event_name 'Stop'))", "f=e=h"},
      {"(or (range field=event_time boost=2 ['2021-07-29T13:00:00Z',}) event_name:{,})", "f>e>g=h"},
      {"(and (not event_name:{,}) (or matchall error_message:'rate'))", "d>e=a=b=c"},
      // A part counts only when it is met as a whole.
      {"(or (and event_name:'GetObject' event_name:'x') error_message:'rate' raw:'getobject')",
       "d>f=g"},
  };
  for (const auto& [query, want] : kRows) EXPECT_EQ(order_of(query), want) << query;
}

TEST(Score, CountsFieldsByTheirWeights) {
  ParseOptions options;
  options.default_fields = {field_index("raw"), field_index("error_message")};
  options.weights = {9, 1};
  EXPECT_EQ(order_of("'denied'", options), "e=a=b");
  options.tie = 0.5;
  EXPECT_EQ(order_of("'denied'", options), "b>a>e");
}

TEST(Score, IsTheSameWhateverMemoryThereIs) {
  TestStore store;
  store.commit(test::RandomEvents(3).events(200));
  const auto snapshot = store.snapshot();
  const store::Segment& segment = *snapshot->segments.front();
  const Tree query = parsed("(or event_source:{,} raw:'us' raw:'a' (prefix field=raw 'e'))");
  std::vector<DocId> odd;
  for (DocId doc = 1; doc < segment.size(); doc += 2) odd.push_back(doc);
  const Deadline deadline{};
  for (const DocSet& docs : {DocSet(DocRange{3, 150}), DocSet(odd), DocSet()}) {
    const auto whole =
        Scorer::make(query, *snapshot, {}, deadline)->scores(segment, docs, deadline);
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->size(), docs.count());
    for (const std::uint64_t bits : {0U, 4U, 29U, 399U}) {
      const auto scorer = Scorer::make(query, *snapshot, {}, deadline, bits);
      EXPECT_EQ(*scorer->scores(segment, docs, deadline), *whole) << bits;
    }
  }
}

TEST(Score, StaysFiniteWhateverTheBoosts) {
  std::string query = "(or event_name:'GetObject' (not (or event_name:'x' event_name:'y')))";
  for (int i = 0; i < 100; ++i) query = "(and boost=1000000 " + query + ")";
  query = "(or " + query + " " + query + ")";
  ParseOptions options;
  options.scored = true;
  SearchRequest request;
  request.query = parsed(query);
  request.scored = parsed(query, options);
  request.computed_sort = {{nullptr, true}};
  TestStore store{{event("a", "2021-07-29T14:00:00Z", R"("eventName":"GetObject")"),
                   event("b", "2021-07-29T15:00:00Z", R"("eventName":"StopLogging")")}};
  const auto result = search(*store.snapshot(), request);
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_EQ(result->hits.size(), 2U);
  EXPECT_EQ(result->hits.front().id, "a");
  EXPECT_TRUE(std::isfinite(static_cast<float>(result->scores.front())));
}

TEST(Score, IsAnOperandOfExpressions) {
  TestStore store{{message("a", "access denied"), message("b", "access denied access denied")}};
  const auto compiled = compile_expressions(
      std::vector<NamedExpression>{{"x", "10000 - _score * 1000"}}, at("2021-07-30T00:00:00Z"));
  ASSERT_TRUE(compiled);
  ASSERT_TRUE(compiled->front().has_operand(Expression::Operand::Kind::score));
  SearchRequest request;
  request.computed_sort = {{std::make_shared<const Expression>(compiled->front()), false}};
  const auto refused = search(*store.snapshot(), request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "expected a query to score by for an order by scores");
  request.query = parsed("error_message:'denied'");
  request.scored = parsed("error_message:'denied'");
  const auto result = search(*store.snapshot(), request);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->hits.at(0).id, "b");
  EXPECT_GT(result->scores.at(0), result->scores.at(1));
  request.computed_sort.clear();
  EXPECT_EQ(search(*store.snapshot(), request)->hits.at(0).id, "a");
  EXPECT_EQ(search(*store.snapshot(), request)->scores.size(), 2U);
  request.scored = std::nullopt;
  EXPECT_TRUE(search(*store.snapshot(), request)->scores.empty());
}

TEST(Score, HasALimit) {
  std::vector<Tree> children;
  for (std::size_t i = 0; i <= kMaxScoredConditions; ++i) {
    children.push_back(Tree{Phrase{field_index("raw"), {"w" + std::to_string(i)}}});
  }
  const auto plan = plan_score(Tree{AnyOf{std::move(children)}});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, ErrorCode::too_large);
  EXPECT_EQ(plan.error().message, "expected at most 512 words and values to score by, got more");
}

}  // namespace
}  // namespace trailsift::query
