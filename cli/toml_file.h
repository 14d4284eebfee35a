#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "schema/error.h"

namespace trailsift::cli {

/// A place in a file, counted from 1.
struct FilePlace {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// A value of a TOML file.
struct TomlValue {
  /// monostate: what no setting can be, a date or a table.
  std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<TomlValue>>
      value;
  std::string_view type;  ///< For messages: "a text", "a date", …
  FilePlace at;
};

/// `[name]`, or one of `[[name]]`. What stands above all of them is a table without a name.
struct TomlTable {
  struct Entry {
    std::string key;
    FilePlace at;
    TomlValue value;
  };
  std::string name;
  bool repeated = false;  ///< Was written with double brackets.
  FilePlace at;
  std::vector<Entry> entries;
};

constexpr std::size_t kMaxTomlBytes = std::size_t{1} << 20;

/// The tables of a file, those of one name in their order. not_found or io when it cannot be read,
/// too_large beyond kMaxTomlBytes, bad_request ("FILE:LINE:COLUMN: …") when it is no TOML.
Result<std::vector<TomlTable>> read_toml(const std::string& path);

/// "FILE:LINE:COLUMN"
std::string place_text(const std::string& path, FilePlace at);

}  // namespace trailsift::cli
