#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/field.h"

namespace trailsift {

/// Which parts of events somebody looks at, such as a query: what an event must hold for an answer
/// that the whole event would give too.
class EventParts {
 public:
  EventParts();

  /// Of a subtree all its leaves, of a derived field also what it is derived from, of a joined one
  /// also its key.
  void add(FieldIndex field);
  /// The leaves at this path.
  void add_leaf(std::string path);

  bool has(FieldIndex field) const { return fields_[field] != 0; }
  /// Whether the leaves at this path are looked at for their own sake or for that of a subtree.
  bool has_leaf(std::string_view path) const;
  bool has_derived() const { return derived_; }
  bool has_joined() const { return joined_; }

 private:
  std::vector<char> fields_;
  std::vector<std::string> paths_;     // Of leaves.
  std::vector<std::string> subtrees_;  // Paths of the whole record ("") or of parts of it.
  bool derived_ = false;
  bool joined_ = false;
};

}  // namespace trailsift
