#include "cli/toml_file.h"

#include <utility>

#include <toml++/toml.h>

#include "cli/small_file.h"

namespace trailsift::cli {
namespace {

FilePlace place_of(const toml::source_region& region) {
  return {region.begin.line, region.begin.column};
}

std::string_view type_of(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table: return "a table";
    case toml::node_type::array: return "a list";
    case toml::node_type::string: return "a text";
    case toml::node_type::integer: return "a number";
    case toml::node_type::floating_point: return "a fraction";
    case toml::node_type::boolean: return "true or false";
    default: return "a date or time";
  }
}

TomlValue value_of(const toml::node& node) {
  TomlValue result{{}, type_of(node), place_of(node.source())};
  if (const auto* const text = node.as_string()) {
    result.value = text->get();
  } else if (const auto* const number = node.as_integer()) {
    result.value = number->get();
  } else if (const auto* const fraction = node.as_floating_point()) {
    result.value = fraction->get();
  } else if (const auto* const flag = node.as_boolean()) {
    result.value = flag->get();
  } else if (const auto* const list = node.as_array()) {
    std::vector<TomlValue> items;
    for (const toml::node& item : *list) {
      // A list in a list is no setting, so nothing here goes deeper than this.
      items.push_back(item.is_array() ? TomlValue{{}, "a list", place_of(item.source())}
                                      : value_of(item));
    }
    result.value = std::move(items);
  }
  return result;
}

TomlTable table_of(std::string name, const toml::table& table, bool repeated) {
  TomlTable result{std::move(name), repeated, place_of(table.source()), {}};
  for (const auto& [key, node] : table) {
    result.entries.push_back({std::string(key.str()), place_of(key.source()), value_of(node)});
  }
  return result;
}

std::vector<TomlTable> tables_of(const toml::table& root) {
  std::vector<TomlTable> tables;
  TomlTable top{"", false, place_of(root.source()), {}};
  for (const auto& [key, node] : root) {
    const std::string name(key.str());
    const toml::array* const list = node.as_array();
    if (const auto* const table = node.as_table()) {
      tables.push_back(table_of(name, *table, false));
    } else if (list != nullptr && !list->empty() && list->is_homogeneous<toml::table>()) {
      for (const toml::node& one : *list) tables.push_back(table_of(name, *one.as_table(), true));
    } else {
      top.entries.push_back({name, place_of(key.source()), value_of(node)});
    }
  }
  tables.push_back(std::move(top));
  return tables;
}

}  // namespace

std::string place_text(const std::string& path, FilePlace at) {
  return path + ':' + std::to_string(at.line) + ':' + std::to_string(at.column);
}

Result<std::vector<TomlTable>> read_toml(const std::string& path) {
  const auto text = read_small_file(path, kMaxTomlBytes);
  if (!text) return tl::unexpected(text.error());
  try {
    return tables_of(toml::parse(std::string_view(*text), std::string_view(path)));
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::bad_request, place_text(path, place_of(error.source())) + ": " +
                                            std::string(error.description()));
  }
}

}  // namespace trailsift::cli
