#pragma once

#include <optional>
#include <span>
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

/// The member `columns`; every field but raw when it is absent. Nothing twice, so that all columns
/// of an event take about as much as its record.
Checked<std::vector<HitColumn>> read_hit_columns(const CheckedMembers& members);

/// What has to be loaded of a hit to tell these.
query::HitParts parts_for(const std::vector<HitColumn>& columns);

/// The column's values of one event: one, several, or none.
std::vector<std::string> values_of(const Event& event, const HitColumn& column);

/// Whether a column's values are told as an array.
bool is_list(const HitColumn& column);

/// `{"id":…,"time":…,"score":…,"fields":{…}}`, without `score` where there is none.
void write_hit(JsonOut& out, const Event& event, const std::vector<HitColumn>& columns,
               std::optional<double> score = {});

/// The member `hits`, an array of these. `scores`: one for each hit, or none at all. too_large when
/// the text would pass kMaxAnswerBytes.
Result<void> write_hits(JsonOut& out, std::span<const Event> hits,
                        const std::vector<HitColumn>& columns, std::span<const double> scores = {});

/// `{"field":…,"values":[{"value":…,"count":…},…],"distinct":…,"missing":…}`
void write_facet(JsonOut& out, std::string_view label, const query::FacetResult& facet);

}  // namespace trailsift::server
