#pragma once

#include <cstddef>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::server {

/// A small text under a key.
struct KeyedDocument {
  std::string key;
  std::string text;
  Timestamp created;
  Timestamp updated;

  /// Another one after each change: an HTTP entity tag, with its quotes.
  std::string tag() const;
};

/// What a change expects to find.
struct Expectation {
  std::optional<std::string> tag;  ///< This version; "*": any.
  bool nothing = false;            ///< No document of the key.
};

/// Documents in one file of the data directory, which is written anew with each change: whole,
/// durable, and swapped in at once, so that a crash leaves the old file or the new one. Any thread,
/// and several processes. A file that is damaged is an ErrorCode::corrupt that names it, and is not
/// touched.
class KeyedDocuments {
 public:
  struct Limits {
    std::size_t documents = 1000;
    std::size_t bytes = std::size_t{8} << 20;  ///< Of all keys and texts.
    bool evicts = false;  ///< Makes room by dropping what was changed longest ago.
  };

  KeyedDocuments(std::filesystem::path file, Limits limits)
      : file_(std::move(file)), limits_(limits) {}

  /// In the order of the last change, oldest first. No file: none.
  Result<std::vector<KeyedDocument>> all() const;
  /// nullopt: there is none.
  Result<std::optional<KeyedDocument>> find(std::string_view key) const;

  /// Adds or replaces. nullopt: it is not as expected, nothing was changed. too_large where there
  /// is no room.
  Result<std::optional<KeyedDocument>> put(std::string_view key, std::string text, Timestamp now,
                                           const Expectation& expected = {});
  enum class Removed : std::uint8_t { yes, not_there, not_as_expected };
  Result<Removed> remove(std::string_view key, const Expectation& expected = {});

 private:
  Result<void> make_room(std::vector<KeyedDocument>& documents) const;
  Result<void> write(const std::vector<KeyedDocument>& documents) const;

  const std::filesystem::path file_;
  const Limits limits_;
  mutable std::mutex mutex_;  // One change at a time in this process; a lock file for others.
};

}  // namespace trailsift::server
