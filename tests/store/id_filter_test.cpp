#include "store/id_filter.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/store/store_fixture.h"

namespace trailsift::store {
namespace {

TEST(IdFilter, KnowsEveryIdAndFewOthers) {
  for (const std::size_t count : {1UL, 10UL, 1000UL, 50'000UL}) {
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < count; ++i) ids.push_back("id-" + std::to_string(i * 7919));
    const auto bytes = IdFilter::build(std::vector<std::string_view>(ids.begin(), ids.end()));
    const auto filter = value_of(IdFilter::open(bytes));
    for (const auto& id : ids) ASSERT_TRUE(filter.may_contain(id)) << id;
    std::size_t wrong = 0;
    for (int i = 0; i < 10'000; ++i)
      wrong += filter.may_contain("other-" + std::to_string(i)) ? 1 : 0;
    EXPECT_LT(wrong, 150U) << "of 10,000, with " << count << " ids";
    EXPECT_LE(bytes.size(), count * 2 + IdFilter::kBlockBytes) << count;
  }
}

TEST(IdFilter, NeedsWholeBlocks) {
  const std::vector<std::byte> bytes(IdFilter::kBlockBytes + 1);
  EXPECT_FALSE(IdFilter::open(bytes));
  EXPECT_FALSE(IdFilter::open({}));
}

}  // namespace
}  // namespace trailsift::store
