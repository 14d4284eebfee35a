#include "indexer/json_value.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include "indexer/extent_scanner.h"
#include "indexer/quoted.h"

namespace trailsift::indexer {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

constexpr unsigned kCheckFlags =
    rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseStopWhenDoneFlag;

/// Ends the parsing before the depth of hostile text takes the stack.
class DepthGuard : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, DepthGuard> {
 public:
  explicit DepthGuard(std::size_t max_depth) : max_depth_(max_depth) {}

  bool StartObject() { return ++depth_ <= max_depth_; }
  bool StartArray() { return ++depth_ <= max_depth_; }
  bool EndObject(rapidjson::SizeType /*members*/) { return depth_-- > 0; }
  bool EndArray(rapidjson::SizeType /*elements*/) { return depth_-- > 0; }

 private:
  std::size_t max_depth_;
  std::size_t depth_ = 0;
};

class StringTaker : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, StringTaker> {
 public:
  bool String(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    taken.assign(text, size);
    return true;
  }

  std::string taken;
};

std::string_view without_space(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(kSpace), text.size()));
}

/// The value that checked text begins with.
JsonValue value_at(std::string_view text) {
  ExtentScanner scanner;
  scanner.feed(text);
  scanner.finish();
  return JsonValue(text.substr(0, scanner.size()));
}

std::string unescaped(std::string_view quoted) {
  const std::string_view inside = quoted.substr(1, quoted.size() - 2);
  if (inside.find('\\') == std::string_view::npos) return std::string(inside);
  rapidjson::MemoryStream stream(quoted.data(), quoted.size());
  rapidjson::Reader reader;
  StringTaker taker;
  reader.Parse(stream, taker);
  return std::move(taker.taken);
}

/// The parser's sentences in the form of our messages.
std::string not_json(std::string_view text, std::size_t at, rapidjson::ParseErrorCode code) {
  std::string why = rapidjson::GetParseError_En(code);
  why.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(why.front())));
  if (why.back() == '.') why.pop_back();
  const std::string got = at < text.size() ? quoted(text.substr(at)) : "the end of the text";
  return "expected JSON, got " + got + " (" + why + ')';
}

}  // namespace

std::optional<std::string> JsonValue::string() const {
  return is_string() ? std::optional(unescaped(text_)) : std::nullopt;
}

std::optional<std::uint64_t> JsonValue::unsigned_integer() const {
  std::uint64_t number = 0;
  const char* const end = text_.data() + text_.size();
  const auto [behind, error] = std::from_chars(text_.data(), end, number);
  return error == std::errc{} && behind == end ? std::optional(number) : std::nullopt;
}

std::vector<JsonMember> JsonValue::members() const {
  std::vector<JsonMember> members;
  if (!is_object()) return members;
  std::string_view rest = without_space(text_.substr(1));
  while (rest.front() != '}' && members.size() < kMaxMembers) {
    const std::string_view key = value_at(rest).text();
    rest = without_space(rest.substr(key.size()));  // Begins with the colon.
    rest = without_space(rest.substr(1));
    const JsonValue value = value_at(rest);
    members.push_back({unescaped(key), value});
    rest = without_space(rest.substr(value.text().size()));
    if (rest.front() == ',') rest = without_space(rest.substr(1));
  }
  return members;
}

const JsonValue* find(const std::vector<JsonMember>& members, std::string_view key) {
  for (const JsonMember& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

std::optional<std::string> find_string(const std::vector<JsonMember>& members,
                                       std::string_view key) {
  const JsonValue* value = find(members, key);
  return value == nullptr ? std::nullopt : value->string();
}

std::optional<JsonValue> JsonElements::next() {
  if (rest_.empty()) return std::nullopt;
  rest_ = without_space(rest_.substr(1));  // Behind the bracket or the comma.
  if (rest_.front() == ']') {
    rest_ = {};
    return std::nullopt;
  }
  const JsonValue value = value_at(rest_);
  rest_ = without_space(rest_.substr(value.text().size()));
  if (rest_.front() == ']') rest_ = rest_.substr(0, 0);
  return value;
}

Result<JsonValue> read_json(std::string_view text, std::size_t max_depth) {
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  DepthGuard guard(max_depth);
  const auto result = reader.Parse<kCheckFlags>(stream, guard);
  const std::size_t at = std::min(result ? stream.Tell() : result.Offset(), text.size());
  if (result) return JsonValue(without_space(text.substr(0, at)));
  const Span here{at, std::min(at + 1, text.size())};
  if (result.Code() == rapidjson::kParseErrorTermination) {
    return fail(
        ErrorCode::too_large,
        "expected at most " + std::to_string(max_depth) + " objects and arrays inside each other",
        here);
  }
  return fail(ErrorCode::bad_request, not_json(text, at, result.Code()), here);
}

}  // namespace trailsift::indexer
