#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "store/glass_format.h"

namespace trailsift::store {

/// One block of the tree while it is filled: a directory of offsets grows from the front, items
/// grow from the end towards it. Items are added in ascending order of their keys.
class GlassBlock {
 public:
  bool empty() const { return directory_end_ == kDirectory; }

  /// Bytes of the largest item that still fits.
  std::size_t room() const {
    const std::size_t gap = items_ - directory_end_;
    return gap < kOffsetBytes ? 0 : gap - kOffsetBytes;
  }

  /// Where an item of so many bytes goes, at most room().
  char* add(std::size_t bytes) {
    items_ -= bytes;
    put_big16(bytes_.data() + directory_end_, items_);
    directory_end_ += kOffsetBytes;
    return bytes_.data() + items_;
  }

  /// The item that was added last.
  const char* last() const { return bytes_.data() + items_; }

  /// The block as it stands on disk, at that level of the tree. Valid until the block changes.
  std::string_view seal(std::uint32_t level);

  void clear() {
    directory_end_ = kDirectory;
    items_ = kGlassBlockBytes;
  }

 private:
  static constexpr std::size_t kDirectory = 11;  // After the block's own numbers.
  static constexpr std::size_t kOffsetBytes = 2;

  std::array<char, kGlassBlockBytes> bytes_{};
  std::size_t directory_end_ = kDirectory;
  std::size_t items_ = kGlassBlockBytes;  // Where the last item begins.
};

}  // namespace trailsift::store
