#include "query/load_event.h"

#include <string>
#include <vector>

#include "schema/field.h"
#include "schema/flatten.h"

namespace trailsift::query {
namespace {

const std::vector<FieldIndex>& delivery_fields() {
  static const std::vector<FieldIndex> kDelivery = [] {
    std::vector<FieldIndex> indexes;
    for (const Field& field : fields()) {
      if (field.origin == Origin::delivery) indexes.push_back(index_of(field));
    }
    return indexes;
  }();
  return kDelivery;
}

}  // namespace

Result<Event> load_event(const store::Segment& segment, store::DocId doc) {
  const auto record = segment.record(doc);
  if (!record) return tl::unexpected(record.error());
  auto event = flatten(*record);
  if (!event) {
    return fail(ErrorCode::corrupt, "cannot read record " + std::to_string(doc) + " of segment " +
                                        segment.name() + ": " + event.error().detail);
  }
  for (const FieldIndex field : delivery_fields()) {
    const auto column = segment.column(field);
    if (!column) return tl::unexpected(column.error());
    if (*column == nullptr) continue;
    for (const std::uint32_t rank : (*column)->ranks((*column)->ordinal(doc))) {
      add_value(*event, field, std::string((*column)->value(rank)));
    }
  }
  return std::move(*event);
}

}  // namespace trailsift::query
