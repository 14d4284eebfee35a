#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

namespace trailsift::store {

/// Bytes that stay where they are until all of them go at once.
class ByteArena {
 public:
  /// Not initialised; at least one byte.
  char* take(std::size_t bytes) {
    if (left_ < bytes) add_page(bytes);
    char* const taken = at_;
    at_ += bytes;
    left_ -= bytes;
    return taken;
  }

 private:
  static constexpr std::size_t kPageBytes = std::size_t{256} << 10;

  void add_page(std::size_t at_least) {
    left_ = std::max(kPageBytes, at_least);
    pages_.push_back(std::make_unique_for_overwrite<char[]>(left_));
    at_ = pages_.back().get();
  }

  std::vector<std::unique_ptr<char[]>> pages_;
  char* at_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace trailsift::store
