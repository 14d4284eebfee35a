#include "cli/setting_value.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "schema/error.h"

namespace trailsift::cli {
namespace {

constexpr double kMilliseconds = 1000;

std::string seconds_text(std::uint64_t milliseconds) {
  return fmt::format("{}", static_cast<double>(milliseconds) / kMilliseconds);
}

std::string range_text(const Setting& row) {
  if (row.type == SettingType::seconds) {
    return fmt::format("a number of seconds from {} to {}", seconds_text(row.low),
                       seconds_text(row.high));
  }
  return fmt::format("a number from {} to {}", row.low, row.high);
}

std::string_view expected_text(SettingType type) {
  switch (type) {
    case SettingType::text: return "a text in quotes";
    case SettingType::texts: return "a list of texts in quotes";
    case SettingType::flag: return "true or false";
    default: return "a number";
  }
}

/// nullopt: out of range.
std::optional<std::uint64_t> in_range(const Setting& row, double number) {
  const bool seconds = row.type == SettingType::seconds;
  const double scaled = seconds ? std::round(number * kMilliseconds) : number;
  const auto low = static_cast<double>(row.low);
  const auto high = static_cast<double>(row.high);
  if (!(scaled >= low && scaled <= high)) return std::nullopt;
  return static_cast<std::uint64_t>(scaled);
}

std::optional<std::uint64_t> number_of(const Setting& row, std::string_view text) {
  double number = 0;
  const auto format =
      row.type == SettingType::seconds ? std::chars_format::fixed : std::chars_format::general;
  const char* const last = text.data() + text.size();
  if (row.type != SettingType::seconds &&
      text.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  const auto [end, error] = std::from_chars(text.data(), last, number, format);
  if (error != std::errc() || end != last) return std::nullopt;
  return in_range(row, number);
}

std::optional<double> number_in_file(const Setting& row, const TomlValue& value) {
  if (const auto* const whole = std::get_if<std::int64_t>(&value.value)) {
    return static_cast<double>(*whole);
  }
  const auto* const fraction = std::get_if<double>(&value.value);
  if (fraction == nullptr || row.type != SettingType::seconds) return std::nullopt;
  return *fraction;
}

tl::unexpected<Error> wrong_type(const std::string& path, const std::string& name,
                                 std::string_view expected, const TomlValue& value) {
  return fail(ErrorCode::bad_request,
              fmt::format("{}: expected {} to be {}, got {}", place_text(path, value.at), name,
                          expected, value.type));
}

std::string number_text(const TomlValue& value) {
  if (const auto* const whole = std::get_if<std::int64_t>(&value.value)) {
    return std::to_string(*whole);
  }
  return fmt::format("{}", std::get<double>(value.value));
}

Result<GivenSetting> texts_in_file(const Setting& row, const TomlValue& value,
                                   const std::string& path) {
  GivenSetting given{std::vector<std::string>(), place_text(path, value.at), {}};
  for (const TomlValue& item : std::get<std::vector<TomlValue>>(value.value)) {
    const auto* const text = std::get_if<std::string>(&item.value);
    if (text == nullptr) {
      return wrong_type(path, full_name(row), expected_text(SettingType::texts), item);
    }
    std::get<std::vector<std::string>>(given.value).push_back(*text);
    given.where_items.push_back(place_text(path, item.at));
  }
  return given;
}

/// A TOML basic string.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append("\\").push_back(c);
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out.push_back(c);
    }
  }
  return out + '"';
}

}  // namespace

std::string full_name(const Setting& row) {
  return fmt::format("{}.{}", row.table, row.key);
}

std::string_view type_name(SettingType type) {
  switch (type) {
    case SettingType::text: return "text";
    case SettingType::texts: return "texts";
    case SettingType::number: return "number";
    case SettingType::seconds: return "seconds";
    case SettingType::flag: return "true or false";
  }
  return "";
}

SettingValue default_of(const Setting& row) {
  switch (row.type) {
    case SettingType::text: return std::string(row.default_value);
    case SettingType::texts: return std::vector<std::string>();
    case SettingType::flag: return row.default_value == "true";
    default: return number_of(row, row.default_value).value_or(0);
  }
}

Result<GivenSetting> value_in_file(const Setting& row, const TomlValue& value,
                                   const std::string& path) {
  const std::string name = full_name(row);
  GivenSetting given{{}, place_text(path, value.at), {}};
  if (row.type == SettingType::number || row.type == SettingType::seconds) {
    const auto number = number_in_file(row, value);
    if (!number) return wrong_type(path, name, range_text(row), value);
    const auto fits = in_range(row, *number);
    if (!fits) {
      return fail(ErrorCode::bad_request,
                  fmt::format("{}: expected {} to be {}, got {}", given.where, name,
                              range_text(row), number_text(value)));
    }
    given.value = *fits;
    return given;
  }
  if (row.type == SettingType::texts &&
      std::holds_alternative<std::vector<TomlValue>>(value.value)) {
    return texts_in_file(row, value, path);
  }
  const auto* const text = std::get_if<std::string>(&value.value);
  const auto* const flag = std::get_if<bool>(&value.value);
  if (row.type == SettingType::text && text != nullptr) {
    if (text->empty()) return wrong_type(path, name, "a text that is not empty", value);
    given.value = *text;
  } else if (row.type == SettingType::flag && flag != nullptr) {
    given.value = *flag;
  } else {
    return wrong_type(path, name, expected_text(row.type), value);
  }
  return given;
}

Result<SettingValue> value_of_option(const Setting& row, const Arguments& arguments) {
  switch (row.type) {
    case SettingType::text: return arguments.value(row.option);
    case SettingType::texts: return arguments.values(row.option);
    case SettingType::flag: return true;
    default: break;
  }
  const std::string text = arguments.value(row.option);
  const auto number = number_of(row, text);
  if (number) return *number;
  return fail(ErrorCode::bad_request,
              fmt::format("expected {} to be {}, got '{}'", row.option, range_text(row), text));
}

std::string toml_text(const Setting& row, const SettingValue& value) {
  switch (row.type) {
    case SettingType::text: return quoted(std::get<std::string>(value));
    case SettingType::flag: return std::get<bool>(value) ? "true" : "false";
    case SettingType::seconds: return seconds_text(std::get<std::uint64_t>(value));
    case SettingType::number: return std::to_string(std::get<std::uint64_t>(value));
    case SettingType::texts: break;
  }
  std::string list;
  for (const std::string& text : std::get<std::vector<std::string>>(value)) {
    list += (list.empty() ? "" : ", ") + quoted(text);
  }
  return '[' + list + ']';
}

}  // namespace trailsift::cli
