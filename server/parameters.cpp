#include "server/parameters.h"

#include <algorithm>
#include <utility>

#include "server/http.h"
#include "server/target.h"

namespace trailsift::server {
namespace {

bool is_signature(std::string_view name) {
  constexpr std::string_view kHead = "x-amz-";
  return lower_case(name.substr(0, kHead.size())) == kHead;
}

Checked<Parameter> parse_pair(std::string_view pair) {
  const std::size_t equals = std::min(pair.find('='), pair.size());
  auto name = percent_decode(pair.substr(0, equals), true);
  if (!name) return tl::unexpected(Refusal{name.error()});
  auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
  if (!value) return tl::unexpected(Refusal{value.error(), *name});
  return Parameter{std::move(*name), std::move(*value)};
}

const Parameter* find_in(std::span<const Parameter> all, std::string_view name) {
  const auto found = std::ranges::find(all, name, &Parameter::name);
  return found == all.end() ? nullptr : &*found;
}

Checked<std::vector<Parameter>> parse_pairs(std::string_view text) {
  std::vector<Parameter> pairs;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    auto parsed = parse_pair(pair);
    if (!parsed) return tl::unexpected(parsed.error());
    if (is_signature(parsed->name)) continue;
    if (find_in(pairs, parsed->name) != nullptr) {
      return refuse(ErrorCode::bad_request,
                    "parameter '" + parsed->name + "' is there more than once", parsed->name);
    }
    if (pairs.size() == kMaxParameters) {
      return refuse(ErrorCode::too_large, "the request has more than the limit of " +
                                              std::to_string(kMaxParameters) + " parameters");
    }
    pairs.push_back(std::move(*parsed));
  }
  return pairs;
}

}  // namespace

Checked<Parameters> Parameters::parse(std::string_view query, std::string_view form) {
  auto from_url = parse_pairs(query);
  if (!from_url) return tl::unexpected(from_url.error());
  auto from_body = parse_pairs(form);
  if (!from_body) return tl::unexpected(from_body.error());

  Parameters merged;
  merged.all_ = std::move(*from_url);
  for (Parameter& parameter : *from_body) {
    const Parameter* known = find_in(merged.all_, parameter.name);
    if (known == nullptr) {
      merged.all_.push_back(std::move(parameter));
    } else if (known->value != parameter.value) {
      return refuse(ErrorCode::bad_request,
                    "parameter '" + parameter.name + "' differs between the URL and the body",
                    parameter.name);
    }
  }
  return merged;
}

const std::string* Parameters::find(std::string_view name) const {
  const Parameter* found = find_in(all_, name);
  return found == nullptr ? nullptr : &found->value;
}

const std::string* Parameters::find_nonempty(std::string_view name) const {
  const std::string* found = find(name);
  return found == nullptr || found->empty() ? nullptr : found;
}

}  // namespace trailsift::server
