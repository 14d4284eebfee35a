#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace trailsift {

/// Keeps texts until it goes or is cleared; they never move.
class Arena {
 public:
  std::string_view add(std::string_view text) {
    if (text.size() > left_) add_block(text.size());
    char* const begin = next_;
    if (!text.empty()) std::memcpy(begin, text.data(), text.size());
    next_ += text.size();
    left_ -= text.size();
    return {begin, text.size()};
  }

  /// Forgets all texts; what they took is for the next ones, but for that of very long ones.
  void clear() {
    large_blocks_.clear();
    used_ = large_bytes_ = left_ = 0;
    next_ = nullptr;
  }

  /// About what the texts take.
  std::size_t memory_bytes() const { return used_ * kBlock + large_bytes_; }

 private:
  using Block = std::unique_ptr<char[]>;
  static constexpr std::size_t kBlock = std::size_t{256} << 10;

  void add_block(std::size_t size) {
    left_ = std::max(size, kBlock);
    if (size > kBlock) {
      large_blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
      large_bytes_ += size;
      next_ = large_blocks_.back().get();
      return;
    }
    if (used_ == blocks_.size()) blocks_.push_back(std::make_unique_for_overwrite<char[]>(kBlock));
    next_ = blocks_[used_++].get();
  }

  std::vector<Block> blocks_;        // Each of kBlock bytes.
  std::size_t used_ = 0;             // Of them.
  std::vector<Block> large_blocks_;  // Of one text each.
  std::size_t large_bytes_ = 0;
  char* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace trailsift
