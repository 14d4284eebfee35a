#include "indexer/integrity_table.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

#include "store/file.h"

namespace trailsift::indexer {
namespace {

constexpr const char* kFileName = "integrity.csv";
constexpr std::size_t kMostTableBytes = std::size_t{4} << 30;
constexpr std::string_view kHeader = "log_file,integrity";
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::array<std::string_view, 4> kNames = {"unverified", "verified", "missing",
                                                    "tampered"};

std::string csv_field(std::string_view field) {
  if (field.find_first_of("\",\r\n") == std::string_view::npos) return std::string(field);
  std::string text = "\"";
  for (const char c : field) {
    if (c == '"') text += '"';
    text += c;
  }
  return text + "\"";
}

/// Takes the next field off `text`; nullopt when its quotes are wrong. `last`: of its line.
std::optional<std::string> take_field(std::string_view& text, bool& last) {
  std::string field;
  if (text.starts_with('"')) {
    text.remove_prefix(1);
    while (true) {
      const std::size_t quote = text.find('"');
      if (quote == std::string_view::npos) return std::nullopt;
      field += text.substr(0, quote);
      text.remove_prefix(quote + 1);
      if (!text.starts_with('"')) break;
      field += '"';
      text.remove_prefix(1);
    }
  } else {
    const std::size_t end = std::min(text.find_first_of(",\r\n"), text.size());
    field = text.substr(0, end);
    text.remove_prefix(end);
  }
  last = !text.starts_with(',');
  if (!last) {
    text.remove_prefix(1);
    return field;
  }
  if (text.starts_with('\r')) text.remove_prefix(1);
  if (!text.empty() && !text.starts_with('\n')) return std::nullopt;
  text.remove_prefix(text.empty() ? 0 : 1);
  return field;
}

std::optional<std::pair<std::string, std::string>> take_line(std::string_view& text) {
  bool first_is_last = false;
  bool second_is_last = false;
  auto first = take_field(text, first_is_last);
  if (!first || first_is_last) return std::nullopt;
  auto second = take_field(text, second_is_last);
  if (!second || !second_is_last) return std::nullopt;
  return std::pair(std::move(*first), std::move(*second));
}

}  // namespace

std::string_view name(Integrity integrity) {
  return kNames.at(static_cast<std::size_t>(integrity));
}

std::optional<Integrity> integrity_named(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames.at(i) == name) return static_cast<Integrity>(i);
  }
  return std::nullopt;
}

Result<IntegrityTable> load_integrity(const std::filesystem::path& data_directory) {
  const std::filesystem::path path = data_directory / kFileName;
  const auto file = store::read_file(path, kMostTableBytes);
  if (!file && file.error().code == ErrorCode::not_found) return IntegrityTable();
  if (!file) return tl::unexpected(file.error());
  std::string_view text = *file;
  IntegrityTable table;
  const auto broken = [&](std::size_t line) {
    return fail(ErrorCode::corrupt, "expected a log file and its integrity in line " +
                                        std::to_string(line) + " of '" + path.string() + "'");
  };
  const auto header = take_line(text);
  if (!header || header->first + "," + header->second != kHeader) return broken(1);
  for (std::size_t line = 2; !text.empty(); ++line) {
    auto row = take_line(text);
    const auto integrity = row ? integrity_named(row->second) : std::nullopt;
    if (!integrity) return broken(line);
    table.insert_or_assign(std::move(row->first), *integrity);
  }
  return table;
}

std::optional<Timestamp> integrity_written(const std::filesystem::path& data_directory) {
  std::error_code error;
  const auto written = std::filesystem::last_write_time(data_directory / kFileName, error);
  if (error) return std::nullopt;
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::file_clock::to_sys(written));
}

Result<void> update_integrity(const std::filesystem::path& data_directory,
                              const IntegrityTable& news) {
  auto table = load_integrity(data_directory);
  if (!table) return tl::unexpected(table.error());
  for (const auto& [file, integrity] : news) table->insert_or_assign(file, integrity);

  const std::filesystem::path path = data_directory / kFileName;
  const std::filesystem::path temporary = data_directory / (std::string(kFileName) + ".tmp");
  if (auto removed = store::remove_tree(temporary); !removed) return removed;
  auto writer = store::FileWriter::create(temporary);
  if (!writer) return tl::unexpected(writer.error());
  Result<void> written = writer->append(std::string(kHeader) + std::string(kLineEnd));
  for (auto row = table->begin(); written && row != table->end(); ++row) {
    written = writer->append(csv_field(row->first) + "," + std::string(name(row->second)) +
                             std::string(kLineEnd));
  }
  if (!written) return written;
  if (const auto finished = writer->finish(true); !finished) {
    return tl::unexpected(finished.error());
  }
  if (auto renamed = store::rename_file(temporary, path); !renamed) return renamed;
  return store::sync_directory(data_directory);
}

}  // namespace trailsift::indexer
