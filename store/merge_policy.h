#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "schema/time.h"

namespace trailsift::store {

/// What a merge is chosen by.
struct MergeCandidate {
  std::uint32_t events = 0;
  Timestamp oldest;
};

/// Whether a segment of this size takes part in no merge any more: two of them would not fit.
bool is_full(std::uint32_t events, std::uint32_t max_events);

/// Chooses segments to be merged into one, by their positions in `segments`; empty when none
/// should be. Segments are classed by size, each class `width` times the one below; a class that
/// has `width` members is merged, the oldest in time first, into at most `max_events`. Full
/// segments are left alone. So there are at most `width - 1` others of a class, and each event is
/// rewritten once per class.
std::vector<std::size_t> choose_merge(std::span<const MergeCandidate> segments, std::size_t width,
                                      std::uint32_t max_events);

}  // namespace trailsift::store
