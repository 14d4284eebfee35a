#include "aws/cloudtrail.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <utility>

#include <openssl/evp.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "aws/cloudtrail_json.h"
#include "aws/json.h"
#include "aws/query_call.h"

namespace trailsift::aws {
namespace {

constexpr std::string_view kTarget =
    "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.ListPublicKeys";
constexpr std::size_t kMaxDerBytes = 16'384;

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > kMaxDerBytes) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  // The library's own types are unsigned char.
  const auto* from = reinterpret_cast<const unsigned char*>(text.data());
  auto* to = reinterpret_cast<unsigned char*>(bytes.data());
  const int length = EVP_DecodeBlock(to, from, static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

std::string make_body(Timestamp start, Timestamp end, const std::string& next_token) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  const auto seconds = [](Timestamp time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
  };
  writer.StartObject();
  writer.Key("StartTime");
  writer.Int64(seconds(start));
  writer.Key("EndTime");
  writer.Int64(seconds(end));
  if (!next_token.empty()) {
    writer.Key("NextToken");
    writer.String(next_token.data(), static_cast<rapidjson::SizeType>(next_token.size()));
  }
  writer.EndObject();
  return buffer.GetString();
}

}  // namespace

Result<PublicKeyPage> parse_public_keys(std::string_view json) {
  const auto document = parse_json_object(json);
  if (!document) return tl::unexpected(document.error());
  const auto* list = find_member(*document, "PublicKeyList");
  if (list == nullptr || !list->IsArray())
    return fail(ErrorCode::corrupt, "expected PublicKeyList in the answer of CloudTrail");
  PublicKeyPage page;
  page.next_token = string_member(*document, "NextToken");
  for (const auto& item : list->GetArray()) {
    const auto der = decode_base64(string_member(item, "Value"));
    const auto from = seconds_member(item, "ValidityStartTime");
    const auto to = seconds_member(item, "ValidityEndTime");
    const auto fingerprint = string_member(item, "Fingerprint");
    if (!der || !from || !to || fingerprint.empty())
      return fail(ErrorCode::corrupt,
                  "expected Value, Fingerprint, ValidityStartTime and ValidityEndTime of each key "
                  "in the answer of CloudTrail");
    page.keys.push_back({std::string(fingerprint), *der, *from, *to});
  }
  return page;
}

Result<std::vector<PublicKey>> CloudTrail::list_public_keys(Timestamp start, Timestamp end,
                                                            const std::string& region,
                                                            const std::stop_token& stop) {
  Caller& caller = session_.caller();
  const auto used = region.empty() ? caller.region(stop) : Result<std::string>(region);
  if (!used) return tl::unexpected(used.error());
  if (!is_region_name(*used))
    return fail(ErrorCode::bad_request, "expected a region, got '" + *used + "'");
  std::vector<PublicKey> keys;
  std::string next_token;
  do {
    Call call = make_json_call(caller, Service::cloudtrail, *used, std::string(kTarget),
                               make_body(start, end, next_token));
    call.names.resource = *used;
    call.names.action = "cloudtrail:ListPublicKeys";
    const auto response = caller.call(std::move(call), stop);
    if (!response) return tl::unexpected(response.error());
    auto page = parse_public_keys(response->body);
    if (!page) return tl::unexpected(page.error());
    std::ranges::move(page->keys, std::back_inserter(keys));
    const bool repeats = !next_token.empty() && page->next_token == next_token;
    if (repeats)
      return fail(ErrorCode::corrupt,
                  "cannot list CloudTrail's public keys: the answer's NextToken does not move on");
    if (keys.size() > kMaxPublicKeys)
      return fail(ErrorCode::too_large, "expected at most " + std::to_string(kMaxPublicKeys) +
                                            " public keys from CloudTrail");
    next_token = std::move(page->next_token);
  } while (!next_token.empty());
  return keys;
}

}  // namespace trailsift::aws
