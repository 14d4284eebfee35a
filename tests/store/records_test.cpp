#include <algorithm>
#include <numeric>
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
  auto writer = value_of(RecordWriter::create(path));
  expect_ok(writer.begin_part(dictionary));
  for (const auto& record : records) expect_ok(writer.add(record));
  value_of(writer.finish({}, false));
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

TEST(Records, OfSeveralFilesCanBeTakenOverInAnyOrder) {
  const test::TempDirectory directory;
  auto writer = value_of(RecordWriter::create(directory.path() / "all"));
  std::vector<std::string> all;
  for (const std::size_t count : {1UL, 700UL, 33UL}) {
    const auto records = random_records(count, count);
    const auto path = directory.path() / std::to_string(count);
    expect_ok(writer.append(*written(path, records, dictionary_of(records))));
    all.insert(all.end(), records.begin(), records.end());
  }
  // A part of its own may follow.
  expect_ok(writer.begin_part("dictionary"));
  for (const char* record : {"{}", "", "{\"a\":1}"}) {
    expect_ok(writer.add(record));
    all.emplace_back(record);
  }
  std::vector<std::uint32_t> order(all.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::shuffle(order, std::mt19937_64(1));
  value_of(writer.finish(order, false));

  const auto reader = value_of(RecordReader::open(directory.path() / "all"));
  ASSERT_EQ(reader->parts().size(), 4U);
  for (std::uint32_t doc = 0; doc < all.size(); ++doc) {
    ASSERT_EQ(value_of(reader->record(doc)), all[order[doc]]) << doc;
  }
  // And be taken over once more.
  auto again = value_of(RecordWriter::create(directory.path() / "again"));
  expect_ok(again.append(*reader));
  value_of(again.finish({}, false));
  const auto same = value_of(RecordReader::open(directory.path() / "again"));
  for (std::uint32_t record = 0; record < all.size(); ++record) {
    ASSERT_EQ(value_of(same->record(record)), all[record]);
  }
}

TEST(Records, ALargerOneThanTheLimitIsRefused) {
  const test::TempDirectory directory;
  auto writer = value_of(RecordWriter::create(directory.path() / "records"));
  expect_ok(writer.begin_part(""));
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
