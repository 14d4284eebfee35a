#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "query/join_table.h"
#include "schema/error.h"
#include "schema/field.h"
#include "store/column.h"
#include "store/dictionary.h"
#include "store/segment.h"

namespace trailsift::query {

/// The column of a joined field for one segment: made of the dictionary of the key's column alone,
/// however many documents there are. Any thread. Borrows the segment.
class JoinedColumn {
 public:
  static Result<std::unique_ptr<const JoinedColumn>> make(const Field& field,
                                                          const JoinTable& table,
                                                          const store::Segment& segment);
  JoinedColumn(const JoinedColumn&) = delete;
  JoinedColumn& operator=(const JoinedColumn&) = delete;

  /// nullptr when no document has a value.
  const store::Column* column() const { return column_ ? &*column_ : nullptr; }

 private:
  JoinedColumn() = default;
  void look_up(const store::Column& key, const JoinTable& table, std::string_view otherwise);
  void give_all(store::DocId documents, std::string_view value);
  store::Dictionary::Arrays dictionary_of(std::span<const std::string_view> values);

  std::vector<std::uint32_t> joined_;
  std::vector<std::byte> ordinals_;  // Where there is no key.
  store::EncodedDictionary dictionary_;
  std::optional<store::Column> column_;
};

}  // namespace trailsift::query
