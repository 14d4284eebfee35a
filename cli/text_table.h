#pragma once

#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/console.h"
#include "cli/terminal.h"

namespace trailsift::cli {

/// Rows of text in aligned columns. Makes every cell printable.
class TextTable {
 public:
  enum class Align : std::uint8_t { left, right };
  struct Head {
    std::string title;
    Align align = Align::left;
    bool whole = false;  ///< Never cut.
  };

  explicit TextTable(std::vector<Head> heads) : heads_(std::move(heads)) {}

  /// As many cells as there are heads.
  void add(const std::vector<std::string>& cells, std::optional<Style> style = {});

  struct Look {
    std::size_t width = 0;  ///< Long columns are cut until a line fits; 0: never cut.
    bool color = false;
    bool titles = true;
    std::size_t indent = 0;
  };
  /// Lines end without trailing spaces.
  void print(std::ostream& out, const Look& look) const;
  /// As it looks best there: cut to the terminal's width, and in color.
  void print(const Console& console) const;

 private:
  struct Row {
    std::vector<std::string> cells;
    std::optional<Style> style;
  };
  std::vector<std::size_t> widths(const Look& look) const;
  void shrink(std::vector<std::size_t>& widths, std::size_t room) const;
  std::string line(const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& widths) const;

  std::vector<Head> heads_;
  std::vector<Row> rows_;
};

/// A bar for `count` where `most` gets `width` signs; at least one sign unless the count is zero.
std::string bar(std::uint64_t count, std::uint64_t most, std::size_t width);

}  // namespace trailsift::cli
