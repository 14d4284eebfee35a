#include "query/event_filter.h"

#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "query/matches.h"
#include "store/event_batch.h"
#include "tests/query/random_tree.h"
#include "tests/query/test_store.h"
#include "tests/support/random_events.h"

namespace trailsift::query {
namespace {

std::shared_ptr<JoinFiles> files_of(const test::TempDirectory& directory) {
  auto files = JoinFiles::open(directory.path(), {});
  return files ? std::shared_ptr<JoinFiles>(std::move(*files)) : nullptr;
}

TEST(EventFilter, ByValuesKeepsWhatFieldsDecide) {
  const struct {
    const char *query, *want;
  } kCases[] = {
      {"event_name:'Get'", "event_name=\"Get\""},
      {"'words'", "everything"},
      {"(and 'words' event_name:'Get')", "event_name=\"Get\""},
      {"(or 'words' event_name:'Get')", "everything"},
      {"(not 'words')", "everything"},
      {"(and event_name:'Get' (not (and 'words' read_only:'true')))", "event_name=\"Get\""},
      {"(and event_name:'Get' (not (or 'words' read_only:'true')))",
       "(and event_name=\"Get\" (not read_only=\"true\"))"},
      {"requestParameters.bucketName:'b'", "everything"},
      {"(phrase field=user_agent 'aws cli')", "user_agent:\"aws cli\""},
      {"(and account_name:'Audit' (phrase field=request_parameters 'x'))",
       "account_name=\"Audit\""},
  };
  for (const auto& c : kCases) {
    const Tree tree = by_values(parsed(c.query));
    const bool all = std::holds_alternative<Everything>(tree.kind);
    EXPECT_EQ(all ? "everything" : to_string(tree), c.want) << c.query;
  }
}

/// Of the parts that a filter names, it makes what matches() makes of the whole event.
TEST(EventFilter, AgreesWithALookAtTheWholeEvent) {
  const test::TempDirectory directory;
  std::ofstream(directory.path() / "account-names.csv")
      << "111122223333,Production\n444455556666,alice's\n";
  std::ofstream(directory.path() / "integrity.csv") << "log,tampered\n";
  const auto files = files_of(directory);
  constexpr std::uint64_t kSeed = 2;
  auto events = test::RandomEvents(kSeed).events(60);
  for (Event& event : events) {
    add_value(event, field_index("log_file"), event.id.size() % 2 == 0 ? "log" : "other");
    files->current()->add_to(event);
  }
  RandomTree trees(kSeed, events);
  std::size_t matched = 0;
  for (int round = 0; round < 2000; ++round) {
    const Tree tree = trees.next();
    const EventFilter filter(clone(tree), files);
    const EventFilter first(by_values(tree), files);
    for (std::size_t i = round % 7U; i < events.size(); i += 7) {
      store::EventBatch batch;
      ASSERT_TRUE(batch.read(events[i].json));
      const auto log_file = *value_of(events[i], field_index("log_file"));
      const bool want = matches(tree, events[i]);
      ASSERT_EQ(filter.matches(batch.read_event(filter.parts(), log_file)), want)
          << to_string(tree) << '\n'
          << events[i].json;
      const bool possible = first.matches(batch.read_event(first.parts(), log_file));
      ASSERT_TRUE(possible || !want) << to_string(tree) << '\n' << events[i].json;
      matched += want ? 1 : 0;
    }
  }
  EXPECT_GT(matched, 1000U);
}

}  // namespace
}  // namespace trailsift::query
