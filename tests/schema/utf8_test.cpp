#include "schema/utf8.h"

#include <cstdint>

#include <gtest/gtest.h>

namespace trailsift {
namespace {

TEST(Utf8, TellsWhatIsNot) {
  const struct {
    std::string_view text;
    std::optional<std::size_t> invalid;
    std::string_view made_valid;
  } kCases[] = {
      {"", {}, ""},
      {"plain \x7F\x01", {}, "plain \x7F\x01"},
      {std::string_view("\0\x7F", 2), {}, std::string_view("\0\x7F", 2)},
      {"\xC2\x80 \xDF\xBF \xE0\xA0\x80", {}, "\u0080 \u07FF \u0800"},
      {"\xED\x9F\xBF \xEE\x80\x80 \xEF\xBF\xBF", {}, "\uD7FF \uE000 \uFFFF"},
      {"\xF0\x90\x80\x80 \xF4\x8F\xBF\xBF", {}, "\U00010000 \U0010FFFF"},
      {"a\x80", 1, "a\uFFFD"},                              // Nothing that it continues.
      {"\x80", 0, "\uFFFD"},                                //
      {"x\xFF", 1, "x\uFFFD"},                              //
      {"ab\xC3", 2, "ab\uFFFD"},                            // Cut off.
      {"ab\xE2\x80", 2, "ab\uFFFD\uFFFD"},                  //
      {"ab\xF0\x9F\x98", 2, "ab\uFFFD\uFFFD\uFFFD"},        //
      {"\xC3\xA9\xC3\xA9\xC3", 4, "\u00e9\u00e9\uFFFD"},    //
      {"\xC3(", 0, "\uFFFD("},                              // A wrong second byte.
      {"\xE2\x28\xA1", 0, "\uFFFD(\uFFFD"},                 //
      {"\xE2\x82\x28", 0, "\uFFFD\uFFFD("},                 // A wrong third byte.
      {"\xF0\x90\x28\xBC", 0, "\uFFFD\uFFFD(\uFFFD"},       //
      {"\xF0\x90\x80\x28", 0, "\uFFFD\uFFFD\uFFFD("},       // A wrong fourth byte.
      {"\xC0\x80", 0, "\uFFFD\uFFFD"},                      // Overlong.
      {"\xC0\xAF", 0, "\uFFFD\uFFFD"},                      //
      {"\xC1\xBF", 0, "\uFFFD\uFFFD"},                      //
      {"\xE0\x80\xAF", 0, "\uFFFD\uFFFD\uFFFD"},            //
      {"\xE0\x9F\xBF", 0, "\uFFFD\uFFFD\uFFFD"},            //
      {"\xF0\x8F\xBF\xBF", 0, "\uFFFD\uFFFD\uFFFD\uFFFD"},  //
      {"\xED\xA0\x80", 0, "\uFFFD\uFFFD\uFFFD"},            // A surrogate.
      {"\xF4\x90\x80\x80", 0, "\uFFFD\uFFFD\uFFFD\uFFFD"},  // Beyond U+10FFFF.
      {"\xF5\x80\x80\x80", 0, "\uFFFD\uFFFD\uFFFD\uFFFD"},  //
      {"\xF8\x88\x80\x80\x80", 0, "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"\xF0\x9F\x98\x80\x80", 4, "\U0001F600\uFFFD"},
      {"more than eight bytes of ASCII, and then \xFF", 41,
       "more than eight bytes of ASCII, and then \uFFFD"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(find_invalid_utf8(c.text), c.invalid) << c.made_valid;
    EXPECT_EQ(to_utf8(c.text), c.made_valid);
  }
}

TEST(Utf8, ReadsEachCharacterThatItWrites) {
  for (char32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    if (code_point >= 0xD800 && code_point < 0xE000) continue;
    std::string text;
    append_utf8(text, code_point);
    text += "\xBF";
    const Character read = first_character(text);
    ASSERT_TRUE(read.is_valid) << static_cast<std::uint32_t>(code_point);
    ASSERT_EQ(read.code_point, code_point);
    ASSERT_EQ(read.size, text.size() - 1);
  }
}

TEST(Utf8, ReadsOneByteOfWhatIsNone) {
  for (const std::string_view text : {"\xFF", "\x80\x80", "\xC3(", "\xE2\x82"}) {
    const Character read = first_character(text);
    EXPECT_FALSE(read.is_valid);
    EXPECT_EQ(read.size, 1U);
    EXPECT_EQ(read.code_point, static_cast<unsigned char>(text.front()));
  }
}

TEST(Utf8, CutsBetweenCharacters) {
  const struct {
    std::string_view text;
    std::size_t most;
    std::string_view beginning;
  } kCases[] = {
      {"", 0, ""},
      {"abc", 0, ""},
      {"abc", 2, "ab"},
      {"abc", 3, "abc"},
      {"abc", 9, "abc"},
      {"\u00e9\u00e9", 3, "\u00e9"},
      {"\U0001F600!", 3, ""},
      {"x\U0001F600", 4, "x"},
      {"\x80\x80\x80\x80\x80\x80", 5, "\x80\x80\x80\x80\x80"},  // Of no character.
  };
  for (const auto& c : kCases) EXPECT_EQ(beginning_of(c.text, c.most), c.beginning) << c.text;
}

TEST(Utf8, CountsCharacters) {
  EXPECT_EQ(count_characters(""), 0U);
  EXPECT_EQ(count_characters("a\u00e9\u20ac\U0001F600"), 4U);
}

TEST(Utf8, HidesControls) {
  EXPECT_EQ(without_controls("a\x1B[31m\nb\x7F"), "a?[31m?b?");
  EXPECT_EQ(without_controls("\xC2\x9B\xC2\xA7\xC2"), "?\xC2\xA7\xC2");
  EXPECT_EQ(without_controls("\u009F\u00A0\u20ac"), "?\u00A0\u20ac");
}

}  // namespace
}  // namespace trailsift
