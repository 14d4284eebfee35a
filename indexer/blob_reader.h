#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "indexer/file_kind.h"
#include "indexer/limits.h"
#include "indexer/quarantine.h"
#include "indexer/source.h"
#include "schema/event.h"

namespace trailsift::indexer {

/// What a worker hands over of one blob: a part of a log, or that the blob is none.
struct Chunk {
  std::vector<Event> events;
  std::vector<QuarantineEntry> rejected;
  std::uint64_t bytes = 0;          ///< Taken of the blob since its last chunk, as delivered.
  bool begins_log = false;          ///< The first chunk of a log.
  std::optional<FileKind> skipped;  ///< The blob's kind when it is no log.
};

/// Takes a chunk; false when it is not wanted any more.
using ChunkSink = std::function<bool(Chunk)>;

/// Reads one blob and hands it over in chunks of bounded size. When `stop` is requested or `sink`
/// returns false, the rest of the blob is dropped: everything in a chunk is whole.
void read_blob(const Blob& blob, const IngestLimits& limits, const ChunkSink& sink,
               const std::stop_token& stop);

/// The chunk that stands for a blob that could not be had.
Chunk unreadable(const std::string& blob_name, const Error& error);

}  // namespace trailsift::indexer
