#include "cli/terminal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "schema/utf8.h"

namespace trailsift::cli {
namespace {

struct Range {
  char32_t first, last;
};

// clang-format off
/// What a terminal obeys, or what changes how the text around it reads without being seen.
constexpr std::array kHarmful = {
  Range{0x00, 0x1F},     Range{0x7F, 0x9F},      // C0, DEL and C1 controls
  Range{0xAD, 0xAD},                             // soft hyphen
  Range{0x61C, 0x61C},   Range{0x200B, 0x200B},  // Arabic letter mark, zero width space
  Range{0x200E, 0x200F}, Range{0x2028, 0x202E},  // bidi marks, line separators, bidi overrides
  Range{0x2060, 0x206F}, Range{0xFEFF, 0xFEFF},  // invisible operators, bidi isolates
  Range{0xFFF9, 0xFFFB}, Range{0xE0000, 0xE007F},
};
constexpr std::array kWide = {
  Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0xA4CF},   Range{0xA960, 0xA97F},
  Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},
  Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF},
  Range{0x20000, 0x3FFFD},
};
constexpr std::array kWithoutWidth = {
  Range{0x300, 0x36F},   Range{0x483, 0x489},   Range{0x591, 0x5BD},   Range{0x610, 0x61A},
  Range{0x64B, 0x65F},   Range{0x1AB0, 0x1AFF}, Range{0x1DC0, 0x1DFF}, Range{0x200C, 0x200D},
  Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F},
};
// clang-format on

template <std::size_t N>
bool in(const std::array<Range, N>& ranges, char32_t c) {
  return std::ranges::any_of(ranges, [c](Range r) { return c >= r.first && c <= r.last; });
}

/// Copies `text`, giving each character that must not pass to `replace`.
template <class Replace>
std::string cleaned(std::string_view text, Replace&& replace) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character c = first_character(text);
    if (c.is_valid && !in(kHarmful, c.code_point)) {
      out += text.substr(0, c.size);
    } else {
      replace(out, c);
    }
    text.remove_prefix(c.size);
  }
  return out;
}

void append_escape(std::string& out, Character c) {
  switch (c.code_point) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  const auto code = static_cast<std::uint32_t>(c.code_point);
  out += !c.is_valid || code < 0x80 ? fmt::format("\\x{:02x}", code)
                                    : fmt::format("\\u{{{:x}}}", code);
}

std::size_t width_of(Character c) {
  if (!c.is_valid) return 1;
  if (in(kWithoutWidth, c.code_point)) return 0;
  return in(kWide, c.code_point) ? 2 : 1;
}

}  // namespace

std::string printable(std::string_view text) {
  return cleaned(text, append_escape);
}

std::string printable_lines(std::string_view text) {
  return cleaned(text, [](std::string& out, Character c) {
    if (c.code_point == '\n') {
      out += '\n';
    } else {
      append_escape(out, c);
    }
  });
}

std::string masked(std::string_view text) {
  return cleaned(text,
                 [](std::string& out, Character c) { out += c.code_point == '\n' ? '\n' : '?'; });
}

std::string printable_json(std::string_view json) {
  return cleaned(json, [](std::string& out, Character c) {
    const auto code = static_cast<std::uint32_t>(c.code_point);
    if (!c.is_valid) {
      out += "\\ufffd";
    } else if (code == '\n' || code == '\r' || code == '\t') {
      out += ' ';  // Between tokens: strings of valid JSON hold none.
    } else if (code < 0x10000) {
      out += fmt::format("\\u{:04x}", code);
    } else {
      const std::uint32_t rest = code - 0x10000;
      out += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (rest >> 10U), 0xDC00 + (rest & 0x3FFU));
    }
  });
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Character c = first_character(text);
    width += width_of(c);
    text.remove_prefix(c.size);
  }
  return width;
}

std::string fitted(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::string out;
  std::size_t used = 0;
  while (!text.empty()) {
    const Character c = first_character(text);
    if (used + width_of(c) + 1 > width) break;
    used += width_of(c);
    out += text.substr(0, c.size);
    text.remove_prefix(c.size);
  }
  return width == 0 ? out : out + "…";
}

std::string padded_right(std::string_view text, std::size_t width) {
  std::string out(text);
  const std::size_t used = display_width(text);
  if (used < width) out.append(width - used, ' ');
  return out;
}

std::string padded_left(std::string_view text, std::size_t width) {
  const std::size_t used = display_width(text);
  std::string out(used < width ? width - used : 0, ' ');
  return out.append(text);
}

std::string grouped(std::uint64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3;) {
    at -= 3;
    out.insert(at, 1, ',');
  }
  return out;
}

std::string byte_text(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  constexpr std::array<std::string_view, 5> kUnits = {"kB", "MB", "GB", "TB", "PB"};
  double amount = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (amount >= 999.95 && unit + 1 < kUnits.size()) {
    amount /= 1000;
    ++unit;
  }
  return fmt::format("{:.1f} {}", amount, kUnits.at(unit));
}

std::string styled(std::string_view text, Style style, bool color) {
  if (!color) return std::string(text);
  constexpr std::array<std::string_view, 3> kCodes = {"1", "2", "31"};
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes.at(static_cast<std::size_t>(style)), text);
}

std::size_t terminal_width(int fd) {
  constexpr std::size_t kDefault = 80;
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  if (const char* const columns = std::getenv("COLUMNS"); columns != nullptr) {
    const std::string_view text(columns);
    std::size_t width = 0;
    std::from_chars(text.data(), text.data() + text.size(), width);
    if (width >= 20 && width <= 1000) return width;
  }
  return kDefault;
}

}  // namespace trailsift::cli
