#include "cli/answer_json.h"

namespace trailsift::cli {
namespace {

const Json kNoObject(rapidjson::kObjectType);
const Json kNoArray(rapidjson::kArrayType);

}  // namespace

tl::unexpected<Error> bad_answer(const std::string& wanted) {
  return fail(ErrorCode::io, "cannot read the server's answer: expected " + wanted);
}

Result<rapidjson::Document> parse_answer(std::string_view json) {
  constexpr unsigned kFlags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
  rapidjson::Document document;
  document.Parse<kFlags>(json.data(), json.size());
  if (document.HasParseError() || !document.IsObject()) return bad_answer("a JSON object");
  return document;
}

std::string text_of(const Json& text) {
  return {text.GetString(), text.GetStringLength()};
}

Members::Members(const Json& object, const char* what)
    : object_(object.IsObject() ? object : kNoObject) {
  if (!object.IsObject()) refuse(bad_answer("an object for " + std::string(what)));
}

const Json* Members::find(const char* name) const {
  const auto found = object_.FindMember(name);
  return found == object_.MemberEnd() ? nullptr : &found->value;
}

const Json* Members::expect(const char* name, bool (Json::*is)() const, const char* wanted) {
  const Json* const value = find(name);
  if (value != nullptr && (value->*is)()) return value;
  refuse(bad_answer(std::string(wanted) + " for " + name));
  return nullptr;
}

std::uint64_t Members::number(const char* name) {
  const Json* const value = expect(name, &Json::IsUint64, "a number");
  return value == nullptr ? 0 : value->GetUint64();
}

std::string Members::text(const char* name) {
  const Json* const value = expect(name, &Json::IsString, "a text");
  return value == nullptr ? std::string() : text_of(*value);
}

Timestamp Members::time(const char* name) {
  const Json* const value = expect(name, &Json::IsString, "a text");
  if (value == nullptr) return {};
  const auto time = parse_time(text_of(*value));
  if (!time) refuse(bad_answer("a time for " + std::string(name)));
  return time.value_or(Timestamp());
}

const Json& Members::array(const char* name) {
  const Json* const value = expect(name, &Json::IsArray, "an array");
  return value == nullptr ? kNoArray : *value;
}

const Json& Members::object(const char* name) {
  const Json* const value = expect(name, &Json::IsObject, "an object");
  return value == nullptr ? kNoObject : *value;
}

bool Members::flag(const char* name) const {
  const Json* const value = find(name);
  return value != nullptr && value->IsTrue();
}

std::optional<std::uint64_t> Members::number_if(const char* name) {
  return find(name) == nullptr ? std::nullopt : std::optional(number(name));
}

std::optional<Timestamp> Members::time_if(const char* name) {
  return find(name) == nullptr ? std::nullopt : std::optional(time(name));
}

void Members::refuse(tl::unexpected<Error> error) {
  if (!error_) error_ = std::move(error.value());
}

void Members::check(const Result<void>& done) {
  if (!done) refuse(tl::unexpected(done.error()));
}

Result<void> Members::result() const {
  if (error_) return tl::unexpected(*error_);
  return {};
}

}  // namespace trailsift::cli
