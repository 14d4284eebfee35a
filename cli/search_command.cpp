#include "cli/search_command.h"

#include <algorithm>
#include <utility>

#include "cli/search_output.h"

namespace trailsift::cli {
namespace {

constexpr std::string_view kDescription =
    "Searches the index and shows the newest hits first.\n"
    "A query is made of FIELD:VALUE, bare words anywhere in the event, \"phrases\", lists "
    "FIELD:(a or b), and, or, not, brackets, * in words and values, FIELD:*, ranges FIELD:[a to b] "
    "or FIELD >= now-7d/d, networks and /regular expressions/. Case does not count, but for "
    "FIELD == VALUE. --syntax structured takes the structured syntax of CloudSearch instead. "
    "docs/queries.md tells all of both; `trailsift fields` lists the fields.";

constexpr std::string_view kExamples =
    "  trailsift search \"event_source:sqs.amazonaws.com\" --data index\n"
    "  trailsift search --data index --size 0 --facet event_source --facet aws_region\n"
    "  trailsift search \"error_code:AccessDenied and not user_identity_type:AWSService\" \\\n"
    "    --data index --from -7d --facet actor --histogram auto\n"
    "  trailsift search \"203.0.113.7\" --data index --size all --format ndjson > events.ndjson\n"
    "  trailsift search \"eventName:(Delete* or Stop*) sourceIPAddress:203.0.113.0/24\" \\\n"
    "    --data index --size all --format csv \\\n"
    "    --return event_time,actor,event_name,requestParameters.bucketName\n"
    "  trailsift search \"(prefix field=event_name 'Delete')\" --syntax structured --data index\n";

/// The rest of the hits, each page by the cursor that the one before gave. Only the first page
/// counts facets.
Answered<std::uint64_t> write_more_pages(Searcher& searcher, SearchOptions& options,
                                         const std::vector<Column>& columns, std::string cursor,
                                         SearchOutput& output) {
  std::uint64_t written = 0;
  const std::uint64_t wanted = options.limit.value_or(UINT64_MAX) - kPageSize;
  options.request.facets.clear();
  options.request.histogram.reset();
  while (written < wanted) {
    options.request.cursor = std::move(cursor);
    options.request.size =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(kPageSize, wanted - written));
    auto page = searcher.search(options.query, options.request, columns);
    if (!page) return tl::unexpected(page.error());
    for (const Event& event : page->hits) output.hit(event);
    written += page->hits.size();
    if (page->hits.size() < options.request.size || !page->cursor) break;
    cursor = std::move(*page->cursor);
  }
  return written;
}

ExitCode run_search(const Arguments& arguments, Console& console) {
  auto options = read_search_options(arguments, console);
  if (!options) return report_usage(console, "search", options.error());
  const auto searcher = open_searcher(arguments, console);
  if (!searcher) return report_source(console, "search", searcher.error());
  const auto written = write_search(**searcher, std::move(*options), console.out);
  return written ? ExitCode::ok : report(console, written.error());
}

}  // namespace

Answered<void> write_search(Searcher& searcher, SearchOptions options, std::ostream& out) {
  const bool in_one_page =
      options.limit && *options.limit + options.request.start <= query::kMaxWindow;
  options.request.size = in_one_page ? static_cast<std::uint32_t>(*options.limit) : kPageSize;
  if (!in_one_page) options.request.cursor = "initial";

  const auto columns = columns_read(options);
  auto first = searcher.search(options.query, options.request, columns);
  if (!first) return tl::unexpected(first.error());
  const auto output = search_output(out, options);
  output->begin(*first);
  for (const Event& event : first->hits) output->hit(event);
  std::uint64_t shown = first->hits.size();
  const bool is_full = shown > 0 && shown == options.request.size;
  if (!in_one_page && is_full && first->cursor) {
    const auto more =
        write_more_pages(searcher, options, columns, std::move(*first->cursor), *output);
    if (!more) return tl::unexpected(more.error());
    shown += *more;
  }
  // Nobody asked for it, or there are no more.
  if (!in_one_page || !is_full) first->cursor.reset();
  output->end(*first, shown);
  return {};
}

const Command& search_command() {
  static const Command kCommand{.name = "search",
                                .summary = "search the index: hits, facets, histogram",
                                .description = kDescription,
                                .options = kSearchOptions,
                                .examples = kExamples,
                                .run = run_search};
  return kCommand;
}

}  // namespace trailsift::cli
