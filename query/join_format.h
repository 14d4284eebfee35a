#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "query/join_table.h"
#include "schema/error.h"
#include "schema/field.h"

namespace trailsift::query {

/// How the table of a joined field is written: csv (csv.h) of two fields, key and value.
struct JoinFormat {
  std::string_view field;     ///< Canonical name.
  std::string_view key_name;  ///< The first line may be these two names.
  std::string_view value_name;
  std::size_t max_bytes;
  /// The text in the form that it is looked up by, or why it is none.
  Result<std::string> (*read_key)(const std::string& text);
  Result<std::string> (*read_value)(const std::string& text);
};

/// accountId,accountName. An id has 12 digits; leading zeros, which spreadsheets drop, may be
/// missing.
const JoinFormat& account_names_format();

/// log_file,integrity: what `trailsift verify` writes.
const JoinFormat& integrity_format();

constexpr std::size_t kMaxAccountNameBytes = 256;
/// Lines that are named one by one when they cannot be read.
constexpr std::size_t kMaxJoinFaults = 10;

struct ReadJoin {
  JoinTable table;
  /// What is wrong with lines that were left out: "line 3: expected …". No more than
  /// kMaxJoinFaults, and one that counts the rest.
  std::vector<std::string> faults;
};

/// A bad line is left out and the others hold; a text that has lines but no good one is a
/// bad_request error. Of several lines with one key the last holds.
Result<ReadJoin> read_join_table(std::string_view text, const JoinFormat& format);

}  // namespace trailsift::query
