#include "cli/histogram_option.h"

#include "schema/duration.h"

namespace trailsift::cli {

Result<query::HistogramRequest> read_histogram(const std::string& text, std::string_view option) {
  query::HistogramRequest histogram;
  if (text == "auto") return histogram;
  histogram.interval = parse_duration(text);
  if (histogram.interval) return histogram;
  return fail(ErrorCode::bad_request,
              "expected " + std::string(option) +
                  " to be 'auto' or an interval such as 30s, 5m, 1h, 1d, 1w, got '" + text + "'");
}

}  // namespace trailsift::cli
