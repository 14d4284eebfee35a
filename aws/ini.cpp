#include "aws/ini.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace trailsift::aws {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string_view without_comment(std::string_view value) {
  for (std::size_t at = 1; at < value.size(); ++at) {
    const bool mark = value[at] == '#' || value[at] == ';';
    if (mark && (value[at - 1] == ' ' || value[at - 1] == '\t')) return trim(value.substr(0, at));
  }
  return value;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// "profile  'my audit'" and "profile my audit" name the same section.
std::string section_name(std::string_view text) {
  const std::size_t space = text.find_first_of(kBlanks);
  if (space == std::string_view::npos) return std::string(text);
  std::string_view name = trim(text.substr(space));
  const char quote = name.front();
  if (name.size() > 1 && (quote == '"' || quote == '\'') && name.back() == quote)
    name = name.substr(1, name.size() - 2);
  return std::string(text.substr(0, space)) + " " + std::string(name);
}

tl::unexpected<Error> at_line(std::size_t number, std::string_view wanted) {
  return fail(ErrorCode::bad_request,
              "expected " + std::string(wanted) + " in line " + std::to_string(number));
}

/// What stands between the brackets, or "".
std::string_view section_of(std::string_view line) {
  const std::size_t close = line.find(']');
  return close == std::string_view::npos ? std::string_view{} : trim(line.substr(1, close - 1));
}

/// Takes the lines of a file one by one.
class Reader {
 public:
  Result<void> take(std::size_t number, std::string_view raw) {
    const std::string_view line = trim(raw);
    if (line.empty() || line.front() == '#' || line.front() == ';') return {};
    if (line.front() == '[') {
      const std::string_view name = section_of(line);
      if (name.empty()) return at_line(number, "'[section]'");
      section_ = &file_[section_name(name)];
      return {};
    }
    if (section_ == nullptr) return at_line(number, "a '[section]' before the first setting");
    if (raw.front() == ' ' || raw.front() == '\t') return {};  // Of the setting above.
    const std::size_t equals = line.find('=');
    const std::string_view name = trim(line.substr(0, equals));
    if (equals == std::string_view::npos || name.empty()) return at_line(number, "'name = value'");
    (*section_)[lower(name)] = without_comment(trim(line.substr(equals + 1)));
    return {};
  }

  IniFile finish() { return std::move(file_); }

 private:
  IniFile file_;
  std::map<std::string, std::string>* section_ = nullptr;
};

}  // namespace

Result<IniFile> parse_ini(std::string_view text) {
  if (text.size() > kMaxIniBytes)
    return fail(ErrorCode::too_large,
                "expected at most " + std::to_string(kMaxIniBytes) + " bytes");
  Reader reader;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (auto taken = reader.take(number, text.substr(0, end)); !taken)
      return tl::unexpected(taken.error());
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.finish();
}

}  // namespace trailsift::aws
