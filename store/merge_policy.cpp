#include "store/merge_policy.h"

#include <algorithm>
#include <map>

namespace trailsift::store {
namespace {

std::size_t size_class(std::uint32_t events, std::size_t width) {
  std::size_t size_class = 0;
  for (std::uint64_t bound = width; bound <= events; bound *= width) ++size_class;
  return size_class;
}

/// The first of `members` that together stay within `max_events`.
void keep_within(std::vector<std::size_t>& members, std::span<const MergeCandidate> segments,
                 std::uint32_t max_events) {
  std::uint64_t sum = 0;
  const auto first_too_many = std::ranges::find_if(members, [&](std::size_t member) {
    sum += segments[member].events;
    return sum > max_events;
  });
  members.erase(first_too_many, members.end());
}

}  // namespace

bool is_full(std::uint32_t events, std::uint32_t max_events) {
  return events > max_events / 2;
}

std::vector<std::size_t> choose_merge(std::span<const MergeCandidate> segments, std::size_t width,
                                      std::uint32_t max_events) {
  width = std::max<std::size_t>(width, 2);
  std::map<std::size_t, std::vector<std::size_t>> classes;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (is_full(segments[i].events, max_events)) continue;
    classes[size_class(segments[i].events, width)].push_back(i);
  }
  for (auto& [size, members] : classes) {
    if (members.size() < width) continue;
    std::ranges::stable_sort(members, {}, [&](std::size_t i) { return segments[i].oldest; });
    members.resize(width);
    keep_within(members, segments, max_events);
    return members;
  }
  return {};
}

}  // namespace trailsift::store
