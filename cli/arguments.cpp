#include <algorithm>
#include <cassert>
#include <utility>

#include "cli/command.h"
#include "schema/number.h"

namespace trailsift::cli {

Arguments::Arguments(std::span<const Option> options,
                     std::map<std::string, std::vector<std::string>> given)
    : options_(options), given_(std::move(given)) {}

const Option& Arguments::row(std::string_view name) const {
  const auto found = std::ranges::find(options_, name, &Option::name);
  assert(found != options_.end());
  return *found;
}

const std::vector<std::string>& Arguments::values(std::string_view name) const {
  static const std::vector<std::string> kNone;
  const auto found = given_.find(std::string(row(name).name));
  return found == given_.end() ? kNone : found->second;
}

bool Arguments::has(std::string_view name) const {
  return !values(name).empty();
}

std::optional<std::string> Arguments::given(std::string_view name) const {
  const auto& all = values(name);
  return all.empty() ? std::nullopt : std::optional(all.back());
}

std::string Arguments::value(std::string_view name) const {
  return given(name).value_or(std::string(row(name).default_value));
}

Result<std::uint64_t> Arguments::number(std::string_view name, std::uint64_t low,
                                        std::uint64_t high) const {
  const std::string text = value(name);
  const auto number = parse_number<std::uint64_t>(text);
  if (!number || *number < low || *number > high) {
    return fail(ErrorCode::bad_request, "expected " + std::string(name) + " to be a number from " +
                                            std::to_string(low) + " to " + std::to_string(high) +
                                            ", got '" + text + "'");
  }
  return *number;
}

}  // namespace trailsift::cli
