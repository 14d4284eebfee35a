#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <rapidjson/document.h>

#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::aws {

/// An answer that must be one JSON object. `corrupt` otherwise.
Result<rapidjson::Document> parse_json_object(std::string_view text);

/// The member `name`, or null when `object` is no object or has none.
const rapidjson::Value* find_member(const rapidjson::Value& object, const char* name);

/// The text of a string member, otherwise "".
std::string_view string_member(const rapidjson::Value& object, const char* name);

/// A whole number that AWS sends as a number or as text.
std::optional<std::int64_t> integer_member(const rapidjson::Value& object, const char* name);

/// A time that AWS sends as seconds since 1970, with a fraction or without.
std::optional<Timestamp> seconds_member(const rapidjson::Value& object, const char* name);

}  // namespace trailsift::aws
