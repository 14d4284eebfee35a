#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "schema/error.h"

namespace trailsift::query {

/// Bytes of one line of a csv text, at most.
constexpr std::size_t kMaxCsvLineBytes = std::size_t{64} * 1024;

/// What becomes of the lines of a csv text. Lines are counted from 1.
struct CsvTaker {
  /// The fields of a line. An error says why they are not wanted.
  std::function<Result<void>(std::span<const std::string> fields)> take;
  /// Told of each line that is not csv or was not wanted; the others hold.
  std::function<void(std::size_t line, const std::string& why)> refuse;
};

/// Reads csv as RFC 4180 has it, except that every line stands for itself: a quoted field cannot
/// hold a line break, so that a quote which is missing costs one line. Lines end in LF or CR LF; a
/// byte order mark and empty lines are passed over, and so is white space around a field that is
/// not quoted.
void read_csv(std::string_view text, const CsvTaker& taker);

}  // namespace trailsift::query
