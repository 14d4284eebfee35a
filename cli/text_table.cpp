#include "cli/text_table.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace trailsift::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8;

}  // namespace

void TextTable::add(const std::vector<std::string>& cells, std::optional<Style> style) {
  assert(cells.size() == heads_.size());
  Row row{{}, style};
  for (const std::string& cell : cells) row.cells.push_back(printable(cell));
  rows_.push_back(std::move(row));
}

/// Takes from the widest columns until the sum is at most `room`, but leaves each kNarrowest.
void TextTable::shrink(std::vector<std::size_t>& widths, std::size_t room) const {
  while (std::accumulate(widths.begin(), widths.end(), std::size_t{0}) > room) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (!heads_[i].whole && (widest == nullptr || widths[i] > *widest)) widest = &widths[i];
    }
    if (widest == nullptr || *widest <= kNarrowest) return;
    --*widest;
  }
}

std::vector<std::size_t> TextTable::widths(const Look& look) const {
  std::vector<std::size_t> widths(heads_.size(), 0);
  for (std::size_t i = 0; i < heads_.size(); ++i) {
    if (look.titles) widths[i] = display_width(heads_[i].title);
    for (const Row& row : rows_) widths[i] = std::max(widths[i], display_width(row.cells[i]));
  }
  if (look.width > 0 && !widths.empty()) {
    const std::size_t around = look.indent + kGap * (widths.size() - 1);
    shrink(widths, look.width > around ? look.width - around : 0);
  }
  return widths;
}

std::string TextTable::line(const std::vector<std::string>& cells,
                            const std::vector<std::size_t>& widths) const {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line.append(kGap, ' ');
    const std::string cell = fitted(cells[i], widths[i]);
    line += heads_[i].align == Align::left ? padded_right(cell, widths[i])
                                           : padded_left(cell, widths[i]);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

void TextTable::print(const Console& console) const {
  const bool terminal = console.out_is_terminal;
  print(console.out,
        {.width = terminal ? console.width : 0, .color = terminal && console.color_wanted});
}

void TextTable::print(std::ostream& out, const Look& look) const {
  const auto columns = widths(look);
  const std::string indent(look.indent, ' ');
  if (look.titles) {
    std::vector<std::string> titles;
    for (const Head& head : heads_) titles.push_back(head.title);
    out << indent << styled(line(titles, columns), Style::bold, look.color) << '\n';
  }
  for (const Row& row : rows_) {
    const std::string text = line(row.cells, columns);
    out << indent << (row.style ? styled(text, *row.style, look.color) : text) << '\n';
  }
}

std::string bar(std::uint64_t count, std::uint64_t most, std::size_t width) {
  if (count == 0 || most == 0) return "";
  const double share = static_cast<double>(count) / static_cast<double>(most);
  const auto signs = static_cast<std::size_t>(std::lround(share * static_cast<double>(width)));
  return std::string(std::clamp<std::size_t>(signs, 1, width), '#');
}

}  // namespace trailsift::cli
