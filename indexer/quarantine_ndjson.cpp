#include "indexer/quarantine_ndjson.h"

#include <cerrno>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <rapidjson/document.h>

#include "indexer/quarantine_format.h"

namespace trailsift::indexer {
namespace {

// An entry takes less, even if every byte of it is escaped.
constexpr std::size_t kMaxLineBytes = 1UL << 20;

using Json = rapidjson::Document;

std::string_view text_of(const Json& json, const char* key) {
  if (!json.HasMember(key) || !json[key].IsString()) return {};
  return {json[key].GetString(), json[key].GetStringLength()};
}

/// nullopt when the line is not one of a list.
std::optional<QuarantineEntry> entry_of(std::string_view line) {
  Json json;
  json.Parse<rapidjson::kParseIterativeFlag>(line.data(), line.size());
  if (json.HasParseError() || !json.IsObject()) return std::nullopt;
  const auto seen = parse_time(text_of(json, "seen"));
  const auto reason = reject_named(text_of(json, "reason"));
  const bool has_offset = json.HasMember("offset") && json["offset"].IsUint64();
  if (!seen || !reason || !has_offset) return std::nullopt;
  return QuarantineEntry{
      *seen,   std::string(text_of(json, "source")), json["offset"].GetUint64(),
      *reason, std::string(text_of(json, "detail")), std::string(text_of(json, "excerpt"))};
}

tl::unexpected<Error> cannot(const char* what, const std::filesystem::path& path) {
  return fail(ErrorCode::io, std::string("cannot ") + what + " '" + path.string() +
                                 "': " + std::system_category().message(errno));
}

}  // namespace

Result<void> for_each_in_ndjson(const std::filesystem::path& path,
                                const std::function<bool(const QuarantineEntry&)>& visit) {
  std::error_code failed;
  if (!std::filesystem::exists(path, failed) && !failed) return {};
  std::ifstream file(path, std::ios::binary);
  if (!file) return cannot("open", path);
  std::string line;
  while (std::getline(file, line)) {
    if (line.size() > kMaxLineBytes) continue;
    const auto entry = entry_of(line);
    if (entry && !visit(*entry)) return {};
  }
  return file.bad() ? Result<void>(cannot("read", path)) : Result<void>();
}

}  // namespace trailsift::indexer
