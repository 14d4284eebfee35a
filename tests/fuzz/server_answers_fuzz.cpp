// What a server answers the command line with may be anything: reading it never crashes, and what
// was read is fit to be printed.
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string_view>

#include "cli/search_output.h"
#include "cli/server_answers.h"
#include "cli/server_client.h"
#include "cli/session_answer.h"
#include "schema/field.h"

namespace {

using namespace trailsift;

void print(const query::SearchResult& result) {
  cli::SearchOptions options;
  options.to_terminal = true;
  for (const auto output :
       {cli::table_output, cli::json_output, cli::ndjson_output, cli::csv_output}) {
    std::ostringstream out;
    const auto written = output(out, options);
    written->begin(result);
    for (const Event& event : result.hits) written->hit(event);
    written->end(result, result.hits.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const FieldIndex kFacets[] = {field_index("actor")};
  for (const std::size_t facets : {0, 1}) {
    const auto result = cli::read_search_answer(text, std::span(kFacets).first(facets));
    if (result) print(*result);
  }
  if (const auto hit = cli::read_hit(text)) {
    query::SearchResult result;
    result.hits.push_back(*hit);
    print(result);
  }
  static_cast<void>(cli::read_explain_answer(text));
  static_cast<void>(cli::read_session_answer(text));
  static_cast<void>(cli::read_server_error(400, text, "http://server"));
  return 0;
}
