#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/refusal.h"

namespace trailsift::server {

constexpr std::size_t kMaxParameters = 1000;

struct Parameter {
  std::string name;
  std::string value;
};

/// The parameters of a request, decoded, from its URL and its form body together.
class Parameters {
 public:
  /// A parameter in both places must have the same value in both; within one place it must not be
  /// repeated. Parameters of AWS signatures (`X-Amz-…`) are left out.
  static Checked<Parameters> parse(std::string_view query, std::string_view form);

  /// nullptr when there is none of this name.
  const std::string* find(std::string_view name) const;
  /// The same, where an empty value counts as none.
  const std::string* find_nonempty(std::string_view name) const;

  std::span<const Parameter> all() const { return all_; }

 private:
  std::vector<Parameter> all_;
};

}  // namespace trailsift::server
