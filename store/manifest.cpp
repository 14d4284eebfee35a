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

bool is_numbered(std::string_view name, std::string_view prefix) {
  return name.starts_with(prefix) && name.size() == prefix.size() + hex(0).size() &&
         std::ranges::all_of(name.substr(prefix.size()), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::optional<std::uint64_t> number(const rapidjson::Value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsUint64()) return std::nullopt;
  return found->value.GetUint64();
}

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
  out.Uint(kManifestFormat);
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
  out.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace

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
  const auto corrupt = [&](const std::string& why) {
    return fail(ErrorCode::corrupt, "'" + path.string() + "' is corrupt: " + why);
  };
  const auto content = unseal(text);
  if (!content) return corrupt(content.error().message);
  rapidjson::Document json;
  json.Parse<rapidjson::kParseIterativeFlag>(content->data(), content->size());
  if (json.HasParseError() || !json.IsObject()) return corrupt("it is not a JSON object");
  const auto format = number(json, "format");
  if (!format) return corrupt("it has no format version");
  if (*format > kManifestFormat) {
    return fail(ErrorCode::corrupt, "cannot read '" + path.string() + "': its format " +
                                        std::to_string(*format) +
                                        " is newer than this program, which reads up to " +
                                        std::to_string(kManifestFormat));
  }
  const auto store = number(json, "store");
  const auto generation = number(json, "generation");
  const auto next_segment = number(json, "next_segment");
  auto segments = segments_of(json);
  if (!store || !generation || !next_segment || !segments) {
    return corrupt("a member is missing or of the wrong type");
  }
  return Manifest{*store, *generation, *next_segment, std::move(*segments)};
}

Result<void> publish_manifest(const fs::path& directory, const Manifest& manifest, bool durable) {
  const fs::path temporary = directory / kManifestTemporary;
  auto file = FileWriter::create(temporary);
  if (!file) return tl::unexpected(file.error());
  if (auto done = file->append(seal(to_json(manifest))); !done) return done;
  if (auto done = file->finish(durable); !done) return tl::unexpected(done.error());
  if (auto done = rename_file(temporary, directory / kManifestFile); !done) return done;
  return durable ? sync_directory(directory) : Result<void>();
}

}  // namespace trailsift::store
