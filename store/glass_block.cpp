#include "store/glass_block.h"

#include <algorithm>

namespace trailsift::store {

std::string_view GlassBlock::seal(std::uint32_t level) {
  const std::size_t gap = items_ - directory_end_;
  std::fill_n(bytes_.begin() + static_cast<std::ptrdiff_t>(directory_end_), gap, '\0');
  char* at = put_big32(bytes_.data(), kGlassRevision);
  *at++ = static_cast<char>(level);
  at = put_big16(at, gap);  // The gap between directory and items,
  at = put_big16(at, gap);  // and all free bytes: nothing is ever removed.
  put_big16(at, directory_end_);
  return {bytes_.data(), bytes_.size()};
}

}  // namespace trailsift::store
