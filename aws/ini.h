#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "schema/error.h"

namespace trailsift::aws {

/// Sections by name ("profile audit"), each its settings by name in lower case.
using IniFile = std::map<std::string, std::map<std::string, std::string>, std::less<>>;

constexpr std::size_t kMaxIniBytes = std::size_t{1} << 20U;

/// AWS's profile files: `[section]`, `name = value`, comments from '#' or ';' at the begin of a
/// line, or after white space. Settings of settings (indented lines) are passed over. Where
/// something stands twice, the later counts. Errors (`bad_request`) name the line's number only:
/// the lines hold secrets. Boost's ini_parser takes neither indented settings nor sections that
/// stand twice, which the AWS CLI both writes and reads.
Result<IniFile> parse_ini(std::string_view text);

}  // namespace trailsift::aws
