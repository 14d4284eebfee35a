#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace trailsift {

/// Keeps texts until it goes; they never move.
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

  /// What is allocated.
  std::size_t memory_bytes() const { return memory_bytes_; }

 private:
  void add_block(std::size_t size) {
    constexpr std::size_t kBlock = std::size_t{256} << 10;
    left_ = std::max(size, kBlock);
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(left_));
    next_ = blocks_.back().get();
    memory_bytes_ += left_;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t memory_bytes_ = 0;
};

}  // namespace trailsift
