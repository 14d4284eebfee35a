#include "store/dictionary.h"

#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace trailsift::store {
namespace {

using Random = std::mt19937_64;

std::string hex(Random& random, std::size_t digits) {
  std::string text;
  while (text.size() < digits) text += "0123456789abcdef"[random() % 16];
  return text;
}

std::string uuid(Random& random) {
  return hex(random, 8) + '-' + hex(random, 4) + '-' + hex(random, 4) + '-' + hex(random, 4) + '-' +
         hex(random, 12);
}

/// Values of which many share beginnings, and some are UUIDs or nearly so.
std::vector<std::string> random_values(Random& random, std::size_t count) {
  std::set<std::string> values;
  while (values.size() < count) {
    switch (random() % 6) {
      case 0: values.insert(uuid(random)); break;
      case 1: values.insert(uuid(random) + "x"); break;
      case 2: values.insert("arn:aws:iam::111122223333:role/" + hex(random, random() % 4)); break;
      case 3: values.insert(std::string(random() % 400, 'v') + hex(random, 2)); break;
      case 4: values.insert(std::string(random() % 3, '\0') + hex(random, 3)); break;
      default: values.insert(hex(random, random() % 20)); break;
    }
  }
  return {values.begin(), values.end()};
}

/// A dictionary with what it borrows.
struct Written {
  EncodedDictionary encoded;
  std::vector<std::uint64_t> offsets;
  Dictionary dictionary;

  explicit Written(const std::vector<std::string>& values)
      : encoded(encode_dictionary(std::vector<std::string_view>(values.begin(), values.end()))),
        offsets(encoded.block_offsets),
        dictionary({FieldType::keyword, static_cast<std::uint32_t>(values.size()), 8,
                    reinterpret_cast<const std::byte*>(offsets.data()), encoded.bytes}) {}
};

TEST(Dictionary, GivesBackItsValuesInAnyOrder) {
  for (const std::size_t count : {0UL, 1UL, 15UL, 16UL, 17UL, 33UL, 2000UL}) {
    Random random(count);
    const auto values = random_values(random, count);
    const Written written(values);
    const Dictionary& dictionary = written.dictionary;
    ASSERT_EQ(dictionary.size(), count);
    for (std::uint32_t rank = 0; rank < count; ++rank) {
      ASSERT_EQ(dictionary.value(rank), values[rank]);
      ASSERT_EQ(dictionary.find(values[rank]), rank);
      ASSERT_EQ(dictionary.lower_bound(values[rank]), rank);
      ASSERT_EQ(dictionary.lower_bound(values[rank] + '\0'), rank + 1);
      ASSERT_EQ(dictionary.find(values[rank] + '\0').has_value(),
                rank + 1 < count && values[rank + 1] == values[rank] + '\0');
    }
    EXPECT_EQ(dictionary.lower_bound(""), 0U);
    EXPECT_EQ(dictionary.lower_bound("\xff"), count);
  }
}

TEST(Dictionary, CursorsReadOnAndSkip) {
  Random random(1);
  const auto values = random_values(random, 500);
  const Written written(values);
  std::size_t read = 0;
  for (Dictionary::Cursor cursor(written.dictionary); !cursor.at_end(); cursor.next()) {
    ASSERT_EQ(cursor.rank(), read);
    ASSERT_EQ(cursor.value(), values[read++]);
  }
  EXPECT_EQ(read, values.size());
  for (int round = 0; round < 200; ++round) {
    auto rank = static_cast<std::uint32_t>(random() % values.size());
    Dictionary::Cursor cursor(written.dictionary, rank);
    while (!cursor.at_end()) {
      ASSERT_EQ(cursor.value(), values[rank]);
      rank += static_cast<std::uint32_t>(random() % 40);
      cursor.seek(rank);
    }
    EXPECT_EQ(cursor.rank(), values.size());
  }
}

TEST(Dictionary, TakesLessThanItsValues) {
  Random random(1);
  std::set<std::string> ids;
  while (ids.size() < 1000) ids.insert(uuid(random));
  const Written written({ids.begin(), ids.end()});
  EXPECT_EQ(written.encoded.bytes.size(), 1000U * 17);
}

TEST(Dictionary, DamagedBytesAreNeverReadBeyond) {
  Random random(1);
  const auto values = random_values(random, 300);
  Written written(values);
  for (int round = 0; round < 2000; ++round) {
    EncodedDictionary damaged = written.encoded;
    for (int i = 0; i < 3; ++i) {
      damaged.bytes[random() % damaged.bytes.size()] = static_cast<char>(random());
    }
    if (round % 4 == 0) damaged.bytes.resize(random() % damaged.bytes.size());
    const Dictionary dictionary({FieldType::keyword, 300, 8,
                                 reinterpret_cast<const std::byte*>(damaged.block_offsets.data()),
                                 damaged.bytes});
    std::size_t bytes = 0;
    for (std::uint32_t rank = 0; rank < dictionary.size(); rank += 7) {
      bytes += dictionary.value(rank).size();
    }
    EXPECT_LT(bytes, 300 * (damaged.bytes.size() + 256));
    EXPECT_LE(dictionary.lower_bound("m"), dictionary.size());
  }
}

}  // namespace
}  // namespace trailsift::store
