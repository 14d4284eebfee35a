#pragma once

#include <string>
#include <vector>

#include "query/search.h"
#include "query/tree.h"
#include "schema/event.h"
#include "server/json_out.h"
#include "server/refusal.h"
#include "server/request_members.h"

namespace trailsift::server {

/// Something told of each hit, under the name that the request gave it.
struct HitColumn {
  std::string label;
  query::Target target;  ///< Here a subtree field is possible: the JSON text of that part.
};

/// The member `columns`; every field but raw when it is absent. No name twice.
Checked<std::vector<HitColumn>> read_hit_columns(const CheckedMembers& members);

/// What has to be loaded of a hit to tell these.
query::HitParts parts_for(const std::vector<HitColumn>& columns);

/// The column's values of one event: one, several, or none.
std::vector<std::string> values_of(const Event& event, const HitColumn& column);

/// Whether a column's values are told as an array.
bool is_list(const HitColumn& column);

/// `{"id":…,"time":…,"fields":{…}}`
void write_hit(JsonOut& out, const Event& event, const std::vector<HitColumn>& columns);

}  // namespace trailsift::server
