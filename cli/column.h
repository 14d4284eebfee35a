#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/event.h"
#include "schema/field.h"

namespace trailsift::cli {

/// One thing of each event that is shown: a field of the schema, or a leaf by its path.
struct Column {
  std::string name;                 ///< Canonical field name, or the leaf's path.
  std::optional<FieldIndex> field;  ///< nullopt: a leaf.
};

/// Reads "event_time,actor,requestParameters.bucketName"; what is named twice is taken once.
/// `option` is named in errors.
Result<std::vector<Column>> read_columns(std::string_view list, std::string_view option);

/// The field of that name; an unknown one is a bad_request with suggestions.
Result<FieldIndex> read_field(std::string_view name, std::string_view option);

/// The values of a column; a subtree field's is the JSON text found in the record.
std::vector<std::string> values_of(const Event& event, const Column& column);

/// The same as one text, several values joined by "; ".
std::string cell_of(const Event& event, const Column& column);

/// The columns that a table shows when none are asked for.
std::vector<Column> default_columns();

/// Every field but the whole record, which would say everything twice.
std::vector<Column> all_columns();

}  // namespace trailsift::cli
