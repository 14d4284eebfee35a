#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trailsift::query {

/// Whether upper and lower case are told apart.
enum class LetterCase : std::uint8_t { exact, any };

/// What a pattern has to be like: the whole value, or any part of it that begins and ends where the
/// value or a piece (schema/words.h) does.
enum class Extent : std::uint8_t { whole, part };

/// A pattern for a value: `*` stands for any characters or none, `?` for one, and `\` takes its
/// meaning from the character behind it. Any thread.
class Wildcard {
 public:
  explicit Wildcard(std::string_view pattern, LetterCase letters = LetterCase::exact,
                    Extent extent = Extent::whole);

  /// Takes time in proportion to the value, times the longest stretch between two `*` at worst.
  bool matches(std::string_view value) const;

  /// What every value that matches begins with.
  std::string_view head() const;
  /// Whether every value matches.
  bool is_any() const;
  /// As it was written, folded where case does not count.
  const std::string& pattern() const { return pattern_; }
  LetterCase letters() const { return letters_; }
  Extent extent() const { return extent_; }

  /// A piece, folded, that every value which matches has: as it is, at one end of a longer piece,
  /// or anywhere in one.
  struct Piece {
    enum class Place : std::uint8_t { complete, beginning, inside };
    std::string text;
    Place place = Place::complete;
  };
  std::vector<Piece> pieces() const;

 private:
  /// Texts with one character between each two.
  using Run = std::vector<std::string>;

  bool is_like_whole(std::string_view value) const;
  bool is_like_part(std::string_view value) const;

  std::string pattern_;
  LetterCase letters_;
  Extent extent_;
  std::vector<Run> runs_;  ///< With any characters between each two. Never empty.
};

/// The text as a pattern for itself.
std::string literal_pattern(std::string_view text);

}  // namespace trailsift::query
