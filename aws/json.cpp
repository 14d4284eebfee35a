#include "aws/json.h"

#include <cmath>
#include <cstdint>

#include "schema/number.h"

namespace trailsift::aws {

Result<rapidjson::Document> parse_json_object(std::string_view text) {
  rapidjson::Document document;
  // Iterative: depth costs memory in proportion to the text, never stack.
  document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(
      text.data(), text.size());
  if (document.HasParseError() || !document.IsObject())
    return fail(ErrorCode::corrupt, "expected a JSON object in the answer");
  return document;
}

const rapidjson::Value* find_member(const rapidjson::Value& object, const char* name) {
  if (!object.IsObject()) return nullptr;
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nullptr : &found->value;
}

std::string_view string_member(const rapidjson::Value& object, const char* name) {
  const auto* value = find_member(object, name);
  if (value == nullptr || !value->IsString()) return {};
  return {value->GetString(), value->GetStringLength()};
}

std::optional<std::int64_t> integer_member(const rapidjson::Value& object, const char* name) {
  const auto* value = find_member(object, name);
  if (value == nullptr) return std::nullopt;
  if (value->IsInt64()) return value->GetInt64();
  if (!value->IsString()) return std::nullopt;
  return parse_number<std::int64_t>({value->GetString(), value->GetStringLength()});
}

std::optional<Timestamp> seconds_member(const rapidjson::Value& object, const char* name) {
  constexpr double kYear9999 = 253'402'300'799.0;
  const auto* value = find_member(object, name);
  if (value == nullptr || !value->IsNumber()) return std::nullopt;
  const double seconds = value->GetDouble();
  if (!(seconds >= 0 && seconds <= kYear9999)) return std::nullopt;
  return Timestamp(std::chrono::milliseconds(std::llround(seconds * 1000)));
}

}  // namespace trailsift::aws
