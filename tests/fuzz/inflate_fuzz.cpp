// The first two bytes choose the size of reads and of the room; the rest is a delivered file.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "indexer/inflate.h"

namespace {

using trailsift::Result;
using namespace trailsift::indexer;

class Pieces : public ByteStream {
 public:
  Pieces(std::span<const std::uint8_t> bytes, std::size_t piece) : bytes_(bytes), piece_(piece) {}

  Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t size = std::min({buffer.size(), bytes_.size(), piece_});
    std::copy_n(bytes_.begin(), size, buffer.begin());
    bytes_ = bytes_.subspan(size);
    return size;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t piece_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  IngestLimits limits;
  limits.max_inflated_bytes = 1UL << 20;
  limits.ratio_free_bytes = 1UL << 16;
  Pieces bytes({data + 2, size - 2}, data[0] + std::size_t{1});
  Inflater inflater(bytes, limits);
  std::vector<char> room((data[1] + std::size_t{1}) * 16);
  std::uint64_t total = 0;
  auto got = inflater.read(room);
  for (; got && *got > 0; got = inflater.read(room)) total += *got;
  const bool plain = size < 3 || data[2] != 0x1f;
  if (!plain && total > limits.max_inflated_bytes) std::abort();
  if (!got && got.error().offset != total) std::abort();
  return 0;
}
