#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "query/matches.h"
#include "query/parse.h"
#include "query/simplify.h"
#include "schema/flatten.h"
#include "tests/fuzz/require.h"

namespace trailsift {

/// What must hold of whatever a parser of queries made of a text.

inline const Event& sample_event() {
  static const Event kEvent =
      *flatten(R"({"eventID":"e1","eventTime":"2021-07-29T23:53:26Z","eventName":"GetObject",
                  "eventSource":"s3.amazonaws.com","readOnly":true,"userAgent":"aws-cli/1.18",
                  "sourceIPAddress":"198.51.100.7",
                  "userIdentity":{"userName":"Zo\u00eb","arn":"arn:aws:iam::111122223333:user/zoe"},
                  "requestParameters":{"bucketName":"my-bucket","x-amz-acl:y":"private","n":1372.5},
                  "additionalEventData":{"bytesTransferredIn":9}})");
  return kEvent;
}

inline void check_error(const Error& error, std::string_view text) {
  require(!error.message.empty() && error.message.size() < 1000, "a message of sensible size");
  require(error.code == ErrorCode::bad_query || error.code == ErrorCode::too_large,
          "an error of the query");
  require(!error.at || (error.at->begin <= error.at->end && error.at->end <= text.size()),
          "a position inside the text");
  require(!render(error, text).empty(), "a rendered error");
}

/// What was printed of a node parses to the same node.
template <class Node>
void check_printed(const std::string& printed, const Node& node, const Result<Node>& again) {
  if (printed.size() > query::kMaxQueryBytes) return;
  require(again.has_value(), "printed syntax to parse");
  require(*again == node, "printed syntax to parse to the same tree");
}

/// A clone is equal, and simplify() changes no answer and leaves nothing to do. Returns the simple
/// tree.
inline query::Tree check_tree(query::Tree tree) {
  require(to_string(clone(tree)) == to_string(tree), "a clone to be equal");
  const bool answer = matches(tree, sample_event());
  query::Tree simple = simplify(std::move(tree));
  require(matches(simple, sample_event()) == answer, "simplify to keep the answer");
  const std::string text = to_string(simple);
  require(to_string(simplify(clone(simple))) == text, "simplify to leave nothing to do");
  return simple;
}

}  // namespace trailsift
