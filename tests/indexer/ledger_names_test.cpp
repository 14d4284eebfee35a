#include "indexer/ledger_names.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace trailsift::indexer::testing {
namespace {

TEST(LedgerNames, SplitObjectsWhereManyAreTheSame) {
  const struct {
    const char* beginning;
    const char* middle;
    const char* ending;
  } kCases[] = {
      {"", "", ""},
      {"", "6f1ab1c8-2f5b-4b4c-9d38-1c0c5e3f2a10", ""},
      {"logs/", "", ""},
      {"/", "", ".json"},
      {"", "events", ".json.gz"},
      {"logs/a/", "7", ".json.gz"},
      {"logs.d/", "a1", ""},
      {"s3://logs/o-1/AWSLogs/111122223333/CloudTrail/eu-west-1/2024/06/01/"
       "111122223333_CloudTrail_eu-west-1_20240601T",
       "0015Z_7XBFHV2WHWPD373Q", ".json.gz"},
      {"111122223333_CloudTrail-Digest_eu-west-1_trail_eu-west-1_20240601T", "001500Z", ".json.gz"},
      {"", "2024061T0015Z", ".json"},
      {"", "T12345678", ""},
      {"x12345678T", "T", ""},
      {"12345678T/", "Ü", ".gz"},
  };
  for (const auto& c : kCases) {
    const std::string object = std::string(c.beginning) + c.middle + c.ending;
    SCOPED_TRACE(object);
    const ObjectParts parts = split_object(object);
    EXPECT_EQ(parts.beginning, c.beginning);
    EXPECT_EQ(parts.middle, c.middle);
    EXPECT_EQ(parts.ending, c.ending);
  }
}

TEST(LedgerNames, PackEtagsThatCanBeUnpacked) {
  const struct {
    std::string etag;
    std::size_t bytes;  // 0: as it is.
  } kCases[] = {
      {"9b2cf535f27731c974343645a3985328", 16},
      {"12345678901234567890123456789012", 16},
      {"9B2CF535F27731C974343645A3985328", 0},
      {"9b2cf535f27731c974343645a398532", 0},
      {"9b2cf535f27731c974343645a3985328-2", 0},
      {"\"9b2cf535f27731c974343645a3985328\"", 0},
      {"1795288035.341962886-1152", 13},
      {"7", 1},
      {"--..", 2},
      {"123456789012345678901234567890", 15},
      {"1234567890123456789012345678901", 0},
      {"", 0},
      {"1 2", 0},
      {std::string("1\0", 2), 0},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.etag);
    const auto packed = packed_etag(c.etag);
    EXPECT_EQ(packed ? packed->size() : 0, c.bytes);
    if (c.bytes > 0) {
      EXPECT_EQ(unpacked_etag(packed.value_or("")), c.etag);
    }
  }
}

TEST(LedgerNames, UnpackAnyBytes) {
  EXPECT_EQ(unpacked_etag(std::string("\x12\xfe\xab", 3)), "12.-");
  EXPECT_EQ(unpacked_etag(std::string(16, '\xff')), std::string(32, 'f'));
  EXPECT_EQ(unpacked_etag(""), "");
}

/// Whatever is moved from one part to the next, or looks like the lengths between them.
TEST(LedgerNames, KeysDiffer) {
  const DeliveryName kNames[] = {{"a", "b", "c"},     {"ab", "", "c"},   {"a", "bc", ""},
                                 {"", "ab", "c"},     {"a1 b", "", "c"}, {"a", "1 b1 c", ""},
                                 {"a", "b", "c1 d"},  {"", "", ""},      {"0 ", "", ""},
                                 {"a", "b", "c\x01"}, {"A", "b", "c"}};
  std::set<std::string> keys;
  for (const DeliveryName& name : kNames) {
    const std::string key = name_key(name);
    EXPECT_EQ(key.size(), 16U);
    EXPECT_TRUE(keys.insert(key).second);
  }
}

TEST(LedgerNames, AShortHashIsTheBeginningOfTheKey) {
  EXPECT_EQ(short_hash(std::string("\x00\x00\x01\x02zzzz", 8)), 258);
  EXPECT_EQ(short_hash("\xff\xff\xff\xff"), -1);
  EXPECT_EQ(short_hash("\x80"), 128);
}

}  // namespace
}  // namespace trailsift::indexer::testing
