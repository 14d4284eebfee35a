#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"
#include "schema/field.h"
#include "schema/time.h"
#include "store/column.h"
#include "store/word_index.h"

namespace trailsift::store {

/// Leave to read the inverted index of one segment. One thread at a time; many may be leased.
/// Documents come in ascending order, that is newest first.
class TermReader {
 public:
  virtual ~TermReader() = default;

  /// Number of documents that have the term.
  virtual Result<std::uint32_t> frequency(const std::string& term) = 0;
  /// Appends the documents that have the term.
  virtual Result<void> documents(const std::string& term, std::vector<DocId>& out) = 0;
  /// Calls `visit` for each term that begins with `head`, in byte order, until it returns false.
  virtual Result<void> for_each_term(
      const std::string& head,
      const std::function<bool(std::string_view term, std::uint32_t frequency)>& visit) = 0;
};

/// Bytes on disk, for `trailsift stats`.
struct SegmentSize {
  std::uint64_t terms = 0;
  std::uint64_t columns = 0;
  std::uint64_t records = 0;
  std::uint64_t total() const { return terms + columns + records; }
};

/// One immutable segment, open. Any number of threads. Its files stay readable after a merge has
/// unlinked them. Corruption found on the way is an ErrorCode::corrupt that names the part.
class Segment {
 public:
  virtual ~Segment() = default;

  virtual const std::string& name() const = 0;
  /// Number of documents; never 0. Those that were deleted still are some: see deleted().
  virtual DocId size() const = 0;
  virtual Timestamp oldest() const = 0;
  virtual Timestamp newest() const = 0;
  virtual SegmentSize bytes() const = 0;

  /// Event time of a document. Columns must have been found good before: see column().
  virtual Result<Timestamp> time(DocId doc) const = 0;
  /// The documents whose event time is in [from, to); nullopt means unbounded.
  virtual Result<DocRange> in_time(std::optional<Timestamp> from,
                                   std::optional<Timestamp> to) const = 0;

  /// For each moment, none later than the one before it, the first document that is older; size()
  /// when there is none.
  virtual Result<std::vector<DocId>> first_before(std::span<const Timestamp> moments) const = 0;

  /// The column of a field (not event_time: see time()); nullptr when no document has a value.
  virtual Result<const Column*> column(FieldIndex field) const = 0;

  /// Which values of the columns hold a piece.
  virtual Result<const WordIndex*> words() const = 0;

  /// Leases a reader of the inverted index.
  virtual Result<std::shared_ptr<TermReader>> terms() const = 0;

  /// The original JSON of an event.
  virtual Result<std::string> record(DocId doc) const = 0;

  /// The documents whose events were deleted, ascending. They keep their numbers, and columns,
  /// terms and records have them still: who asks those leaves them out.
  virtual std::span<const DocId> deleted() const { return {}; }
  /// The events that are there.
  DocId live() const { return size() - static_cast<DocId>(deleted().size()); }

  /// Whether the segment has this event, and it is not deleted. Fast, above all when it has not.
  virtual Result<bool> contains(std::string_view event_id) const = 0;
  /// The document with this event id, unless it is deleted.
  virtual Result<std::optional<DocId>> find(std::string_view event_id) const = 0;
};

/// Opens the segment in `directory`, checking sizes and structure, not every byte.
Result<std::shared_ptr<const Segment>> open_segment(const std::filesystem::path& directory);

/// Verifies every checksum and invariant of a segment and runs Xapian's own check. Returns what is
/// wrong, one line each; empty means clean.
std::vector<std::string> check_segment(const std::filesystem::path& directory);

}  // namespace trailsift::store
