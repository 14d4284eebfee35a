#include "query/session_search.h"

#include <utility>

#include "query/simplify.h"

namespace trailsift::query {

Result<SearchResult> SessionSearch::run(SearchRequest request) const {
  request.query = simplify(std::move(request.query));
  request.help = limits_.help;
  request.limits = limits_.deadline;
  return search(snapshot_, request);
}

Result<std::vector<Event>> SessionSearch::newest(Tree query, InTime time,
                                                 std::uint32_t size) const {
  SearchRequest request;
  request.query = std::move(query);
  request.time = time;
  request.size = size;
  auto found = run(std::move(request));
  if (!found) return tl::unexpected(found.error());
  return std::move(found->hits);
}

Tree equals(const char* field, std::string value) {
  return Tree{Equals{field_index(field), std::move(value)}};
}

Tree leaf_equals(std::string_view path, std::string value) {
  return Tree{Equals{LeafPath{std::string(path)}, std::move(value)}};
}

Tree exists(const char* field) {
  return Tree{Between{field_index(field), {}, {}}};
}

Tree none_of(Tree tree) {
  return Tree{Not{std::make_unique<Tree>(std::move(tree))}};
}

Tree all_of(std::vector<Tree> children) {
  return Tree{AllOf{std::move(children)}};
}

Tree any_of(std::vector<Tree> children) {
  return Tree{AnyOf{std::move(children)}};
}

}  // namespace trailsift::query
