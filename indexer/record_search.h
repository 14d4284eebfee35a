#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

#include "indexer/text_window.h"
#include "schema/flatten.h"

namespace trailsift::indexer {

/// Reads the record that a text begins with; answers with the bytes it took.
using RecordParser = std::function<tl::expected<std::size_t, Rejection>(std::string_view text)>;

/// Reads records out of a window, and finds the next one behind damage. Borrows the window.
class RecordSearch {
 public:
  RecordSearch(TextWindow& window, std::size_t max_record_bytes, RecordParser parse)
      : window_(window), max_record_bytes_(max_record_bytes), parse_(std::move(parse)) {}

  /// Reads the record at index `at` of the window, which is filled as far as it takes; answers with
  /// its size. A record that is too large is rejected as such; `Reject::truncated` means that the
  /// text ends in it.
  tl::expected<std::size_t, Rejection> parse_at(std::size_t at);

  /// Moves the window from something damaged to where reading can go on, or to the text's end:
  /// behind the value by its brackets when they can be trusted, else to the next place at which a
  /// record, or a file's `{"Records": [`, begins. `why` becomes more exact when the damage itself
  /// tells more than the parser saw.
  void skip_damage(Rejection& why);

  /// Moves the window behind the value that it begins with, of whatever size. False when the value
  /// has no end; the window is then at the text's end, or at a later record.
  bool skip_value();

 private:
  bool may_hold_records(std::size_t size, const Rejection& why) const;
  void explain_truncation(std::size_t size, Rejection& why);
  bool continues_at(std::size_t at);
  bool search_on(std::size_t searched);
  bool move_to_candidate(std::size_t from, std::size_t to);
  bool begins_line(std::size_t at) const;
  bool may_begin(std::size_t at);
  bool begins_envelope(std::size_t at);
  std::size_t try_candidate(std::size_t at);

  TextWindow& window_;
  const std::size_t max_record_bytes_;
  const RecordParser parse_;
  std::uint64_t bytes_tried_ = 0;  // By attempts that found no record.
};

}  // namespace trailsift::indexer
