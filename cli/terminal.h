#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace trailsift::cli {

/// `text` with everything that a terminal would obey, or that would change how other text reads,
/// turned into visible escapes: control characters (`\n`, `\x1b`), DEL, C1 (`\u{9b}`), bidi and
/// invisible formatting characters (`\u{202e}`), bytes that are not UTF-8 (`\xff`). Log data is
/// written by attackers: none of it goes to a terminal but through here.
std::string printable(std::string_view text);

/// printable() for a text of several lines: line feeds stay.
std::string printable_lines(std::string_view text);

/// The same characters as '?', one each, so that carets below stay in their columns. Line feeds
/// stay.
std::string masked(std::string_view text);

/// JSON text without line breaks and with the characters of printable() as \u escapes: the same
/// JSON value. `json` must be valid.
std::string printable_json(std::string_view json);

/// Columns that a printable text takes on a terminal: wide characters two, combining marks none.
std::size_t display_width(std::string_view text);

/// `text` cut to at most `width` columns, with "…" at the end of what was cut.
std::string fitted(std::string_view text, std::size_t width);

/// Fills up with spaces to `width` columns.
std::string padded_right(std::string_view text, std::size_t width);
std::string padded_left(std::string_view text, std::size_t width);

/// 1234567 as "1,234,567".
std::string grouped(std::uint64_t number);

/// Bytes for a person: "512 B", "1.5 kB", "23.4 MB" (powers of 1000).
std::string byte_text(std::uint64_t bytes);

enum class Style : std::uint8_t { bold, dim, red };

/// `text` in the style; as it is unless `color`. The text must be printable.
std::string styled(std::string_view text, Style style, bool color);

/// Columns of the terminal `fd`; COLUMNS or 80 when it cannot tell.
std::size_t terminal_width(int fd);

}  // namespace trailsift::cli
