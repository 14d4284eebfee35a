#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::indexer {

/// What is known of a log file. Where several digests list it, the later one of these counts.
enum class Integrity : std::uint8_t { unverified, verified, missing, tampered };

/// "verified" and so on.
std::string_view name(Integrity integrity);
std::optional<Integrity> integrity_named(std::string_view name);

/// By the name in `log_file`.
using IntegrityTable = std::map<std::string, Integrity, std::less<>>;

/// The table in `integrity.csv` of the data directory, in RFC 4180: a line `log_file,integrity`,
/// then one for each file, lines ending in CR LF. Empty when there is no such file; corrupt when it
/// is something else.
Result<IntegrityTable> load_integrity(const std::filesystem::path& data_directory);

/// When the table was written last; nullopt where there is none.
std::optional<Timestamp> integrity_written(const std::filesystem::path& data_directory);

/// Puts `news` in place of what the table says of these files; the rest of it stays. The file is
/// replaced at once and durable afterwards. One process at a time.
Result<void> update_integrity(const std::filesystem::path& data_directory,
                              const IntegrityTable& news);

}  // namespace trailsift::indexer
