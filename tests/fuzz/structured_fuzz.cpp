// Any bytes as a query in structured syntax: nothing crashes, errors point into the text, what is
// printed parses to the same tree, and simplify() changes no answer.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "query/bind.h"
#include "query/matches.h"
#include "query/parse.h"
#include "query/parser.h"
#include "query/simplify.h"
#include "schema/flatten.h"

namespace {

using namespace trailsift;

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "expected %s\n", what);
  std::abort();
}

const Event& sample_event() {
  static const Event kEvent =
      *flatten(R"({"eventID":"e1","eventTime":"2021-07-29T23:53:26Z","eventName":"GetObject",
                  "eventSource":"s3.amazonaws.com","readOnly":true,"userAgent":"aws-cli/1.18",
                  "userIdentity":{"arn":"arn:aws:iam::111122223333:user/alice"},
                  "requestParameters":{"bucketName":"my-bucket","x-amz-acl:y":"private"},
                  "additionalEventData":{"bytesTransferredIn":9}})");
  return kEvent;
}

void check_error(const Error& error, std::string_view text) {
  require(!error.message.empty() && error.message.size() < 1000, "a message of sensible size");
  require(error.code == ErrorCode::bad_query || error.code == ErrorCode::too_large,
          "an error of the query");
  require(!error.at || (error.at->begin <= error.at->end && error.at->end <= text.size()),
          "a position inside the text");
  require(!render(error, text).empty(), "a rendered error");
}

void check_syntax(const query::Node& node) {
  const std::string printed = to_string(node);
  if (printed.size() > query::kMaxQueryBytes) return;
  const auto again = query::parse_syntax(printed);
  require(again.has_value(), "printed syntax to parse");
  require(*again == node, "printed syntax to parse to the same tree");
}

void check_tree(query::Tree tree) {
  const std::string text = to_string(tree);
  require(to_string(clone(tree)) == text, "a clone to be equal");
  const bool answer = matches(tree, sample_event());
  query::Tree simple = simplify(std::move(tree));
  require(matches(simple, sample_event()) == answer, "simplify to keep the answer");
  const std::string simple_text = to_string(simple);
  require(to_string(simplify(std::move(simple))) == simple_text, "simplify to leave nothing to do");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto node = query::parse_syntax(text);
  if (!node) {
    check_error(node.error(), text);
    return 0;
  }
  check_syntax(*node);
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
