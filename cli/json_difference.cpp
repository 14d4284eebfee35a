#include "cli/json_difference.h"

#include <algorithm>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace trailsift::cli {
namespace {

using rapidjson::Value;

constexpr std::size_t kMostShown = 300;  // Bytes of one value.

std::string shown(const Value& value) {
  std::string text = json_text(value);
  if (text.size() > kMostShown) text = text.substr(0, kMostShown) + "…";
  return text;
}

std::string scalar_text(const Value& value) {
  return value.IsString() ? std::string(value.GetString(), value.GetStringLength())
                          : json_text(value);
}

/// `path` of the member `name` in it.
std::string member_path(const std::string& path, const Value& name) {
  return path.empty() ? name.GetString() : path + '.' + name.GetString();
}

void compare(const std::string& path, const Value& wanted, const Value& got,
             std::vector<std::string>& found);

bool fits(const Value& wanted, const Value& got) {
  std::vector<std::string> found;
  compare("", wanted, got, found);
  return found.empty();
}

void tell(const std::string& path, const Value& wanted, const Value& got,
          std::vector<std::string>& found) {
  found.push_back(path + ": expected " + shown(wanted) + ", got " + shown(got));
}

void compare_objects(const std::string& path, const Value& wanted, const Value& got,
                     std::vector<std::string>& found) {
  for (const auto& member : wanted.GetObject()) {
    const auto same = got.FindMember(member.name);
    if (same != got.MemberEnd()) {
      compare(member_path(path, member.name), member.value, same->value, found);
    } else {
      found.push_back(member_path(path, member.name) + ": expected " + shown(member.value) +
                      ", got nothing");
    }
  }
}

/// The element of a policy's list of statements that has the Sid of `wanted`; or null.
const Value* same_statement(const Value& wanted, const Value& got) {
  constexpr const char* kId = "Sid";
  if (!wanted.IsObject() || !wanted.HasMember(kId) || !got.IsArray()) return nullptr;
  for (const Value& one : got.GetArray()) {
    if (one.IsObject() && one.HasMember(kId) && one[kId] == wanted[kId]) return &one;
  }
  return nullptr;
}

void compare_lists(const std::string& path, const Value& wanted, const Value& got,
                   std::vector<std::string>& found) {
  for (const Value& item : wanted.GetArray()) {
    if (const Value* const statement = same_statement(item, got)) {
      compare(path + '[' + item["Sid"].GetString() + ']', item, *statement, found);
      continue;
    }
    const bool there =
        got.IsArray()
            ? std::ranges::any_of(got.GetArray(), [&](const Value& one) { return fits(item, one); })
            : fits(item, got);
    if (!there) found.push_back(path + ": expected " + shown(item) + " among " + shown(got));
  }
}

void compare(const std::string& path, const Value& wanted, const Value& got,
             std::vector<std::string>& found) {
  const bool scalar = !wanted.IsObject() && !wanted.IsArray();
  if (!scalar && got.IsString()) {
    rapidjson::Document inside;
    inside.Parse(got.GetString(), got.GetStringLength());
    if (!inside.HasParseError() && !inside.IsString()) return compare(path, wanted, inside, found);
  }
  if (wanted.IsArray()) return compare_lists(path, wanted, got, found);
  if (got.IsArray() && got.Size() == 1) return compare(path, wanted, got[0], found);
  if (wanted.IsObject() && got.IsObject()) return compare_objects(path, wanted, got, found);
  const bool comparable = scalar && !got.IsObject() && !got.IsArray();
  if (!comparable || scalar_text(wanted) != scalar_text(got)) tell(path, wanted, got, found);
}

}  // namespace

std::vector<std::string> differences(const Value& wanted, const Value& got) {
  std::vector<std::string> found;
  compare("", wanted, got, found);
  return found;
}

std::string json_text(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace trailsift::cli
