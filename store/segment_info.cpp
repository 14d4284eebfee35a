#include "store/segment_info.h"

#include <charconv>
#include <optional>
#include <string>

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "store/sealed_json.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;

using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr std::size_t kMaxBytes = std::size_t{64} << 10;

std::optional<std::uint64_t> parse_hex(std::string_view text) {
  std::uint64_t value = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value, 16);
  return error == std::errc() && end == last ? std::optional(value) : std::nullopt;
}

void write_part(JsonWriter& out, std::string_view name, const WrittenFile& part) {
  out.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  out.StartObject();
  out.Key("bytes");
  out.Uint64(part.bytes);
  out.Key("xxh3");
  out.String(hex(part.checksum).c_str());
  out.EndObject();
}

const rapidjson::Value* member(const rapidjson::Value& object, std::string_view name) {
  if (!object.IsObject()) return nullptr;
  const auto found = object.FindMember(
      rapidjson::Value(name.data(), static_cast<rapidjson::SizeType>(name.size())));
  return found == object.MemberEnd() ? nullptr : &found->value;
}

std::optional<WrittenFile> read_part(const rapidjson::Value& parts, std::string_view name) {
  const auto* part = member(parts, name);
  if (part == nullptr) return std::nullopt;
  const auto* bytes = member(*part, "bytes");
  const auto* sum = member(*part, "xxh3");
  if (bytes == nullptr || !bytes->IsUint64() || sum == nullptr || !sum->IsString()) {
    return std::nullopt;
  }
  const auto value = parse_hex(sum->GetString());
  if (!value) return std::nullopt;
  return WrittenFile{bytes->GetUint64(), *value};
}

std::optional<SegmentInfo> read_content(const rapidjson::Value& content) {
  const auto* events = member(content, "events");
  const auto* oldest = member(content, "oldest_ms");
  const auto* newest = member(content, "newest_ms");
  const auto* parts = member(content, "parts");
  if (events == nullptr || !events->IsUint() || events->GetUint() == 0 || oldest == nullptr ||
      !oldest->IsInt64() || newest == nullptr || !newest->IsInt64() || parts == nullptr) {
    return std::nullopt;
  }
  const auto terms = read_part(*parts, kTermsFile);
  const auto columns = read_part(*parts, kColumnsFile);
  const auto records = read_part(*parts, kRecordsFile);
  if (!terms || !columns || !records) return std::nullopt;
  using std::chrono::milliseconds;
  return SegmentInfo{events->GetUint(),
                     Timestamp(milliseconds(oldest->GetInt64())),
                     Timestamp(milliseconds(newest->GetInt64())),
                     *terms,
                     *columns,
                     *records};
}

}  // namespace

Result<SegmentInfo> read_segment_info(const fs::path& segment) {
  const fs::path path = segment / kSegmentInfoFile;
  const auto text = read_file(path, kMaxBytes);
  if (!text) return tl::unexpected(text.error());
  const auto json = sealed_object(path, *text, {kSegmentFormat, kSegmentFormat});
  if (!json) return tl::unexpected(json.error());
  const auto info = read_content(*json);
  if (!info) return corrupt_file(path, "a member is missing or of the wrong type");
  return *info;
}

Result<void> write_segment_info(const fs::path& segment, const SegmentInfo& info, bool durable) {
  rapidjson::StringBuffer buffer;
  JsonWriter out(buffer);
  out.StartObject();
  out.Key("format");
  out.Uint(kSegmentFormat);
  out.Key("events");
  out.Uint(info.events);
  out.Key("oldest_ms");
  out.Int64(info.oldest.time_since_epoch().count());
  out.Key("newest_ms");
  out.Int64(info.newest.time_since_epoch().count());
  out.Key("parts");
  out.StartObject();
  write_part(out, kTermsFile, info.terms);
  write_part(out, kColumnsFile, info.columns);
  write_part(out, kRecordsFile, info.records);
  out.EndObject();
  out.EndObject();
  return write_sealed(segment / kSegmentInfoFile, {buffer.GetString(), buffer.GetSize()}, durable);
}

}  // namespace trailsift::store
