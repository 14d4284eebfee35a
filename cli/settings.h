#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "cli/command.h"
#include "schema/error.h"

namespace trailsift::cli {

/// What a setting may be. `seconds` may have fractions, and are kept in milliseconds.
enum class SettingType : std::uint8_t { text, texts, number, seconds, flag };

/// One row of the table of settings: what trailsift.toml may hold. Reading, `serve --check` and the
/// documentation's test read it.
struct Setting {
  std::string_view table;  ///< "serve"; "source" is [[source]], any number of times.
  std::string_view key;
  SettingType type;
  std::string_view default_value;  ///< As the file would have it; "": none.
  std::uint64_t low = 0;           ///< Of a number; of seconds in milliseconds.
  std::uint64_t high = 0;
  std::string_view option;  ///< That counts before the file; "": none.
  std::string_view help;    ///< Lower case, no full stop.
};

std::span<const Setting> settings();

/// "a text", "texts", "a number", …: for messages and the documentation.
std::string_view type_name(SettingType type);

using SettingValue = std::variant<std::string, std::vector<std::string>, std::uint64_t, bool>;

/// A setting's value, and where it was given.
struct GivenSetting {
  SettingValue value;
  std::string where;                     ///< "FILE:LINE:COLUMN"; "--option" for one of those.
  std::vector<std::string> where_items;  ///< Of each of several texts.
};

/// Values of one table of each name. Names are "table.key"; a name must be of the right type.
class Settings {
 public:
  void set(const Setting& row, GivenSetting given);

  bool has(std::string_view name) const;
  /// The value given, or the default; "", 0, false and no texts where there is none.
  std::string text(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;
  std::uint64_t number(std::string_view name) const;
  std::chrono::milliseconds duration(std::string_view name) const;
  bool flag(std::string_view name) const;
  const GivenSetting* given(std::string_view name) const;

  /// What is wrong with a value, with the place before it. `item`: which of several texts.
  Error mistake(std::string_view name, const Error& error,
                std::optional<std::size_t> item = {}) const;

 private:
  template <class T>
  T value(std::string_view name) const;

  std::map<std::string, GivenSetting, std::less<>> given_;
};

/// All that was given.
struct GivenSettings {
  Settings all;
  std::vector<Settings> sources;  ///< [[source]], or --queue.
};

/// The settings of a file, and of the options that count before it. `path`: "" for no file. All
/// mistakes are told at once, in the order of the file.
tl::expected<GivenSettings, std::vector<Error>> read_settings(const std::string& path,
                                                              const Arguments& arguments);

/// The settings as a file that gives them, each with where it came from. What is secret is not
/// told.
std::string settings_text(const GivenSettings& settings);

}  // namespace trailsift::cli
