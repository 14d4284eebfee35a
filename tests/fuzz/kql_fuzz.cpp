// The everyday language may be given anything: it never crashes, errors point into the text, what
// is printed parses to the same tree, simplify() changes no answer, and a tree written in the
// language again has the same answer.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "query/kql_bind.h"
#include "query/kql_parser.h"
#include "query/matches.h"
#include "query/parse.h"
#include "query/simplify.h"
#include "query/to_kql.h"
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
                  "sourceIPAddress":"198.51.100.7",
                  "userIdentity":{"userName":"Zo\u00eb","arn":"arn:aws:iam::111122223333:user/zoe"},
                  "requestParameters":{"bucketName":"my-bucket","x-amz-acl:y":"private","n":1372.5},
                  "additionalEventData":{"bytesTransferredIn":9}})");
  return kEvent;
}

query::ParseOptions some_options() {
  query::ParseOptions options;
  options.now = *parse_time("2021-07-30T12:00:00Z");
  options.zone = *query::TimeZone::find("+02:00");
  return options;
}

void check_error(const Error& error, std::string_view text) {
  require(!error.message.empty() && error.message.size() < 1000, "a message of sensible size");
  require(error.code == ErrorCode::bad_query || error.code == ErrorCode::too_large,
          "an error of the query");
  require(!error.at || (error.at->begin <= error.at->end && error.at->end <= text.size()),
          "a position inside the text");
  require(!render(error, text).empty(), "a rendered error");
}

void check_syntax(const query::kql::Node& node) {
  const std::string printed = to_string(node);
  if (printed.size() > query::kMaxQueryBytes) return;
  const auto again = query::kql::parse_syntax(printed);
  require(again.has_value(), "printed syntax to parse");
  require(*again == node, "printed syntax to parse to the same tree");
}

void check_copy(const query::Tree& tree, bool answer) {
  const auto text = to_kql(tree);
  if (!text || text->size() > query::kMaxQueryBytes) return;
  const auto copy = query::parse_kql(*text, some_options());
  if (!copy && copy.error().code == ErrorCode::too_large) return;
  require(copy.has_value(), "a tree in the everyday language to parse");
  require(matches(*copy, sample_event()) == answer, "the copy to keep the answer");
}

void check_tree(query::Tree tree) {
  require(to_string(clone(tree)) == to_string(tree), "a clone to be equal");
  const bool answer = matches(tree, sample_event());
  query::Tree simple = simplify(std::move(tree));
  require(matches(simple, sample_event()) == answer, "simplify to keep the answer");
  check_copy(simple, answer);
  const std::string simple_text = to_string(simple);
  require(to_string(simplify(std::move(simple))) == simple_text, "simplify to leave nothing to do");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto node = query::kql::parse_syntax(text);
  if (!node) {
    check_error(node.error(), text);
    return 0;
  }
  check_syntax(*node);
  auto tree = query::kql::bind(*node, some_options());
  if (tree) {
    check_tree(std::move(*tree));
  } else {
    check_error(tree.error(), text);
  }
  return 0;
}
