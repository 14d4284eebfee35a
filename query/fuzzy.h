#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace trailsift::query {

constexpr std::uint32_t kMaxEdits = 2;

/// A text that may be spelt a little differently: with up to so many letters more, less, other
/// ones, or two that stand side by side exchanged, each of which is one edit and none of which
/// changes what another one did. Letters are Unicode characters.
class FuzzyText {
 public:
  /// `text` is not empty; more than kMaxEdits edits are kMaxEdits.
  FuzzyText(std::string text, std::uint32_t edits);

  const std::string& text() const { return text_; }
  std::uint32_t edits() const { return edits_; }

  bool is_like(std::string_view other) const;

  /// Whether a piece of more than `bytes` bytes may be like it.
  bool may_be_longer_than(std::size_t bytes) const;
  /// Whether a group of a UUID may be like it.
  bool may_stand_in_uuid() const;
  /// Whether a piece of a time such as 2021-07-29T23:53:26.120Z may be like it.
  bool may_stand_in_time() const;

 private:
  std::size_t others_than(std::string_view letters) const;

  std::string text_;
  std::u32string letters_;
  std::uint32_t edits_;
};

}  // namespace trailsift::query
