#include "aws/xml.h"

#include <algorithm>

#include <pugixml.hpp>

namespace trailsift::aws {
namespace {

std::string_view local_name(std::string_view name) {
  return name.substr(std::min(name.rfind(':') + 1, name.size()));  // npos + 1 == 0
}

bool copy(const pugi::xml_node& node, std::size_t depth, XmlElement& into) {
  if (depth > kMaxXmlDepth) return false;
  into.name = local_name(node.name());
  for (const pugi::xml_attribute& attribute : node.attributes()) {
    into.attributes.emplace_back(local_name(attribute.name()), attribute.value());
  }
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
      into.text += child.value();
    } else if (child.type() == pugi::node_element) {
      into.children.emplace_back();
      if (!copy(child, depth + 1, into.children.back())) return false;
    }
  }
  return true;
}

}  // namespace

const XmlElement* XmlElement::child(std::string_view wanted) const {
  const auto found = std::ranges::find(children, wanted, &XmlElement::name);
  return found == children.end() ? nullptr : &*found;
}

std::string_view XmlElement::attribute(std::string_view wanted) const {
  for (const auto& [own_name, value] : attributes) {
    if (own_name == wanted) return value;
  }
  return {};
}

std::string_view XmlElement::text_of(std::string_view wanted) const {
  const XmlElement* element = child(wanted);
  return element == nullptr ? std::string_view{} : element->text;
}

Result<XmlElement> parse_xml(std::string_view text) {
  pugi::xml_document document;
  const auto outcome =
      document.load_buffer(text.data(), text.size(),
                           pugi::parse_default | pugi::parse_ws_pcdata_single, pugi::encoding_utf8);
  XmlElement root;
  if (!outcome || !document.document_element() || !copy(document.document_element(), 1, root))
    return fail(ErrorCode::corrupt, "expected XML in the answer");
  return root;
}

}  // namespace trailsift::aws
