// What reading.h declares, in a file that the suite's glob finds; and tests of those tools.
#include "tests/indexer/reading.h"

#include <algorithm>
#include <random>
#include <stdexcept>
#include <utility>

#include <gtest/gtest.h>
#include <zlib.h>

namespace trailsift::indexer::testing {

ReadSizes reads_of(std::size_t size) {
  return [size] { return size; };
}

ReadSizes random_reads(std::uint64_t seed) {
  return [random = std::mt19937_64(seed)]() mutable {
    const std::size_t scale = std::size_t{1} << random() % 14;
    return 1 + random() % scale;
  };
}

MemoryStream::MemoryStream(std::string bytes, ReadSizes sizes, std::string error)
    : bytes_(std::move(bytes)), sizes_(std::move(sizes)), error_(std::move(error)) {}

Result<std::size_t> MemoryStream::read(std::span<char> buffer) {
  const std::size_t size = std::min({sizes_(), buffer.size(), bytes_.size() - at_});
  if (size == 0 && !error_.empty()) return fail(ErrorCode::io, error_);
  std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at_), size, buffer.begin());
  at_ += size;
  return size;
}

std::string gzip(std::string_view text, int level) {
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("cannot deflate");
  }
  std::string out(deflateBound(&stream, text.size()), '\0');
  std::string in(text);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string record(std::string_view id, std::string_view more) {
  return R"({"eventVersion":"1.08","userIdentity":{"type":"IAMUser","userName":"alice"},)"
         R"("eventTime":"2024-05-01T10:00:00Z","eventName":"GetObject","eventID":")" +
         std::string(id) + '"' + std::string(more) + '}';
}

std::string envelope(const std::vector<std::string>& records) {
  std::string text = R"({"Records":[)";
  for (const std::string& one : records) text += (text.back() == '[' ? "" : ",") + one;
  return text + "]}";
}

tl::expected<std::size_t, Rejection> Outcome::parse(std::string_view text) {
  auto record = parse_record(text);
  if (!record) return tl::unexpected(std::move(record.error()));
  parsed = std::move(record->event);
  return record->size;
}

bool Outcome::on_record() {
  summary += (summary.empty() ? "" : " ") + parsed.id;
  ids.push_back(std::move(parsed.id));
  records.push_back(std::move(parsed.json));
  return ids.size() < stop_after;
}

bool Outcome::on_rejected(RejectedStretch stretch) {
  summary += summary.empty() ? "!" : " !";
  summary += name(stretch.reason);
  summary += '@' + std::to_string(stretch.offset);
  rejected.push_back(std::move(stretch));
  return true;
}

Outcome read(ByteStream& stream, const IngestLimits& limits) {
  Outcome outcome;
  Inflater text(stream, limits);
  const FileKind kind = read_records(text, limits, outcome);
  if (kind != FileKind::log) {
    EXPECT_EQ(outcome.summary, "") << "of a file that is no log";
    outcome.summary = name(kind);
  }
  return outcome;
}

namespace {

void expect_same(const Outcome& want, const Outcome& got, const std::string& reads) {
  EXPECT_EQ(want.summary, got.summary) << "in reads of " << reads;
  for (std::size_t i = 0; i < std::min(want.rejected.size(), got.rejected.size()); ++i) {
    EXPECT_EQ(want.rejected[i].detail, got.rejected[i].detail) << "in reads of " << reads;
    EXPECT_EQ(want.rejected[i].excerpt, got.rejected[i].excerpt) << "in reads of " << reads;
    EXPECT_EQ(want.rejected[i].size, got.rejected[i].size) << "in reads of " << reads;
    EXPECT_TRUE(want.rejected[i].bytes == got.rejected[i].bytes) << "in reads of " << reads;
  }
}

}  // namespace

Outcome read_all_ways(const std::string& bytes, const IngestLimits& limits) {
  MemoryStream at_once(bytes);
  Outcome want = read(at_once, limits);
  for (const std::size_t size : {1UL, 7UL, 4096UL}) {
    MemoryStream stream(bytes, reads_of(size));
    expect_same(want, read(stream, limits), std::to_string(size));
  }
  for (const std::uint64_t seed : {1UL, 2UL}) {
    MemoryStream stream(bytes, random_reads(seed));
    expect_same(want, read(stream, limits), "random sizes, seed " + std::to_string(seed));
  }
  return want;
}

namespace {

TEST(Reading, ToolsGiveBackWhatTheyWereGiven) {
  MemoryStream stream(gzip(envelope({record("a"), record("b")})), reads_of(3));
  EXPECT_EQ(read(stream).summary, "a b");
}

}  // namespace
}  // namespace trailsift::indexer::testing
