#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "bench/event_world.h"
#include "schema/error.h"
#include "schema/event.h"

namespace trailsift::bench {

/// Real records as templates: what is unique in a record is replaced, all else stays. Replaced are
/// its own ids, its times (kept at their distance from eventTime), account ids, its region, ids of
/// resources and keys, and addresses. A value that occurs twice in a record is replaced by the same
/// value twice, and one that several records share by one that their events share.
/// Immutable once read, so any number of threads may use it.
class TemplateRecords {
 public:
  /// Reads every delivered file below `directory`. What is no record, or has no UUID for an
  /// eventID or no whole second for an eventTime, is passed over. Fails when nothing is left.
  static Result<TemplateRecords> read(const std::filesystem::path& directory);

  std::size_t size() const { return records_.size(); }

  /// Appends an event made of record `index` (below size()): one JSON object on one line.
  void append_event(std::size_t index, const Scene& scene, std::string& out) const;

 private:
  enum class Kind : std::uint8_t {
    literal,
    own_uuid,
    uuid,
    time,
    account,
    region,
    key,
    hex,
    address
  };

  // A stretch of a record's text. What replaces it follows from `seed`, which is made of the text.
  struct Piece {
    Kind kind = Kind::literal;
    std::string text;
    std::uint64_t seed = 0;
    std::int64_t offset =
        0;  // Of a time: seconds after eventTime. Of an account: how many further.
  };
  using Record = std::vector<Piece>;
  class Compiler;

  static void append_piece(const Piece& piece, const Scene& scene, std::string& out);

  std::vector<Record> records_;
};

}  // namespace trailsift::bench
