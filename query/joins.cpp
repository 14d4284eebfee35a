#include "query/joins.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <string>
#include <utility>

namespace trailsift::query {
namespace {

std::size_t place_of(FieldIndex field) {
  const auto fields = joined_fields();
  const auto found = std::ranges::find(fields, field);
  assert(found != fields.end());
  return static_cast<std::size_t>(found - fields.begin());
}

}  // namespace

Joins::Joins() : tables_(joined_fields().size(), std::make_shared<const JoinTable>()) {}

Joins Joins::with(FieldIndex field, std::shared_ptr<const JoinTable> table) const {
  Joins joins = *this;
  joins.tables_[place_of(field)] = std::move(table);
  return joins;
}

const std::shared_ptr<const JoinTable>& Joins::table(FieldIndex field) const {
  return tables_[place_of(field)];
}

void Joins::add_to(Event& event) const {
  for (const FieldIndex index : joined_fields()) {
    const Join& join = field_at(index).join;
    const auto key = value_of(event, field_index(join.key));
    const JoinTable& table = *this->table(index);
    const auto value = key ? table.find(*key) : std::nullopt;
    add_value(event, index, value ? table.values()[*value] : std::string(join.otherwise));
  }
}

}  // namespace trailsift::query
