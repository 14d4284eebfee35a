#include "cli/terminal.h"

#include <cstdint>
#include <random>

#include <gtest/gtest.h>

#include "cli/text_table.h"

namespace trailsift::cli {
namespace {

using namespace std::string_literals;

TEST(Printable, MakesWhatATerminalObeysVisible) {
  const struct {
    std::string text, want;
  } kCases[] = {
      {"plain", "plain"},
      {"", ""},
      {"\x1b]0;owned\x07", "\\x1b]0;owned\\x07"},
      {"a\nb\rc\td", "a\\nb\\rc\\td"},
      {"\0"s, "\\x00"},
      {"\x7f", "\\x7f"},
      {"\xc2\x9b"
       "31m",
       "\\u{9b}31m"},
      {"\u202Egnp.exe", "\\u{202e}gnp.exe"},
      {"\u200E\u200F\u2066\u2069\u061C", "\\u{200e}\\u{200f}\\u{2066}\\u{2069}\\u{61c}"},
      {"zero\u200Bwidth\uFEFF", "zero\\u{200b}width\\u{feff}"},
      {"\U000E0041", "\\u{e0041}"},
      {"\xff\xfe", "\\xff\\xfe"},
      {"\xc3", "\\xc3"},
      {"\xe2\x80", "\\xe2\\x80"},
      {"\xc0\xaf", "\\xc0\\xaf"},           // overlong
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},  // surrogate
      {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
      {"\x9b", "\\x9b"},
      {"Grüße 日本 👩‍💻", "Grüße 日本 👩‍💻"},
  };
  for (const auto& c : kCases) EXPECT_EQ(printable(c.text), c.want);
}

/// True when a terminal would only draw `text`.
bool is_harmless(std::string_view text, bool line_feeds) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && !(line_feeds && c == '\n')) || byte == 0x7F) return false;
  }
  return text.find("\xc2\x80") == std::string_view::npos &&
         text.find("\u202E") == std::string_view::npos &&
         text.find("\xc2\x9b") == std::string_view::npos;
}

TEST(Printable, HoldsForRandomBytes) {
  constexpr std::uint64_t kSeed = 20211130;
  std::mt19937_64 random(kSeed);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random() % 24, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    if (round % 3 == 0) bytes.insert(bytes.size() / 2, "\u202E\xc2\x9b");
    ASSERT_TRUE(is_harmless(printable(bytes), false)) << "round " << round;
    ASSERT_TRUE(is_harmless(printable_lines(bytes), true)) << "round " << round;
    ASSERT_TRUE(is_harmless(masked(bytes), true)) << "round " << round;
    ASSERT_TRUE(is_harmless(printable_json(bytes), false)) << "round " << round;
    ASSERT_EQ(printable(printable(bytes)), printable(bytes)) << "round " << round;
  }
}

TEST(Printable, LinesKeepLineFeeds) {
  EXPECT_EQ(printable_lines("a\nb\x1b"), "a\nb\\x1b");
}

TEST(Masked, KeepsColumns) {
  EXPECT_EQ(masked("a\x1b\u202E\xff-\nb"), std::string("a") + std::string(3, '?') + "-\nb");
  EXPECT_EQ(display_width(masked("\u202Ex")), 2U);
}

TEST(PrintableJson, EscapesAndJoinsLines) {
  const struct {
    std::string json, want;
  } kCases[] = {
      {"{\n  \"a\": 1\r\n}", "{   \"a\": 1  }"}, {"\"\x7f\"", "\"\\u007f\""},
      {"\"\xc2\x9b\"", "\"\\u009b\""},           {"\"\u202E\"", "\"\\u202e\""},
      {"\"\U000E0041\"", "\"\\udb40\\udc41\""},  {"\"\xff\"", "\"\\ufffd\""},
      {"\"\\u001b ü\"", "\"\\u001b ü\""},
  };
  for (const auto& c : kCases) EXPECT_EQ(printable_json(c.json), c.want);
}

TEST(DisplayWidth, CountsColumns) {
  const struct {
    std::string text;
    std::size_t want;
  } kCases[] = {{"", 0}, {"abc", 3}, {"ü", 1}, {"日本", 4}, {"e\u0301", 1}, {"ｆ", 2}, {"🙂", 2}};
  for (const auto& c : kCases) EXPECT_EQ(display_width(c.text), c.want) << c.text;
}

TEST(Fitted, CutsAtColumns) {
  const struct {
    std::string text;
    std::size_t width;
    std::string want;
  } kCases[] = {{"abcdef", 6, "abcdef"}, {"abcdef", 5, "abcd…"}, {"日本語", 4, "日…"},
                {"日本語", 5, "日本…"},  {"abc", 0, ""},         {"abc", 1, "…"}};
  for (const auto& c : kCases) EXPECT_EQ(fitted(c.text, c.width), c.want) << c.width;
}

TEST(Numbers, AreWrittenForPeople) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(UINT64_MAX), "18,446,744,073,709,551,615");
  EXPECT_EQ(byte_text(999), "999 B");
  EXPECT_EQ(byte_text(1000), "1.0 kB");
  EXPECT_EQ(byte_text(999'949), "999.9 kB");
  EXPECT_EQ(byte_text(999'950), "1.0 MB");
  EXPECT_EQ(byte_text(UINT64_MAX), "18446.7 PB");
}

TEST(Styled, OnlyWhenColorIsWanted) {
  EXPECT_EQ(styled("x", Style::red, false), "x");
  EXPECT_EQ(styled("x", Style::red, true), "\x1b[31mx\x1b[0m");
}

TEST(Bar, IsNeverEmptyForACount) {
  EXPECT_EQ(bar(0, 100, 30), "");
  EXPECT_EQ(bar(1, 1'000'000, 30), "#");
  EXPECT_EQ(bar(50, 100, 10), "#####");
  EXPECT_EQ(bar(100, 100, 10), "##########");
  EXPECT_EQ(bar(0, 0, 10), "");
}

TEST(TextTable, AlignsAndCutsTheWidestColumns) {
  TextTable table({{"name"}, {"count", TextTable::Align::right}});
  table.add({"short", "5"});
  table.add({"a rather long name\x1b", "12,345"});
  std::ostringstream whole, narrow;
  table.print(whole, {});
  table.print(narrow, {.width = 20});
  EXPECT_EQ(whole.str(),
            "name                     count\n"
            "short                        5\n"
            "a rather long name\\x1b  12,345\n");
  EXPECT_EQ(narrow.str(),
            "name           count\n"
            "short              5\n"
            "a rather lo…  12,345\n");
}

TEST(TextTable, ColorsWholeRows) {
  TextTable table({{"a"}});
  table.add({"bad"}, Style::red);
  std::ostringstream out;
  table.print(out, {.color = true, .titles = false, .indent = 2});
  EXPECT_EQ(out.str(), "  \x1b[31mbad\x1b[0m\n");
}

}  // namespace
}  // namespace trailsift::cli
