#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "indexer/inflate.h"

namespace trailsift::indexer {

/// The stretch of a text that is being looked at; it slides along, so that a text of any size
/// takes no more memory than the longest stretch asked for. Borrows the Inflater.
class TextWindow {
 public:
  explicit TextWindow(Inflater& source);

  /// What is in the window. Valid until the next call of ensure().
  std::string_view text() const { return {buffer_.get() + begin_, end_ - begin_}; }

  /// Where in the whole text the window begins.
  std::uint64_t offset() const { return offset_; }

  /// Reads on until the window holds `size` bytes; false when the text ends before.
  bool ensure(std::size_t size);

  /// The byte at an index of text(), read when need be; nullopt at the end.
  std::optional<char> peek(std::size_t at);

  /// Index of the first byte from `at` on that is no JSON white space; `limit` at most.
  std::size_t skip_space(std::size_t at, std::size_t limit);

  /// Moves the beginning behind all bytes that are in `set`; false when that is the end.
  bool pass_over(std::string_view set);

  /// Moves the beginning of the window forward, at most by the size of text().
  void consume(std::size_t size);

  /// From here on, what is passed over is kept as well, unless it is more than `most` bytes.
  void begin_keeping(std::size_t most);
  /// What was kept; empty when it was too much.
  std::string end_keeping();

  /// True when nothing can be added to the window.
  bool ended() const { return ended_; }

  /// Why the text ended, unless it was whole.
  const std::optional<Rejection>& failure() const { return failure_; }

 private:
  void make_room(std::size_t size);
  void keep(std::size_t size);

  Inflater& source_;
  std::size_t capacity_;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0;
  std::string kept_;
  std::size_t most_kept_ = 0;  // 0: nothing is to be kept (any more).
  bool ended_ = false;
  std::optional<Rejection> failure_;
};

}  // namespace trailsift::indexer
