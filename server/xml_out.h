#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trailsift::server {

/// Writes one XML document. The calls must make a well-formed one. Characters that XML cannot hold,
/// and bytes that are not UTF-8, are replaced. By hand, as pugixml would hold an answer twice: as a
/// tree of nodes and as text.
class XmlOut {
 public:
  /// `pretty`: each element on a line of its own.
  explicit XmlOut(bool pretty = false) : pretty_(pretty) {}

  void begin(std::string_view element);
  /// Of the element that was just begun.
  void attribute(std::string_view name, std::string_view value);
  void attribute(std::string_view name, std::uint64_t value);
  void text(std::string_view text);
  void end();

  /// An element with nothing but text.
  void element(std::string_view name, std::string_view text);

  std::size_t size() const { return out_.size(); }
  std::string take() { return std::move(out_); }

 private:
  void close_tag();
  void new_line();
  void append_escaped(std::string_view text);

  const bool pretty_;
  bool in_tag_ = false;  // "<name" is not closed yet.
  bool has_text_ = false;
  std::vector<std::string> open_;
  std::string out_;
};

}  // namespace trailsift::server
