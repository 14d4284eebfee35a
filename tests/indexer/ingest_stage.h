#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/ingest.h"
#include "tests/indexer/staged_run.h"

namespace trailsift::indexer::testing {

struct Stage {
  StagedSource source;
  StagedWriter writer;
  StagedQuarantine quarantine;
  IngestOptions options;
  std::stop_source stop;

  Result<IngestAccount> run() {
    return ingest(source, writer, quarantine, options, stop.get_token());
  }

  /// The account in words, or the error.
  std::string account() {
    const auto result = run();
    if (!result) return "error: " + result.error().message;
    EXPECT_EQ(quarantine.unflushed, 0U);
    EXPECT_EQ(result->rejected, quarantine.entries.size());
    EXPECT_EQ(result->indexed, writer.ids.size());
    return words(*result);
  }
};

inline std::vector<std::string> records(const std::string& prefix, std::size_t count) {
  std::vector<std::string> made;
  for (std::size_t i = 0; i < count; ++i) made.push_back(record(prefix + std::to_string(i)));
  return made;
}

/// NDJSON of numbered records without end or up to a size; never in memory as a whole.
class GeneratedStream : public ByteStream {
 public:
  explicit GeneratedStream(std::size_t size) : left_(size) {}

  Result<std::size_t> read(std::span<char> buffer) override {
    if (line_.empty() && left_ > 0) {
      line_ = record("generated-" + std::to_string(number_++), kPadding) + "\n";
      left_ -= std::min(left_, line_.size());
    }
    const std::size_t size = std::min(buffer.size(), line_.size());
    std::copy_n(line_.begin(), size, buffer.begin());
    line_.erase(0, size);
    return size;
  }

 private:
  static constexpr std::string_view kPadding =
      R"(,"requestParameters":{"bucketName":"b","key":"some/longer/key/in/a/bucket.parquet"},)"
      R"("userAgent":"[aws-sdk-java/1.12 Linux/5.10 OpenJDK_64-Bit_Server_VM/25 java/1.8.0_302]")";
  std::size_t left_;
  std::size_t number_ = 0;
  std::string line_;
};

inline void add_generated(StagedSource& source, const std::string& name, std::size_t size) {
  source.add(std::make_unique<StagedBlob>(name, [size]() -> Result<std::unique_ptr<ByteStream>> {
    return std::make_unique<GeneratedStream>(size);
  }));
}

}  // namespace trailsift::indexer::testing
