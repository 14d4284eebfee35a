#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"
#include "store/column.h"

namespace trailsift::store {

/// What was deleted of a store. Immutable once it is part of a snapshot.
struct Deletes {
  std::uint64_t number = 0;  ///< Of the file that it is in; 0: nothing was deleted, no file.
  /// The documents of each segment that are there no more, ascending. A merge leaves them out.
  std::map<std::string, std::vector<std::uint32_t>, std::less<>> docs;
  /// The events that were deleted: deliveries do not bring them back.
  std::set<std::string, std::less<>> ids;

  bool empty() const { return docs.empty() && ids.empty(); }
};

/// All of them are in memory, and written with each delete.
constexpr std::size_t kMaxDeletedIds = 1'000'000;

/// The name of the file, "deletes-" and sixteen hexadecimal digits.
std::string deletes_name(std::uint64_t number);
bool is_deletes_name(std::string_view name);

/// Reads the file of this number; not_found when there is none, corrupt when it is not as written.
Result<Deletes> read_deletes(const std::filesystem::path& directory, std::uint64_t number);

/// Writes the file, which must not be there. Its name becomes durable with the directory.
Result<void> write_deletes(const std::filesystem::path& directory, const Deletes& deletes,
                           bool durable);

}  // namespace trailsift::store
