#include "server/request_members.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "query/syntax.h"
#include "schema/number.h"
#include "schema/similar.h"
#include "schema/utf8.h"

namespace trailsift::server {
namespace {

using Kind = RelaxedJson::Kind;

RelaxedJson text_value(std::string text) {
  return {Kind::string, {}, std::move(text), {}, {}};
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

tl::unexpected<Refusal> wrong(const Member& row, const std::string& path,
                              const RelaxedJson& value) {
  std::string got = value.kind == Kind::object  ? "an object"
                    : value.kind == Kind::array ? "an array"
                                                : "'" + value.text.substr(0, 100) + "'";
  std::string wanted = describe(row);
  if (row.type == MemberType::syntax) {
    for (const auto& syntax : query::syntaxes()) wanted += ", " + std::string(syntax.name);
  }
  return refuse(ErrorCode::bad_request,
                "expected " + wanted + " for '" + path + "', got " + to_utf8(got), path);
}

/// Makes the value of one member what its row promises. `written`: it was the text of a parameter,
/// so numbers and objects are texts as well.
class Check {
 public:
  explicit Check(bool written) : written_(written) {}

  Checked<RelaxedJson> value(const Member& row, std::string path, RelaxedJson value) const {
    switch (row.type) {
      case MemberType::list: return items(row, std::move(path), std::move(value));
      case MemberType::object: return object(row, std::move(path), std::move(value));
      case MemberType::objects: return objects(row, std::move(path), std::move(value));
      default: break;
    }
    if (!fits(row, value)) return wrong(row, path, value);
    return value;
  }

  Checked<std::vector<RelaxedMember>> members(std::span<const Member> rows, const std::string& path,
                                              std::vector<RelaxedMember> given) const {
    for (RelaxedMember& member : given) {
      const std::string member_path = path.empty() ? member.key : path + "." + member.key;
      const auto row = std::ranges::find(rows, member.key, &Member::name);
      if (row == rows.end()) return unknown(rows, member.key, member_path);
      auto checked = value(*row, member_path, std::move(member.value));
      if (!checked) return tl::unexpected(checked.error());
      member.value = std::move(*checked);
    }
    return given;
  }

 private:
  static tl::unexpected<Refusal> unknown(std::span<const Member> rows, const std::string& name,
                                         const std::string& path) {
    std::vector<std::string_view> names;
    for (const Member& row : rows) names.push_back(row.name);
    std::string message = "there is no member '" + to_utf8(path.substr(0, 200)) + "'";
    const auto similar = most_similar(name, names);
    std::string list;
    for (const std::string_view known : names) {
      list += (list.empty() ? "" : ", ") + std::string(known);
    }
    message += similar ? "; did you mean '" + std::string(*similar) + "'?" : "; expected " + list;
    return refuse(ErrorCode::bad_request, std::move(message), to_utf8(path.substr(0, 200)));
  }

  bool fits(const Member& row, const RelaxedJson& value) const {
    if (!value.is_scalar()) return false;
    const bool bare = written_ || value.kind == Kind::word;
    switch (row.type) {
      case MemberType::number: {
        const auto number = bare ? parse_number<std::uint64_t>(value.text) : std::nullopt;
        return number && *number >= row.least && *number <= row.most;
      }
      case MemberType::flag: return bare && (value.text == "true" || value.text == "false");
      default: break;
    }
    if (value.kind != Kind::string) return false;
    if (value.text.size() > (row.most == 0 ? kMaxTextBytes : row.most)) return false;
    if (row.type == MemberType::syntax) return query::find_syntax(value.text) != nullptr;
    if (row.type != MemberType::choice) return true;
    return std::ranges::count(split_words(row.choices), value.text) == 1;
  }

  /// A text as the list that it stands for: JSON, or parts between commas.
  Checked<RelaxedJson> listed(const std::string& path, const std::string& text) const {
    if (written_ && (text.starts_with('[') || text.starts_with('{'))) return parse(path, text);
    RelaxedJson list{Kind::array, {}, {}, {}, {}};
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find(',', begin), text.size());
      const auto part = trimmed(std::string_view(text).substr(begin, end - begin));
      list.items.push_back(text_value(std::string(part)));
      begin = end + 1;
    }
    return list;
  }

  static Checked<RelaxedJson> parse(const std::string& path, const std::string& text) {
    auto parsed = parse_relaxed_json(text, kMaxRequestBytes);
    if (!parsed) return refuse(parsed.error(), path);
    return std::move(*parsed);
  }

  Checked<RelaxedJson> items(const Member& row, std::string path, RelaxedJson value) const {
    if (value.is_scalar() && value.kind == Kind::string) {
      auto list = listed(path, value.text);
      if (!list) return list;
      value = std::move(*list);
    }
    if (value.kind != Kind::array) return wrong(row, path, value);
    if (value.items.size() > row.most) return too_many(row, path, value.items.size());
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      const RelaxedJson& item = value.items[i];
      if (item.kind == Kind::string && !item.text.empty() && item.text.size() <= kMaxTextBytes) {
        continue;
      }
      return refuse(ErrorCode::bad_request,
                    "expected texts that are not empty for '" + path + "', got another as number " +
                        std::to_string(i + 1),
                    path);
    }
    return value;
  }

