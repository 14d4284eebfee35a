// Any bytes as a query in structured syntax: nothing crashes, errors point into the text, what is
// printed parses to the same tree, and simplify() changes no answer.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

#include "query/bind.h"
#include "query/parser.h"
#include "tests/fuzz/query_checks.h"

using namespace trailsift;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto node = query::parse_syntax(text);
  if (!node) {
    check_error(node.error(), text);
    return 0;
  }
  const std::string printed = to_string(*node);
  check_printed(printed, *node, query::parse_syntax(printed));
  for (const bool any_word : {false, true}) {
    auto tree = query::bind(*node, {{}, any_word});
    if (tree) {
      check_tree(std::move(*tree));
    } else {
      check_error(tree.error(), text);
    }
  }
  return 0;
}
