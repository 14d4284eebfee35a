#include "query/wildcard.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>

namespace trailsift::query {
namespace {

using Run = std::span<const std::string>;

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// Where the character at `position` ends.
std::size_t behind_character(std::string_view value, std::size_t position) {
  ++position;
  while (position < value.size() && continues_character(value[position])) ++position;
  return position;
}

/// Where the run ends if it stands at `position`.
std::optional<std::size_t> end_of(Run run, std::string_view value, std::size_t position) {
  for (std::size_t text = 0; text < run.size(); ++text) {
    if (text > 0) {
      if (position == value.size()) return std::nullopt;
      position = behind_character(value, position);
    }
    if (!value.substr(position).starts_with(run[text])) return std::nullopt;
    position += run[text].size();
  }
  return position;
}

/// Where the run ends at its first place from `position` on. An earlier place never ends later.
std::optional<std::size_t> find_end_of(Run run, std::string_view value, std::size_t position) {
  while (true) {
    position = value.find(run.front(), position);
    if (position == std::string_view::npos) return std::nullopt;
    if (const auto end = end_of(run, value, position)) return end;
    if (position == value.size()) return std::nullopt;
    position = behind_character(value, position);
  }
}

/// Whether the value ends with the run, all of it from `position` on.
bool ends_with(Run run, std::string_view value, std::size_t position) {
  std::size_t end = value.size();
  for (std::size_t text = run.size(); text-- > 0;) {
    if (!value.substr(0, end).ends_with(run[text])) return false;
    end -= run[text].size();
    if (text == 0) break;
    if (end == 0) return false;
    --end;
    while (end > 0 && continues_character(value[end])) --end;
  }
  return end >= position;
}

}  // namespace

Wildcard::Wildcard(std::string_view pattern) : pattern_(pattern), runs_{Run{""}} {
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '*') {
      runs_.push_back({""});
    } else if (pattern[at] == '?') {
      runs_.back().emplace_back();
    } else {
      if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
      runs_.back().back() += pattern[at];
    }
  }
}

bool Wildcard::matches(std::string_view value) const {
  const auto begin = end_of(runs_.front(), value, 0);
  if (!begin) return false;
  if (runs_.size() == 1) return *begin == value.size();
  std::size_t position = *begin;
  for (std::size_t run = 1; run + 1 < runs_.size(); ++run) {
    const auto end = find_end_of(runs_[run], value, position);
    if (!end) return false;
    position = *end;
  }
  return ends_with(runs_.back(), value, position);
}

bool Wildcard::is_any() const {
  return runs_.size() > 1 &&
         std::ranges::all_of(runs_, [](const Run& run) { return run == Run{""}; });
}

}  // namespace trailsift::query
