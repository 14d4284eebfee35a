// Any bytes as a query in each of the languages that are words with signs between them: nothing
// crashes, errors point into the text, and what is printed parses to the same tree.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "query/bind.h"
#include "query/matches.h"
#include "query/simplify.h"
#include "query/word_parsers.h"
#include "schema/flatten.h"

namespace {

using namespace trailsift;
using query::Node;
using query::ParseOptions;
using Syntax = Result<std::optional<Node>>;

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "expected %s\n", what);
  std::abort();
}

const Event& sample_event() {
  static const Event kEvent =
      *flatten(R"({"eventID":"e1","eventTime":"2021-07-29T23:53:26Z","eventName":"GetObject",
                  "eventSource":"s3.amazonaws.com","readOnly":true,"userAgent":"aws-cli/1.18",
                  "additionalEventData":{"bytesTransferredIn":9}})");
  return kEvent;
}

void check_error(const Error& error, std::string_view text) {
  require(!error.message.empty() && error.message.size() < 1000, "a message of sensible size");
  require(error.code == ErrorCode::bad_query || error.code == ErrorCode::too_large,
          "an error of the query");
  require(!error.at || (error.at->begin <= error.at->end && error.at->end <= text.size()),
          "a position inside the text");
}

void check_printed(const std::string& printed, const Node& node, const Syntax& again) {
  if (printed.size() > query::kMaxQueryBytes) return;
  require(again.has_value(), "printed syntax to parse");
  require(again->has_value() && **again == node, "printed syntax to parse to the same tree");
}

void check(const Syntax& syntax, std::string_view text, const ParseOptions& options,
           bool has_fields) {
  if (!syntax) return check_error(syntax.error(), text);
  if (!*syntax) return;
  const Node& node = **syntax;
  const std::string lucene = to_lucene(node);
  check_printed(lucene, node, query::parse_lucene_syntax(lucene, {}));
  if (!has_fields) {
    const std::string simple = to_simple(node);
    check_printed(simple, node, query::parse_simple_syntax(simple, {}));
  }
  auto tree = query::bind(node, options);
  if (!tree) return check_error(tree.error(), text);
  const bool answer = matches(*tree, sample_event());
  require(matches(simplify(std::move(*tree)), sample_event()) == answer,
          "simplify to keep the answer");
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
