#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"

namespace trailsift::store {

/// Of a store of which something was deleted; without, it is 1.
constexpr std::uint32_t kManifestFormat = 2;
constexpr std::string_view kManifestFile = "manifest";
/// The manifest while it is written.
constexpr std::string_view kManifestTemporary = "manifest.tmp";

/// Which segments make up the store: replacing this file is what commits.
struct Manifest {
  std::uint64_t store = 0;  ///< A random number of this store: another one means other segments.
  std::uint64_t generation = 0;
  std::uint64_t next_segment = 1;  ///< Names are never used twice.
  std::vector<std::string> segments;
  std::uint64_t deletes = 0;  ///< Number of the file that says what was deleted; 0: none.
};

/// Whether a name is `prefix` and sixteen hexadecimal digits.
bool is_numbered(std::string_view name, std::string_view prefix);

/// The name of a published segment, "seg-" and sixteen hexadecimal digits.
std::string segment_name(std::uint64_t number);
bool is_segment_name(std::string_view name);

/// The name of a segment while it is written.
std::string temporary_name(std::uint64_t number);
bool is_temporary_name(std::string_view name);

/// not_found when there is none.
Result<Manifest> read_manifest(const std::filesystem::path& directory);
Result<Manifest> parse_manifest(const std::filesystem::path& path, std::string_view text);

/// Replaces the manifest; either the old one or the new one is there, whatever happens.
Result<void> publish_manifest(const std::filesystem::path& directory, const Manifest& manifest,
                              bool durable);

}  // namespace trailsift::store
