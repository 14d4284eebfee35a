#include "store/deletes.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "store/checksum.h"
#include "store/file.h"
#include "store/manifest.h"
#include "store/sealed_json.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "deletes-";
constexpr std::uint64_t kFormat = 1;
constexpr std::size_t kMaxBytes = std::size_t{1} << 30;

std::string to_json(const Deletes& deletes) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> out(buffer);
  out.StartObject();
  out.Key("format");
  out.Uint64(kFormat);
  out.Key("number");
  out.Uint64(deletes.number);
  out.Key("segments");
  out.StartObject();
  for (const auto& [name, docs] : deletes.docs) {
    out.Key(name.c_str());
    out.StartArray();
    for (const std::uint32_t doc : docs) out.Uint(doc);
    out.EndArray();
  }
  out.EndObject();
  out.Key("ids");
  out.StartArray();
  for (const auto& id : deletes.ids) {
    out.String(id.data(), static_cast<rapidjson::SizeType>(id.size()));
  }
  out.EndArray();
  out.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

/// Ascending numbers, at least one.
std::optional<std::vector<std::uint32_t>> docs_of(const rapidjson::Value& list) {
  if (!list.IsArray() || list.Empty()) return std::nullopt;
  std::vector<std::uint32_t> docs;
  docs.reserve(list.Size());
  for (const auto& item : list.GetArray()) {
    if (!item.IsUint() || (!docs.empty() && item.GetUint() <= docs.back())) return std::nullopt;
    docs.push_back(item.GetUint());
  }
  return docs;
}

bool read_segments(const rapidjson::Value& object, Deletes& deletes) {
  const auto segments = object.FindMember("segments");
  if (segments == object.MemberEnd() || !segments->value.IsObject()) return false;
  for (const auto& [name, list] : segments->value.GetObject()) {
    std::string segment(name.GetString(), name.GetStringLength());
    auto docs = docs_of(list);
    if (!docs || !is_segment_name(segment)) return false;
    deletes.docs.insert_or_assign(std::move(segment), std::move(*docs));
  }
  return true;
}

bool read_ids(const rapidjson::Value& object, Deletes& deletes) {
  const auto ids = object.FindMember("ids");
  if (ids == object.MemberEnd() || !ids->value.IsArray()) return false;
  for (const auto& id : ids->value.GetArray()) {
    if (!id.IsString()) return false;
    deletes.ids.emplace_hint(deletes.ids.end(), id.GetString(), id.GetStringLength());
  }
  return true;
}

Result<Deletes> parse_deletes(const fs::path& path, std::string_view text) {
  const auto json = sealed_object(path, text, {kFormat, kFormat});
  if (!json) return tl::unexpected(json.error());
  Deletes deletes;
  const auto number = number_member(*json, "number");
  if (!number || !read_segments(*json, deletes) || !read_ids(*json, deletes)) {
    return corrupt_file(path, "a member is missing or of the wrong type");
  }
  deletes.number = *number;
  return deletes;
}

}  // namespace

std::string deletes_name(std::uint64_t number) {
  return std::string(kPrefix) + hex(number);
}

bool is_deletes_name(std::string_view name) {
  return is_numbered(name, kPrefix);
}

Result<Deletes> read_deletes(const fs::path& directory, std::uint64_t number) {
  const fs::path path = directory / deletes_name(number);
  const auto text = read_file(path, kMaxBytes);
  if (!text) return tl::unexpected(text.error());
  auto deletes = parse_deletes(path, *text);
  if (deletes && deletes->number != number) return corrupt_file(path, "it has another number");
  return deletes;
}

Result<void> write_deletes(const fs::path& directory, const Deletes& deletes, bool durable) {
  const fs::path path = directory / deletes_name(deletes.number);
  if (auto done = write_sealed(path, to_json(deletes), durable); !done) return done;
  return durable ? sync_directory(directory) : Result<void>();
}

}  // namespace trailsift::store
