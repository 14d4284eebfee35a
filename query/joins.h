#pragma once

#include <memory>
#include <vector>

#include "query/join_table.h"
#include "schema/event.h"
#include "schema/field.h"

namespace trailsift::query {

/// The tables of all joined fields at one moment. Immutable; any thread.
class Joins {
 public:
  /// Empty tables.
  Joins();

  /// The same but for the table of one field.
  Joins with(FieldIndex field, std::shared_ptr<const JoinTable> table) const;

  /// Never null. `field` is a joined one.
  const std::shared_ptr<const JoinTable>& table(FieldIndex field) const;

  /// Gives the event its joined fields. Their keys must be there already.
  void add_to(Event& event) const;

 private:
  std::vector<std::shared_ptr<const JoinTable>> tables_;  // As joined_fields().
};

}  // namespace trailsift::query