  Checked<RelaxedJson> objects(const Member& row, std::string path, RelaxedJson value) const {
    if (value.is_scalar() && value.kind == Kind::string) {
      auto list = listed(path, value.text);
      if (!list) return list;
      value = std::move(*list);
    }
    if (value.kind == Kind::object) {
      RelaxedJson list{Kind::array, {}, {}, {}, {}};
      list.items.push_back(std::move(value));
      value = std::move(list);
    }
    if (value.kind != Kind::array) return wrong(row, path, value);
    if (value.items.size() > row.most) return too_many(row, path, value.items.size());
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      auto item =
          Check(false).object(row, path + "[" + std::to_string(i) + "]", std::move(value.items[i]));
      if (!item) return item;
      value.items[i] = std::move(*item);
    }
    return value;
  }

  Checked<RelaxedJson> object(const Member& row, std::string path, RelaxedJson value) const {
    if (written_ && value.text.starts_with('{')) {
      auto parsed = parse(path, value.text);
      if (!parsed) return parsed;
      return Check(false).object(row, std::move(path), std::move(*parsed));
    }
    if (value.kind == Kind::string && !row.short_for.empty()) {
      RelaxedJson whole{Kind::object, {}, {}, {}, {}};
      whole.members.push_back({std::string(row.short_for), std::move(value)});
      value = std::move(whole);
    }
    if (value.kind != Kind::object) return wrong(row, path, value);
    auto parts = members(row.parts, path, std::move(value.members));
    if (!parts) return tl::unexpected(parts.error());
    value.members = std::move(*parts);
    return value;
  }

  static tl::unexpected<Refusal> too_many(const Member& row, const std::string& path,
                                          std::size_t count) {
    return refuse(ErrorCode::too_large,
                  "expected at most " + std::to_string(row.most) + " entries for '" + path +
                      "', got " + std::to_string(count),
                  path);
  }

  const bool written_;
};

Checked<std::vector<RelaxedMember>> body_members(std::span<const Member> rows,
                                                 std::string_view body) {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return std::vector<RelaxedMember>();
  }
  if (find_invalid_utf8(body)) {
    return refuse(ErrorCode::bad_request, "expected a body that is UTF-8");
  }
  auto parsed = parse_relaxed_json(body, kMaxRequestBytes);
  if (!parsed) return refuse(parsed.error());
  if (parsed->kind != Kind::object) {
    return refuse(ErrorCode::bad_request, "expected an object as the body");
  }
  return Check(false).members(rows, "", std::move(parsed->members));
}

}  // namespace

const RelaxedJson* CheckedMembers::find(std::string_view name) const& {
  const auto found = std::ranges::find(members_, name, &RelaxedMember::key);
  return found == members_.end() ? nullptr : &found->value;
}

const std::string* CheckedMembers::text(std::string_view name) const& {
  const RelaxedJson* found = find(name);
  return found == nullptr || found->text.empty() ? nullptr : &found->text;
}

std::uint64_t CheckedMembers::number(std::string_view name, std::uint64_t otherwise) const {
  const std::string* found = text(name);
  return found == nullptr ? otherwise : parse_number<std::uint64_t>(*found).value_or(otherwise);
}

bool CheckedMembers::flag(std::string_view name, bool otherwise) const {
  const std::string* found = text(name);
  return found == nullptr ? otherwise : *found == "true";
}

const std::vector<RelaxedJson>* CheckedMembers::items(std::string_view name) const& {
  const RelaxedJson* found = find(name);
  return found == nullptr ? nullptr : &found->items;
}

Checked<CheckedMembers> read_members(std::span<const Member> rows, const Parameters& parameters,
                                     std::string_view body) {
  std::vector<RelaxedMember> written;
  for (const Parameter& parameter : parameters.all()) {
    if (parameter.value.empty() && std::ranges::count(rows, parameter.name, &Member::name) == 1) {
      continue;  // As forms send what was not filled in.
    }
    written.push_back({parameter.name, text_value(parameter.value)});
  }
  auto members = Check(true).members(rows, "", std::move(written));
  if (!members) return tl::unexpected(members.error());
  auto from_body = body_members(rows, body);
  if (!from_body) return tl::unexpected(from_body.error());
  for (RelaxedMember& member : *from_body) {
    if (std::ranges::count(*members, member.key, &RelaxedMember::key) != 0) {
      return refuse(ErrorCode::bad_request,
                    "'" + member.key + "' stands both in the URL and in the body", member.key);
    }
    members->push_back(std::move(member));
  }
  return CheckedMembers(std::move(*members));
}

CheckedMembers parts_of(const RelaxedJson& object) {
  return CheckedMembers(object.members);
}

std::string describe(const Member& row) {
  const std::string most = std::to_string(row.most == 0 ? kMaxTextBytes : row.most);
  switch (row.type) {
    case MemberType::text: return "a text of at most " + most + " bytes";
    case MemberType::number:
      return "a number from " + std::to_string(row.least) + " to " + std::to_string(row.most);
    case MemberType::flag: return "true or false";
    case MemberType::choice: {
      std::string list;
      for (const auto word : split_words(row.choices)) {
        list += (list.empty() ? "" : ", ") + std::string(word);
      }
      return "one of " + list;
    }
    case MemberType::syntax: return "the name of a query language";
    case MemberType::time: return "a time";
    case MemberType::duration: return "a duration such as 500ms or 30s";
    case MemberType::list: return "a list of up to " + std::to_string(row.most) + " texts";
    case MemberType::object: return "an object";
    case MemberType::objects: return "a list of up to " + std::to_string(row.most) + " objects";
  }
  return "a value";
}

std::vector<std::string_view> split_words(std::string_view words) {
  std::vector<std::string_view> split;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (end > 0) split.push_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return split;
}

}  // namespace trailsift::server
