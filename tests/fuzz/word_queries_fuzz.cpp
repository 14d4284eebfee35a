// Any bytes as a query in each of the languages that are words with signs between them: nothing
// crashes, errors point into the text, and what is printed parses to the same tree.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "query/bind.h"
#include "query/score_plan.h"
#include "query/word_parsers.h"
#include "tests/fuzz/query_checks.h"

namespace {

using namespace trailsift;
using query::Node;
using query::ParseOptions;
using Syntax = Result<std::optional<Node>>;

void check(const Syntax& syntax, std::string_view text, const ParseOptions& options,
           bool has_fields) {
  if (!syntax) return check_error(syntax.error(), text);
  if (!*syntax) return;
  const Node& node = **syntax;
  const std::string lucene = to_lucene(node);
  check_printed(lucene, *syntax, query::parse_lucene_syntax(lucene, {}));
  if (!has_fields) {
    const std::string simple = to_simple(node);
    check_printed(simple, *syntax, query::parse_simple_syntax(simple, {}));
  }
  auto tree = query::bind(node, options);
  if (!tree) return check_error(tree.error(), text);
  ParseOptions with_score = options;
  with_score.scored = true;
  const auto scored = query::bind(node, with_score);
  if (scored) {
    require(matches(*scored, sample_event()) == matches(*tree, sample_event()),
            "scores to change no answer");
    if (const auto plan = query::plan_score(*scored); !plan) check_error(plan.error(), text);
  } else {
    check_error(scored.error(), text);
  }
  check_tree(std::move(*tree));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  ParseOptions options;
  options.any_word = (data[0] & 1U) != 0;
  options.disabled = (data[0] & 2U) != 0 ? data[1] : 0U;
  if ((data[0] & 4U) != 0) options.word_percentage = data[1];
  options.phrase_slop = (data[0] & 8U) != 0 ? data[1] : 0U;
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  check(query::parse_simple_syntax(text, options), text, options, false);
  check(query::parse_lucene_syntax(text, options), text, options, true);
  check(query::parse_dismax_syntax(text, options), text, options, false);
  return 0;
}
