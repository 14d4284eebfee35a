#include "cli/exclude_options.h"

#include <string>
#include <utility>
#include <vector>

#include "query/event_filter.h"
#include "query/parse.h"
#include "query/simplify.h"

namespace trailsift::cli {
namespace {

indexer::ExcludeFilter::Question question_of(query::Tree tree,
                                             std::shared_ptr<query::JoinFiles> files) {
  const auto filter = std::make_shared<const query::EventFilter>(std::move(tree), std::move(files));
  return {filter->parts(), [filter](Event event) { return filter->matches(std::move(event)); }};
}

std::shared_ptr<const indexer::ExcludeFilter> filter_of(query::Tree tree,
                                                        std::shared_ptr<query::JoinFiles> files) {
  indexer::ExcludeFilter filter;
  query::Tree first = query::by_values(tree);
  const bool is_all = query::to_string(first) == query::to_string(tree);
  if (!is_all && !std::holds_alternative<query::Everything>(first.kind)) {
    filter.questions.push_back(question_of(std::move(first), files));
  }
  filter.questions.push_back(question_of(std::move(tree), std::move(files)));
  return std::make_shared<const indexer::ExcludeFilter>(std::move(filter));
}

}  // namespace

tl::expected<std::shared_ptr<const indexer::ExcludeFilter>, Mistake> exclude_filter(
    const std::vector<std::string>& queries, const std::string& data, query::JoinOptions joins) {
  if (queries.empty()) return nullptr;

  query::AnyOf any;
  for (const std::string& text : queries) {
    auto tree = query::parse_structured(text);
    if (!tree) return tl::unexpected(Mistake{tree.error(), text});
    any.children.push_back(std::move(*tree));
  }
  auto files = query::JoinFiles::open(data, std::move(joins));
  if (!files) return tl::unexpected(Mistake{files.error(), {}});
  return filter_of(query::simplify(query::Tree{std::move(any)}), std::move(*files));
}

tl::expected<std::shared_ptr<const indexer::ExcludeFilter>, Mistake> read_exclude_options(
    const Arguments& arguments, query::JoinOptions joins) {
  std::vector<std::string> queries = arguments.values("--exclude");
  if (arguments.has("--exclude-describe-events")) queries.emplace(queries.begin(), kDescribeEvents);
  return exclude_filter(queries, arguments.value("--data"), std::move(joins));
}

}  // namespace trailsift::cli
