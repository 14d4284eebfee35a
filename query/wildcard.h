#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trailsift::query {

/// A pattern for a whole value: `*` stands for any characters or none, `?` for one, and `\` takes
/// its meaning from the character behind it. Case counts. Any thread.
class Wildcard {
 public:
  explicit Wildcard(std::string_view pattern);

  /// Takes time in proportion to the value, times the longest stretch between two `*` at worst.
  bool matches(std::string_view value) const;

  /// What every value that matches begins with.
  const std::string& head() const { return runs_.front().front(); }
  /// Whether every value matches.
  bool is_any() const;
  /// As it was written.
  const std::string& pattern() const { return pattern_; }

 private:
  /// Texts with one character between each two.
  using Run = std::vector<std::string>;

  std::string pattern_;
  std::vector<Run> runs_;  ///< With any characters between each two. Never empty.
};

}  // namespace trailsift::query
