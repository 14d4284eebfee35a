// The everyday language may be given anything: it never crashes, errors point into the text, what
// is printed parses to the same tree, simplify() changes no answer, and a tree written in the
// language again has the same answer.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

#include "query/kql_bind.h"
#include "query/kql_parser.h"
#include "query/parse.h"
#include "query/to_kql.h"
#include "tests/fuzz/query_checks.h"

namespace {

using namespace trailsift;

query::ParseOptions some_options() {
  query::ParseOptions options;
  options.now = *parse_time("2021-07-30T12:00:00Z");
  options.zone = *query::TimeZone::find("+02:00");
  return options;
}

void check_copy(const query::Tree& tree) {
  const auto text = to_kql(tree);
  if (!text || text->size() > query::kMaxQueryBytes) return;
  const auto copy = query::parse_kql(*text, some_options());
  if (!copy && copy.error().code == ErrorCode::too_large) return;
  require(copy.has_value(), "a tree in the everyday language to parse");
  require(matches(*copy, sample_event()) == matches(tree, sample_event()),
          "the copy to keep the answer");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto node = query::kql::parse_syntax(text);
  if (!node) {
    check_error(node.error(), text);
    return 0;
  }
  const std::string printed = to_string(*node);
  check_printed(printed, *node, query::kql::parse_syntax(printed));
  auto tree = query::kql::bind(*node, some_options());
  if (tree) {
    check_copy(check_tree(std::move(*tree)));
  } else {
    check_error(tree.error(), text);
  }
  return 0;
}
