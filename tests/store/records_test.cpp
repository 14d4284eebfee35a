#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "store/bytes.h"
#include "store/checksum.h"
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

/// A file of so many records, each its number, whose documents are in the opposite order.
std::unique_ptr<RecordReader> turned_round(const std::filesystem::path& path, std::uint32_t count) {
  auto writer = value_of(RecordWriter::create(path));
  expect_ok(writer.begin_part(""));
  std::vector<std::uint32_t> order(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    expect_ok(writer.add(std::to_string(i)));
    order[i] = count - 1 - i;
  }
  value_of(writer.finish(order, false));
  return value_of(RecordReader::open(path));
}

TEST(Records, OrderTakesAsFewBytesAsItsNumbersNeed) {
  const test::TempDirectory directory;
  for (const std::uint32_t count : {1U, 2U, 255U, 256U, 257U, 65'536U, 65'537U}) {
    const auto reader = turned_round(directory.path() / "records", count);
    for (const std::uint32_t doc : {0U, 1U, count / 2, count - 1}) {
      if (doc >= count) continue;
      ASSERT_EQ(value_of(reader->record(doc)), std::to_string(count - 1 - doc)) << count;
    }
  }
  EXPECT_EQ(order_number_bytes(0), 1U);
  EXPECT_EQ(order_number_bytes(256), 1U);
  EXPECT_EQ(order_number_bytes(257), 2U);
  EXPECT_EQ(order_number_bytes(1U << 24U), 3U);
  EXPECT_EQ(order_number_bytes((1U << 24U) + 1), 4U);
  EXPECT_EQ(order_number_bytes(~0U), 4U);
}

/// The same file as the version before had it: all numbers of the order have four bytes.
std::string with_wide_order(const std::string& file, std::uint32_t count) {
  const std::size_t trailer = file.size() - kRecordsTrailerBytes;
  const auto number = [&](std::size_t at) {
    std::uint64_t value = 0;
    std::memcpy(&value, file.data() + trailer + at, sizeof(value));
    return value;
  };
  const std::uint64_t order_offset = number(0);
  const std::uint64_t index_offset = number(16);
  ByteWriter order;
  for (std::uint32_t doc = 0; doc < count; ++doc) order.put(count - 1 - doc);
  ByteWriter head;
  head.put(std::uint32_t{2});
  ByteWriter places;
  places.put(order_offset);
  places.put(checksum(std::as_bytes(std::span(order.bytes()))));
  places.put(std::uint64_t{order_offset + order.bytes().size()});
  return file.substr(0, kRecordsMagic.size()) + std::string(head.bytes()) +
         file.substr(kRecordsHeaderBytes, order_offset - kRecordsHeaderBytes) +
         std::string(order.bytes()) + file.substr(index_offset, trailer - index_offset) +
         std::string(places.bytes()) + file.substr(trailer + 24);
}

TEST(Records, WithAnOrderOfTheVersionBeforeAreRead) {
  constexpr std::uint32_t kCount = 300;
  const test::TempDirectory directory;
  const auto path = directory.path() / "records";
  turned_round(path, kCount);
  const auto before = directory.path() / "before";
  {
    std::ifstream file(path, std::ios::binary);
    std::ofstream(before, std::ios::binary)
        << with_wide_order({std::istreambuf_iterator<char>(file), {}}, kCount);
  }
  const auto reader = value_of(RecordReader::open(before));
  for (std::uint32_t doc = 0; doc < kCount; ++doc) {
    ASSERT_EQ(value_of(reader->record(doc)), std::to_string(kCount - 1 - doc));
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
