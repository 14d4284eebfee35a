#pragma once

#include <string>
#include <string_view>

#include "cli/settings.h"
#include "cli/toml_file.h"
#include "schema/error.h"

namespace trailsift::cli {

/// "serve.listen"
std::string full_name(const Setting& row);

/// What the row's default says; an empty value where it has none.
SettingValue default_of(const Setting& row);

/// The value that a file gives to a setting; bad_request when it is of another type or out of
/// range, with `path` and the place before the message.
Result<GivenSetting> value_in_file(const Setting& row, const TomlValue& value,
                                   const std::string& path);

/// The value that an option gives to a setting. The message names the option.
Result<SettingValue> value_of_option(const Setting& row, const Arguments& arguments);

/// The value as a file has it.
std::string toml_text(const Setting& row, const SettingValue& value);

}  // namespace trailsift::cli
