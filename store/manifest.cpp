#include "store/manifest.h"

#include <algorithm>
#include <optional>

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "store/checksum.h"
#include "store/file.h"
#include "store/sealed_json.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxBytes = std::size_t{16} << 20;
constexpr std::string_view kSegmentPrefix = "seg-";
constexpr std::string_view kTemporaryPrefix = "tmp-";
// What replace_sealed() leaves behind in a crash.
static_assert(kManifestTemporary.substr(0, kManifestFile.size()) == kManifestFile &&
              kManifestTemporary.substr(kManifestFile.size()) == kReplacementSuffix);

std::optional<std::vector<std::string>> segments_of(const rapidjson::Value& object) {
  const auto found = object.FindMember("segments");
  if (found == object.MemberEnd() || !found->value.IsArray()) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& item : found->value.GetArray()) {
    if (!item.IsString()) return std::nullopt;
    names.emplace_back(item.GetString(), item.GetStringLength());
    if (!is_segment_name(names.back())) return std::nullopt;
  }
  return names;
}

std::string to_json(const Manifest& manifest) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> out(buffer);
  out.StartObject();
  out.Key("format");
  out.Uint(manifest.deletes == 0 ? 1 : kManifestFormat);  // For programs that know no deletes.
  out.Key("store");
  out.Uint64(manifest.store);
  out.Key("generation");
  out.Uint64(manifest.generation);
  out.Key("next_segment");
  out.Uint64(manifest.next_segment);
  out.Key("segments");
  out.StartArray();
  for (const auto& name : manifest.segments) out.String(name.c_str());
  out.EndArray();
  if (manifest.deletes != 0) {
    out.Key("deletes");
    out.Uint64(manifest.deletes);
  }
  out.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace

bool is_numbered(std::string_view name, std::string_view prefix) {
  return name.starts_with(prefix) && name.size() == prefix.size() + hex(0).size() &&
         std::ranges::all_of(name.substr(prefix.size()), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string segment_name(std::uint64_t number) {
  return std::string(kSegmentPrefix) + hex(number);
}

bool is_segment_name(std::string_view name) {
  return is_numbered(name, kSegmentPrefix);
}

std::string temporary_name(std::uint64_t number) {
  return std::string(kTemporaryPrefix) + hex(number);
}

bool is_temporary_name(std::string_view name) {
  return is_numbered(name, kTemporaryPrefix);
}

Result<Manifest> read_manifest(const fs::path& directory) {
  const auto text = read_file(directory / kManifestFile, kMaxBytes);
  if (!text) return tl::unexpected(text.error());
  return parse_manifest(directory / kManifestFile, *text);
}

Result<Manifest> parse_manifest(const fs::path& path, std::string_view text) {
  const auto json = sealed_object(path, text, {1, kManifestFormat});
  if (!json) return tl::unexpected(json.error());
  const auto store = number_member(*json, "store");
  const auto generation = number_member(*json, "generation");
  const auto next_segment = number_member(*json, "next_segment");
  auto segments = segments_of(*json);
  const auto deletes = number_member(*json, "deletes");
  if (!store || !generation || !next_segment || !segments ||
      deletes.has_value() != json->HasMember("deletes")) {
    return corrupt_file(path, "a member is missing or of the wrong type");
  }
  return Manifest{*store, *generation, *next_segment, std::move(*segments), deletes.value_or(0)};
}

Result<void> publish_manifest(const fs::path& directory, const Manifest& manifest, bool durable) {
  return replace_sealed(directory / kManifestFile, to_json(manifest), durable);
}

}  // namespace trailsift::store
