#include "store/glass_postings.h"

#include <algorithm>
#include <cassert>

namespace trailsift::store {

std::string_view GlassChunks::chunk(std::size_t limit) {
  assert(limit >= kMinTagBytes && limit <= kMaxTagBytes);
  // Postings come first, behind room for the head, which tells where they end.
  char* const postings = bytes_.data() + kMaxHeadBytes;
  const char* const full = bytes_.data() + limit - kMaxPostingBytes;
  char* at = put_packed(postings, wdf(begin_));
  end_ = begin_ + 1;
  for (; end_ < list_.docs.size() && at <= full; ++end_) {
    at = put_packed(at, list_.docs[end_] - list_.docs[end_ - 1] - 1);
    at = put_packed(at, wdf(end_));
  }
  std::array<char, kMaxHeadBytes> head;
  const auto head_bytes = static_cast<std::size_t>(put_head(head.data()) - head.data());
  char* const begin = postings - head_bytes;
  std::copy_n(head.begin(), head_bytes, begin);
  return {begin, static_cast<std::size_t>(at - begin)};
}

char* GlassChunks::put_head(char* at) const {
  if (begin_ == 0) {
    at = put_packed(at, list_.doc_count);
    at = put_packed(at, list_.wdf_sum);
    at = put_packed(at, list_.docs.front());  // Xapian's number less 1.
  }
  *at++ = end_ == list_.docs.size() ? '1' : '0';
  return put_packed(at, list_.docs[end_ - 1] - list_.docs[begin_]);
}

}  // namespace trailsift::store
