#include "server/segment_size_json.h"

namespace trailsift::server {

void write_segment_size(JsonOut& out, const store::SegmentSize& bytes) {
  out.member("terms", bytes.terms);
  out.member("columns", bytes.columns);
  out.member("records", bytes.records);
  out.member("total", bytes.total());
}

}  // namespace trailsift::server
