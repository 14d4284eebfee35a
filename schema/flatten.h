#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "schema/event.h"
#include "schema/path_table.h"

namespace trailsift {

/// Why a record, or the rest of a file, was not indexed. Each has a stable name.
enum class Reject : std::uint8_t {
  invalid_json,
  invalid_utf8,
  truncated,  ///< The text ends inside the record.
  too_deep,
  not_an_object,
  record_too_large,
  missing_event_id,
  bad_event_id,
  missing_event_time,
  bad_event_time,
  gzip_corrupt,
  gzip_truncated,
  gzip_checksum,
  inflate_ratio,
  inflate_size,
  unreadable,
  bad_message,     ///< A message, or a part of one, that is not understood.
  missing_object,  ///< A message announced it, and it is not there, or cannot be fetched for good.
};
constexpr Reject kLastReject = Reject::missing_object;

/// The reason's name in lists, JSON and metrics, such as "missing_event_id".
std::string_view name(Reject reason);

struct Rejection {
  Reject reason;
  std::string detail;      ///< One sentence for a person: what was expected, what came.
  std::size_t offset = 0;  ///< Byte of the text at which the mistake was seen.
  std::size_t size = 0;    ///< Bytes the record took; 0 when its end was not reached.
};

/// Objects and arrays inside each other; real records reach 12.
constexpr std::size_t kMaxRecordDepth = 128;
constexpr std::size_t kMaxEventIdBytes = 256;

/// The text that a leaf has whose value is this JSON number: an integer in its canonical form,
/// anything else as it stands. It may be written to `scratch`.
std::string_view number_text(std::string_view number, std::string& scratch);

/// Where a record lies in a text: from its brace to behind the closing one.
struct RecordExtent {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Takes the leaves of a record, in its order; a path can come more than once.
class LeafSink {
 public:
  virtual ~LeafSink() = default;
  /// `value` is not empty; valid during the call.
  virtual void on_leaf(PathId path, std::string_view value) = 0;
};

/// Reads the record that `text` begins with (white space may stand before it) and tells its leaves.
/// What follows the record is not looked at. After a Rejection the leaves told are worth nothing;
/// `Reject::truncated` means that more text could still complete the record.
tl::expected<RecordExtent, Rejection> read_leaves(std::string_view text, PathTable& paths,
                                                  LeafSink& sink);

/// The field that is taken from the leaf at this path.
std::optional<FieldIndex> field_of_path(std::string_view path);

/// What makes a record an event: an id that is not too long, and a time. `has_time`: there was a
/// leaf for the time, good or bad.
tl::expected<Timestamp, Rejection> check_identity(std::optional<std::string_view> id,
                                                  std::optional<Timestamp> time, bool has_time);

struct ParsedRecord {
  Event event;
  std::size_t size = 0;  ///< Bytes of `text` that the record took, white space before it included.
};

/// Makes an event of the record that `text` begins with: see read_leaves().
tl::expected<ParsedRecord, Rejection> parse_record(std::string_view text);

/// Flattens a record that is known to be whole, such as one that was stored.
tl::expected<Event, Rejection> flatten(std::string_view json);

/// The JSON text of a subtree field in `json`, a record; nullopt when it is absent or null.
std::optional<std::string_view> subtree_json(std::string_view json, const Field& subtree);

}  // namespace trailsift
