#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "store/record_reader.h"
#include "store/record_writer.h"
#include "tests/store/store_fixture.h"

namespace trailsift::store {
namespace {

std::unique_ptr<RecordReader> written(const std::filesystem::path& path,
                                      const std::vector<std::string>& records,
                                      const std::string& dictionary) {
  auto writer = value_of(RecordWriter::create(path, dictionary));
  for (const auto& record : records) expect_ok(writer.add(record));
  value_of(writer.finish(false));
  return value_of(RecordReader::open(path));
}

std::vector<std::string> random_records(std::uint64_t seed, std::size_t count) {
  test::RandomEvents random(seed);
  std::vector<std::string> records;
  for (std::size_t i = 0; i < count; ++i) records.push_back(random.record());
  return records;
}

std::string dictionary_of(const std::vector<std::string>& records) {
  return value_of(
      make_dictionary(static_cast<std::uint32_t>(records.size()),
                     [&](std::uint32_t doc) -> Result<std::string> { return records[doc]; }));
}

TEST(Records, ComeBackByteForByteInAnyOrder) {
  const test::TempDirectory directory;
  for (const std::size_t count : {1UL, 2UL, 33UL, 2000UL}) {
    const auto records = random_records(count, count);
    const auto reader = written(directory.path() / "records", records, dictionary_of(records));
    ASSERT_EQ(reader->doc_count(), count);
    std::mt19937_64 random(count);
    for (std::uint32_t doc = 0; doc < count; ++doc) {
      ASSERT_EQ(value_of(reader->record(doc)), records[doc]);
      const auto any = static_cast<std::uint32_t>(random() % count);
      ASSERT_EQ(value_of(reader->record(any)), records[any]);
    }
  }
}

TEST(Records, MayBeEmptyOrLargerThanABlock) {
  std::vector<std::string> records = {"", "{}", std::string(3'000'000, 'x'), "", "{\"a\":1}"};
  records.emplace_back(100, '\0');
  const test::TempDirectory directory;
  for (const char* dictionary : {"", "{\"a\":"}) {
    const auto reader = written(directory.path() / "records", records, dictionary);
    for (std::uint32_t doc = 0; doc < records.size(); ++doc) {
      EXPECT_EQ(value_of(reader->record(doc)), records[doc]) << doc;
    }
  }
}

TEST(Records, ALargerOneThanTheLimitIsRefused) {
  const test::TempDirectory directory;
  auto writer = value_of(RecordWriter::create(directory.path() / "records", ""));
  const auto refused = writer.add(std::string(kMaxRecordBytes + 1, 'x'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::too_large);
}

TEST(Records, TheDictionaryIsBounded) {
  const auto records = random_records(1, 3000);
  const std::string dictionary = dictionary_of(records);
  EXPECT_GT(dictionary.size(), 10'000U);
  EXPECT_LE(dictionary.size(), kMaxDictionaryBytes);
  EXPECT_LE(dictionary_of({std::string(1'000'000, 'x')}).size(), kMaxDictionaryBytes);
}

TEST(Records, AreReadByManyThreadsAtOnce) {
  const auto records = random_records(2, 1000);
  const test::TempDirectory directory;
  const auto reader = written(directory.path() / "records", records, dictionary_of(records));
  std::vector<std::jthread> threads;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    threads.emplace_back([&, seed] {
      std::mt19937_64 random(seed);
      for (int i = 0; i < 2000; ++i) {
        const auto doc = static_cast<std::uint32_t>(random() % records.size());
        EXPECT_EQ(value_of(reader->record(doc)), records[doc]);
      }
    });
  }
}

}  // namespace
}  // namespace trailsift::store
