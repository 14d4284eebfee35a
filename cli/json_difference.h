#pragma once

#include <string>
#include <vector>

#include <rapidjson/document.h>

namespace trailsift::cli {

/// Where `got` lacks what `wanted` has, one line each: "Trail.Name: expected "a", got "b"". What
/// `got` has besides is passed over: other members of objects, other elements of lists. A list of
/// one and that one are the same (statements of policies are compared by their Sid), as are
/// numbers, true and false and their texts; a text may be the JSON of what is wanted. That is how
/// AWS gives back what it was given.
std::vector<std::string> differences(const rapidjson::Value& wanted, const rapidjson::Value& got);

/// One line of JSON.
std::string json_text(const rapidjson::Value& value);

}  // namespace trailsift::cli
