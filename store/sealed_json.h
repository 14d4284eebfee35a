#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <rapidjson/document.h>

#include "schema/error.h"

namespace trailsift::store {

/// A JSON object in a file with a checksum around it, itself JSON:
/// `{"xxh3":"0123456789abcdef","content":` CONTENT `}` newline.
std::string seal(std::string_view content);

/// The content of a sealed text; borrows. Corrupt when the checksum is wrong.
Result<std::string_view> unseal(std::string_view text);

/// Versions of a file's content that this program reads.
struct FormatRange {
  std::uint64_t oldest = 1;
  std::uint64_t newest = 1;
};

/// The object in a sealed text, the whole of the file at `path`, which errors name. Corrupt when it
/// is not as it was written, or when its member "format" is none of `formats`. `advice`, if any, is
/// told where the file is damaged.
Result<rapidjson::Document> sealed_object(const std::filesystem::path& path, std::string_view text,
                                          FormatRange formats, std::string_view advice = {});

/// "'path' is corrupt: why; advice".
tl::unexpected<Error> corrupt_file(const std::filesystem::path& path, std::string_view why,
                                   std::string_view advice = {});

/// Seals the JSON text into the file at `path`. `durable`: waits until the disk has its bytes.
Result<void> write_sealed(const std::filesystem::path& path, std::string_view json, bool durable);

/// What a file's name ends with while it is written to replace another.
constexpr std::string_view kReplacementSuffix = ".tmp";

/// The same, swapped in at once: a crash leaves the old file or the new one, and maybe the one that
/// was to replace it.
/// `durable`: waits until the disk has the folder's new entry as well.
Result<void> replace_sealed(const std::filesystem::path& path, std::string_view json, bool durable);

/// A member that is a number of 64 bits without sign; nothing when it is missing or something else.
std::optional<std::uint64_t> number_member(const rapidjson::Value& object, const char* name);

}  // namespace trailsift::store
