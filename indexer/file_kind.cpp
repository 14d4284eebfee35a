#include "indexer/file_kind.h"

#include <algorithm>
#include <array>
#include <string>

namespace trailsift::indexer {
namespace {

constexpr std::array<std::string_view, kFileKinds> kNames = {
    "log", "digest", "config", "other JSON", "not JSON", "empty",
};

struct TellingKey {
  std::string_view key;
  FileKind kind;
};

constexpr std::array kTellingKeys = {
    TellingKey{"eventVersion", FileKind::log},
    TellingKey{"eventID", FileKind::log},
    TellingKey{"eventName", FileKind::log},
    TellingKey{"eventTime", FileKind::log},
    TellingKey{"userIdentity", FileKind::log},
    TellingKey{"digestStartTime", FileKind::digest},
    TellingKey{"digestEndTime", FileKind::digest},
    TellingKey{"digestS3Object", FileKind::digest},
    TellingKey{"configSnapshotId", FileKind::config},
    TellingKey{"configurationItems", FileKind::config},
};

}  // namespace

std::string_view name(FileKind kind) {
  return kNames.at(static_cast<std::size_t>(kind));
}

std::optional<FileKind> kind_of_key(std::string_view key) {
  const auto* row = std::ranges::find(kTellingKeys, key, &TellingKey::key);
  return row == kTellingKeys.end() ? std::nullopt : std::optional(row->kind);
}

bool shows_records(std::string_view text) {
  const auto named = [&](std::string_view key) {
    return text.find('"' + std::string(key) + '"') != std::string_view::npos;
  };
  return named("Records") || std::ranges::any_of(kTellingKeys, [&](const TellingKey& row) {
           return row.kind == FileKind::log && named(row.key);
         });
}

}  // namespace trailsift::indexer
