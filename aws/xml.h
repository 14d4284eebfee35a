#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/error.h"

namespace trailsift::aws {

/// An element without namespaces' prefixes.
struct XmlElement {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string text;  ///< Its own, without that of its children.
  std::vector<XmlElement> children;

  /// The first child called so, or null.
  const XmlElement* child(std::string_view wanted) const;
  /// The value of the attribute called so, or "".
  std::string_view attribute(std::string_view wanted) const;
  /// The text of the first child called so, or "".
  std::string_view text_of(std::string_view wanted) const;
};

constexpr std::size_t kMaxXmlDepth = 32;

/// The root of an answer in XML. Entities that a document declares itself are not expanded.
/// `corrupt`: not XML, or deeper than kMaxXmlDepth.
Result<XmlElement> parse_xml(std::string_view text);

}  // namespace trailsift::aws
