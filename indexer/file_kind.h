#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace trailsift::indexer {

/// What a delivered file is, by its content. All but logs are skipped.
enum class FileKind : std::uint8_t {
  log,         ///< CloudTrail records, also when all of them were rejected.
  digest,      ///< CloudTrail's list of delivered files with their hashes.
  config,      ///< A snapshot or history of AWS Config.
  other_json,  ///< JSON without a CloudTrail record.
  not_json,
  empty,
};

constexpr std::size_t kFileKinds = 6;

/// The kind's name in messages, such as "digest".
std::string_view name(FileKind kind);

/// What an object with this member is; nullopt when the key does not tell.
std::optional<FileKind> kind_of_key(std::string_view key);

/// True when one of a record's telling members, or `Records`, is named in `text`, which may be
/// damaged.
bool shows_records(std::string_view text);

}  // namespace trailsift::indexer
