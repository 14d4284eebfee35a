#include "server/xml_out.h"

#include "schema/utf8.h"

namespace trailsift::server {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// The UTF-8 of U+FFFE or U+FFFF, which are no characters of XML.
bool is_non_character(std::string_view text) {
  return text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF");
}

}  // namespace

void XmlOut::begin(std::string_view element) {
  close_tag();
  new_line();
  out_ += '<';
  out_ += element;
  open_.emplace_back(element);
  in_tag_ = true;
  has_text_ = false;
}

void XmlOut::attribute(std::string_view name, std::string_view value) {
  out_ += ' ';
  out_ += name;
  out_ += "=\"";
  append_escaped(value);
  out_ += '"';
}

void XmlOut::attribute(std::string_view name, std::uint64_t value) {
  attribute(name, std::to_string(value));
}

void XmlOut::text(std::string_view text) {
  close_tag();
  has_text_ = true;
  append_escaped(text);
}

void XmlOut::end() {
  const std::string name = std::move(open_.back());
  open_.pop_back();
  if (in_tag_) {
    out_ += "/>";
  } else {
    if (!has_text_) new_line();
    out_ += "</" + name + ">";
  }
  in_tag_ = false;
  has_text_ = false;
}

void XmlOut::element(std::string_view name, std::string_view value) {
  begin(name);
  text(value);
  end();
}

void XmlOut::close_tag() {
  if (in_tag_) out_ += '>';
  in_tag_ = false;
}

void XmlOut::new_line() {
  if (!pretty_ || out_.empty()) return;
  out_ += '\n';
  out_.append(2 * open_.size(), ' ');
}

void XmlOut::append_escaped(std::string_view text) {
  if (find_invalid_utf8(text)) return append_escaped(to_utf8(text));
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&') {
      out_ += "&amp;";
    } else if (c == '<') {
      out_ += "&lt;";
    } else if (c == '>') {
      out_ += "&gt;";
    } else if (c == '"') {
      out_ += "&quot;";
    } else if (c == '\t' || c == '\n' || c == '\r') {
      // In an attribute they would become spaces.
      out_ += "&#" + std::to_string(static_cast<int>(c)) + ";";
    } else if (byte < 0x20 || is_non_character(text.substr(at, 3))) {
      out_ += kReplacement;
      if (byte >= 0x20) at += 2;
    } else {
      out_ += c;
    }
  }
}

}  // namespace trailsift::server
