#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "cli/setting_value.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "cli/toml_file.h"

namespace trailsift::cli {
namespace {

constexpr std::string_view kSources = "source";

/// An Error with its place, to tell all in their order.
struct PlacedError {
  FilePlace at;
  Error error;
};

bool is_table(std::string_view name) {
  return std::ranges::any_of(settings(), [&](const Setting& row) { return row.table == name; });
}

const Setting* find_row(std::string_view table, std::string_view key) {
  const auto found = std::ranges::find_if(
      settings(), [&](const Setting& row) { return row.table == table && row.key == key; });
  return found == settings().end() ? nullptr : &*found;
}

std::string keys_of(std::string_view table) {
  std::string keys;
  for (const Setting& row : settings()) {
    if (row.table == table) keys += fmt::format("{}{}", keys.empty() ? "" : ", ", row.key);
  }
  return keys;
}

std::string table_names() {
  std::string names;
  std::string_view last;
  for (const Setting& row : settings()) {
    if (row.table == last) continue;
    last = row.table;
    names += fmt::format("{}{}", names.empty() ? "" : ", ",
                         last == kSources ? "[[source]]" : fmt::format("[{}]", last));
  }
  return names;
}

/// Fills `given` from the tables of a file.
class FileReader {
 public:
  FileReader(const std::string& path, GivenSettings& given) : path_(path), given_(given) {}

  void read(const TomlTable& table) {
    if (table.name.empty()) {
      for (const auto& entry : table.entries) tell(entry.at, unknown_at_top(entry));
      return;
    }
    if (!is_table(table.name)) {
      return tell(table.at, fmt::format("expected one of {}, got '{}'", table_names(), table.name));
    }
    if (table.repeated != (table.name == kSources)) {
      const std::string_view form = table.repeated ? "[{0}], once" : "[[{0}]]";
      return tell(table.at, "expected " + fmt::format(fmt::runtime(form), table.name));
    }
    Settings& into = table.repeated ? given_.sources.emplace_back() : given_.all;
    for (const auto& entry : table.entries) read(table.name, entry, into);
    if (table.repeated && !into.has("source.queue")) tell(table.at, "expected queue in [[source]]");
  }

  std::vector<Error> mistakes() && {
    std::ranges::stable_sort(mistakes_, {}, [](const PlacedError& mistake) {
      return std::pair(mistake.at.line, mistake.at.column);
    });
    std::vector<Error> errors;
    for (PlacedError& mistake : mistakes_) errors.push_back(std::move(mistake.error));
    return errors;
  }

 private:
  void read(std::string_view table, const TomlTable::Entry& entry, Settings& into) {
    const Setting* const row = find_row(table, entry.key);
    if (row == nullptr) {
      return tell(entry.at, fmt::format("expected one of {} in [{}], got '{}'", keys_of(table),
                                        table, entry.key));
    }
    auto value = value_in_file(*row, entry.value, path_);
    if (value) {
      into.set(*row, std::move(*value));
    } else {
      mistakes_.push_back({entry.value.at, value.error()});
      into.set(*row, {default_of(*row), "", {}});  // It is told once that it is wrong.
    }
  }

  static std::string unknown_at_top(const TomlTable::Entry& entry) {
    if (is_table(entry.key)) {
      return fmt::format("expected {} to be a table, got {}", entry.key, entry.value.type);
    }
    return fmt::format("expected one of {} before '{}'", table_names(), entry.key);
  }

  void tell(FilePlace at, const std::string& message) {
    mistakes_.push_back(
        {at, Error{ErrorCode::bad_request, place_text(path_, at) + ": " + message, {}}});
  }

  const std::string& path_;
  GivenSettings& given_;
  std::vector<PlacedError> mistakes_;
};

void read_options(const Arguments& arguments, GivenSettings& given, std::vector<Error>& mistakes) {
  for (const Setting& row : settings()) {
    if (row.option.empty() || !arguments.has(row.option)) continue;
    if (row.table == kSources) {
      given.sources.clear();
      for (const std::string& one : arguments.values(row.option)) {
        given.sources.emplace_back().set(row, {one, std::string(row.option), {}});
      }
      continue;
    }
    auto value = value_of_option(row, arguments);
    if (value) {
      given.all.set(row, {std::move(*value), std::string(row.option), {}});
    } else {
      mistakes.push_back(value.error());
    }
  }
}

void append_rows(std::string& out, std::string_view table, const Settings& values) {
  for (const Setting& row : settings()) {
    if (row.table != table) continue;
    const std::string name = full_name(row);
    const GivenSetting* const given = values.given(name);
    if (given == nullptr && row.default_value.empty()) continue;
    const bool secret = name == "aws.external_id";
    const std::string text =
        secret ? "\"…\"" : toml_text(row, given != nullptr ? given->value : default_of(row));
    out += fmt::format("{} = {}  # {}\n", row.key, printable(text),
                       given != nullptr ? printable(given->where) : "default");
  }
}

}  // namespace

tl::expected<GivenSettings, std::vector<Error>> read_settings(const std::string& path,
                                                              const Arguments& arguments) {
  GivenSettings given;
  std::vector<Error> mistakes;
  if (!path.empty()) {
    const auto tables = read_toml(path);
    if (!tables) return tl::unexpected(std::vector{tables.error()});
    FileReader reader(path, given);
    for (const TomlTable& table : *tables) reader.read(table);
    mistakes = std::move(reader).mistakes();
  }
  read_options(arguments, given, mistakes);
  if (!mistakes.empty()) return tl::unexpected(std::move(mistakes));
  return given;
}

std::string settings_text(const GivenSettings& given) {
  std::string out;
  std::string_view last;
  for (const Setting& row : settings()) {
    if (row.table == last) continue;
    last = row.table;
    if (last != kSources) {
      out += fmt::format("{}[{}]\n", out.empty() ? "" : "\n", last);
      append_rows(out, last, given.all);
      continue;
    }
    for (const Settings& source : given.sources) {
      out += "\n[[source]]\n";
      append_rows(out, last, source);
    }
  }
  return out;
}

}  // namespace trailsift::cli
