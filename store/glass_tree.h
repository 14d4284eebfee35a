#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"
#include "store/file.h"
#include "store/glass_block.h"
#include "store/glass_format.h"

namespace trailsift::store {

/// Writes the B-tree of one table from front to back, from entries in ascending order of their
/// keys: leaves from left to right, each branch block when it is full. Holds one block per level.
class GlassTree {
 public:
  /// Block 0 is left for the header.
  static Result<GlassTree> create(const std::filesystem::path& path);

  /// The longest tag that the current leaf has room for beside a key of so many bytes.
  std::size_t room(std::size_t key_bytes) const;

  /// The key must be above all before and have 1 to 255 bytes, the tag at most kMaxTagBytes.
  Result<void> add(std::string_view key, std::string_view tag);

  /// Writes what is left; the tree takes no more entries.
  Result<GlassRoot> finish();

  FileWriter& file() { return file_; }

 private:
  /// The block of one level that is being filled.
  struct Level {
    GlassBlock block;
    std::string separator;     // Parts the block's keys from those of the block before.
    std::uint32_t sealed = 0;  // Blocks of this level that are written.
  };

  explicit GlassTree(FileWriter file);
  Result<void> seal(std::size_t level);
  /// Enters a written block in the level above it.
  Result<void> enter(std::size_t level, std::string_view separator, std::uint32_t block);

  FileWriter file_;
  std::vector<Level> levels_;
  std::uint64_t entries_ = 0;
  std::uint32_t next_block_ = 1;
};

}  // namespace trailsift::store
