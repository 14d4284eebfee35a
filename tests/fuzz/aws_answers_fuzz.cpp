// Any bytes as what AWS answers and as a profile file: nothing crashes, what is read keeps to the
// limits, and what is shown to a person is one short printable line.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "aws/cloudtrail_json.h"
#include "aws/credentials_chain.h"
#include "aws/failure.h"
#include "aws/ini.h"
#include "aws/s3_xml.h"
#include "aws/sqs_json.h"
#include "aws/sts.h"
#include "aws/url.h"
#include "tests/fuzz/require.h"

namespace {

using namespace trailsift;
using namespace trailsift::aws;

void check_failure(const std::string& body) {
  const CallNames call{"s3", "GetObject", "s3://trail/a", "s3:GetObject", "arn", "the environment"};
  for (const int status : {301, 400, 403, 404, 500}) {
    const Failure failure = parse_failure({status, {}, body});
    const Error error = to_error(failure, call);
    require(error.message.size() < 2'000, "a short message");
    require(std::ranges::none_of(error.message,
                                 [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
            "a printable message");
    require(failure.bucket_region.empty() || is_region_name(failure.bucket_region), "a region");
  }
}

void check_batch(const std::string& body) {
  const auto outcomes = parse_outcomes(body, kMaxBatch);
  if (!outcomes) return;
  require(outcomes->size() <= kMaxBatch, "at most one outcome for each entry");
  for (const BatchOutcome& outcome : *outcomes)
    require(outcome.index < kMaxBatch, "an index in the batch");
}

void check_keys(const Result<Credentials>& keys) {
  require(!keys || !keys->access_key_id.empty(), "a key's id");
}

void check_names(const std::string& text) {
  const auto origin = parse_origin(text);
  if (origin) {
    const auto again = parse_origin(origin->text());
    require(again && again->text() == origin->text(), "an origin to read as it was written");
  }
  const auto queue = parse_queue(text, false);
  require(!queue || queue->region.empty() || is_region_name(queue->region), "a region");
  const auto decoded = percent_decode(percent_encode(text));
  require(decoded && *decoded == text, "encoding to be undone by decoding");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_failure(text);
  check_batch(text);
  check_keys(parse_sts_credentials(text));
  check_keys(parse_endpoint_credentials(text, "the test"));
  static_cast<void>(parse_list_page(text).has_value());
  static_cast<void>(parse_messages(text).has_value());
  static_cast<void>(parse_public_keys(text).has_value());
  static_cast<void>(parse_ini(text).has_value());
  check_names(text);
  return 0;
}
