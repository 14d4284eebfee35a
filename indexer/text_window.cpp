#include "indexer/text_window.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <span>
#include <utility>

namespace trailsift::indexer {
namespace {

// Holds most delivered files whole, and stays in the second-level cache.
constexpr std::size_t kFirstCapacity = 256UL << 10;

}  // namespace

TextWindow::TextWindow(Inflater& source)
    : source_(source),
      capacity_(kFirstCapacity),
      buffer_(std::make_unique_for_overwrite<char[]>(kFirstCapacity)) {}

bool TextWindow::ensure(std::size_t size) {
  while (end_ - begin_ < size && !ended_) {
    make_room(size);
    const auto got = source_.read(std::span(buffer_.get() + end_, capacity_ - end_));
    if (!got) failure_ = got.error();
    ended_ = !got || *got == 0;
    end_ += got.value_or(0);
  }
  return end_ - begin_ >= size;
}

std::optional<char> TextWindow::peek(std::size_t at) {
  if (at >= end_ - begin_ && !ensure(at + 1)) return std::nullopt;
  return buffer_[begin_ + at];
}

std::size_t TextWindow::skip_space(std::size_t at, std::size_t limit) {
  for (; at < limit; ++at) {
    const auto byte = peek(at);
    if (byte != ' ' && byte != '\n' && byte != '\r' && byte != '\t') break;
  }
  return at;
}

bool TextWindow::pass_over(std::string_view set) {
  while (ensure(1)) {
    const std::size_t at = text().find_first_not_of(set);
    consume(std::min(at, text().size()));
    if (at != std::string_view::npos) return true;
  }
  return false;
}

void TextWindow::consume(std::size_t size) {
  assert(size <= end_ - begin_);
  if (most_kept_ > 0) keep(size);
  begin_ += size;
  offset_ += size;
}

void TextWindow::keep(std::size_t size) {
  if (size > most_kept_ - kept_.size()) {
    most_kept_ = 0;
    kept_ = {};
  } else {
    kept_.append(buffer_.get() + begin_, size);
  }
}

void TextWindow::begin_keeping(std::size_t most) {
  kept_.clear();
  most_kept_ = most;
}

std::string TextWindow::end_keeping() {
  most_kept_ = 0;
  return std::exchange(kept_, {});
}

/// Room for the window to grow to `size` bytes, at the end of the buffer.
void TextWindow::make_room(std::size_t size) {
  const std::size_t kept = end_ - begin_;
  if (size > capacity_) {
    const std::size_t capacity = std::max(size, 2 * capacity_);
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    std::memcpy(larger.get(), buffer_.get() + begin_, kept);
    buffer_ = std::move(larger);
    capacity_ = capacity;
  } else if (begin_ >= kept || size > capacity_ - begin_) {
    // Moved when that is cheap or cannot be helped, so that no byte is moved again and again.
    std::memmove(buffer_.get(), buffer_.get() + begin_, kept);
  } else {
    return;
  }
  begin_ = 0;
  end_ = kept;
}

}  // namespace trailsift::indexer
