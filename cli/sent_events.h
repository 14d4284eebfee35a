#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "schema/error.h"

namespace trailsift::cli {

/// Takes a text apart into lines as it comes in pieces. A line ends in LF, which is not part of it.
class Lines {
 public:
  /// Longer lines are a too_large error: a record has at most 16 MiB.
  static constexpr std::size_t kMaxLineBytes = std::size_t{64} << 20U;

  /// Calls `take` for each line that is complete now, until it returns false: then false. What
  /// `take` gets is valid during the call.
  Result<bool> add(std::string_view bytes, const std::function<bool(std::string_view line)>& take);

 private:
  std::string begun_;
};

/// One server-sent event.
struct SentEvent {
  std::string name;  ///< "message" where it has none.
  std::string data;
  std::string id;  ///< The last one that the stream gave.
};

/// Reads a stream of server-sent events, as the HTML standard says, but for `retry`.
class SentEvents {
 public:
  /// Calls `take` for each event that is complete now, until it returns false: then false.
  Result<bool> add(std::string_view bytes, const std::function<bool(const SentEvent& event)>& take);

 private:
  bool read(std::string_view line, const std::function<bool(const SentEvent& event)>& take);

  Lines lines_;
  std::string name_, data_, id_;
  bool has_data_ = false;
};

}  // namespace trailsift::cli
