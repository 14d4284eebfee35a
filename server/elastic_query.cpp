#include "server/elastic_query.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "query/quote.h"
#include "query/score_plan.h"
#include "schema/number.h"
#include "server/elastic_clauses.h"

namespace trailsift::server {
namespace {

using query::ParseOptions;
using query::Tree;
using Kind = RelaxedJson::Kind;

/// One query or a list of them.
Checked<std::vector<Tree>> read_clauses(const RelaxedJson& list, const ParseOptions& options) {
  std::vector<Tree> trees;
  const auto add = [&](const RelaxedJson& one) -> Checked<void> {
    auto tree = read_elastic_query(one, options);
    if (!tree) return tl::unexpected(std::move(tree.error()));
    trees.push_back(std::move(*tree));
    return {};
  };
  if (list.kind != Kind::array) {
    if (auto added = add(list); !added) return tl::unexpected(std::move(added.error()));
  }
  for (const RelaxedJson& item : list.items) {
    if (auto added = add(item); !added) return tl::unexpected(std::move(added.error()));
  }
  return trees;
}

/// How many of `should` must match, if that is all, one or none of them.
Checked<std::optional<std::size_t>> least_should(const RelaxedJson& body) {
  const RelaxedJson* const least = find_member(body, "minimum_should_match");
  if (least == nullptr) return std::nullopt;
  const auto number = parse_number<std::size_t>(least->text);
  if (least->is_scalar() && number) return number;
  return refuse_elastic("a whole number", "minimum_should_match", *least);
}

Checked<Tree> read_bool(const RelaxedJson& body, const ParseOptions& options) {
  std::vector<Tree> all;
  std::vector<Tree> any;
  for (const auto& [key, value] : body.members) {
    if (only_scores(key) || key == "minimum_should_match") continue;
    if (key != "must" && key != "filter" && key != "should" && key != "must_not") {
      return refuse_unsupported(key, "bool", value.at);
    }
    auto read = read_clauses(value, options);
    if (!read) return tl::unexpected(std::move(read.error()));
    for (Tree& tree : *read) {
      if (key == "must_not") tree = Tree{query::Not{std::make_unique<Tree>(std::move(tree))}};
      if (key == "filter") tree.boost = 0;  // Of the score.
      (key == "should" ? any : all).push_back(std::move(tree));
    }
  }
  const auto asked = least_should(body);
  if (!asked) return tl::unexpected(asked.error());
  const std::size_t least = asked->value_or(all.empty() ? 1 : 0);
  if (least > 1 && least < any.size()) {
    return refuse_unsupported("minimum_should_match", "bool, other than 0, 1 and all,", body.at);
  }
  if (least > any.size() && asked->has_value()) return Tree{query::Nothing{}};
  if (!any.empty() && least == 1) {
    all.push_back(Tree{query::AnyOf{std::move(any)}});
  } else if (least > 1) {
    std::ranges::move(any, std::back_inserter(all));
  } else if (!any.empty() && options.scored) {
    any.push_back(Tree{query::Everything{}});
    all.push_back(Tree{query::AnyOf{std::move(any)}});
  }
  if (all.empty()) return Tree{query::Everything{}};
  return Tree{query::AllOf{std::move(all)}};
}

Checked<Tree> read_constant_score(const RelaxedJson& body, const ParseOptions& options) {
  const RelaxedJson* const filter = find_member(body, "filter");
  if (filter == nullptr) return refuse_elastic("'filter'", "constant_score", body);
  auto tree = read_elastic_query(*filter, options);
  if (!tree) return tree;
  tree->boost = 1;
  tree->constant = true;
  return tree;
}

Checked<Tree> read_match_all(const RelaxedJson&, const ParseOptions&) {
  Tree all{query::Everything{}};
  all.constant = true;
  return all;
}

Checked<Tree> read_match_none(const RelaxedJson&, const ParseOptions&) {
  return Tree{query::Nothing{}};
}

struct ClauseRow {
  std::string_view name;
  ElasticClause read;
};

constexpr std::array kClauses = {
    ClauseRow{"match_all", read_match_all},
    ClauseRow{"match_none", read_match_none},
    ClauseRow{"bool", read_bool},
    ClauseRow{"constant_score", read_constant_score},
    ClauseRow{"term", read_term},
    ClauseRow{"terms", read_terms},
    ClauseRow{"range", read_range},
    ClauseRow{"match", read_match},
    ClauseRow{"match_phrase", read_match_phrase},
    ClauseRow{"multi_match", read_multi_match},
    ClauseRow{"wildcard", read_wildcard},
    ClauseRow{"prefix", read_prefix},
    ClauseRow{"regexp", read_regexp},
    ClauseRow{"exists", read_exists},
    ClauseRow{"ids", read_ids},
    ClauseRow{"query_string", read_query_string},
    ClauseRow{"simple_query_string", read_simple_query_string},
};

/// How much a clause counts for the score: its own `boost`, or that of its one field.
Checked<double> boost_of(const RelaxedJson& body) {
  const RelaxedJson* boost = find_member(body, "boost");
  if (boost == nullptr && body.members.size() == 1) {
    const RelaxedJson& field = body.members.front().value;
    if (field.kind == Kind::object) boost = find_member(field, "boost");
  }
  if (boost == nullptr) return 1;
  const auto number = parse_number<double>(boost->text);
  if (boost->is_scalar() && number && *number >= 0) return std::min(*number, query::kMaxBoost);
  return refuse_elastic("a number from 0 on", "boost", *boost);
}

std::string shown(const RelaxedJson& value) {
  switch (value.kind) {
    case Kind::array: return "an array";
    case Kind::object: return "an object";
    case Kind::word:
    case Kind::string: break;
  }
  return query::in_quotes(value.text);
}

}  // namespace

std::vector<std::string_view> elastic_clauses() {
  std::vector<std::string_view> names;
  for (const ClauseRow& row : kClauses) names.push_back(row.name);
  return names;
}

Checked<Tree> read_elastic_query(const RelaxedJson& query, const ParseOptions& options) {
  if (query.kind != Kind::object || query.members.size() != 1) {
    return refuse_elastic("an object with one clause", "query", query);
  }
  const auto& [name, body] = query.members.front();
  const auto* const row = std::ranges::find(kClauses, name, &ClauseRow::name);
  if (row == kClauses.end()) return refuse_unsupported(name, "query", body.at);
  if (body.kind != Kind::object) return refuse_elastic("an object", name, body);
  auto tree = row->read(body, options);
  if (!tree) return tree;
  const auto boost = boost_of(body);
  if (!boost) return tl::unexpected(boost.error());
  tree->boost *= *boost;
  return tree;
}

std::string_view elastic_field_name(std::string_view name) {
  constexpr std::string_view kKeyword = ".keyword";
  if (name.size() > kKeyword.size() && name.ends_with(kKeyword)) {
    name.remove_suffix(kKeyword.size());
  }
  return name == "_id" ? "event_id" : name;
}

Checked<Timestamp> read_elastic_time(const RelaxedJson& value, std::string_view format,
                                     const ParseOptions& options) {
  const auto number = parse_number<std::int64_t>(value.text);
  if (value.is_scalar() && number) {
    constexpr std::int64_t kFurthest = 253'402'300'799'999;  // The end of year 9999.
    const bool seconds = format == "epoch_second";
    if (*number >= 0 && *number <= kFurthest / (seconds ? 1000 : 1)) {
      return Timestamp(std::chrono::milliseconds(seconds ? *number * 1000 : *number));
    }
  } else if (value.is_scalar() && options.now) {
    if (auto time = parse_time_bound(value.text, *options.now)) return *time;
  }
  return refuse_elastic("a time or milliseconds since 1970", "event_time", value);
}

tl::unexpected<Refusal> refuse_unsupported(std::string_view name, std::string_view where, Span at) {
  return refuse(Error{ErrorCode::bad_request,
                      query::in_quotes(name) + " is not supported in " + std::string(where), at});
}

tl::unexpected<Refusal> refuse_elastic(std::string_view wanted, std::string_view name,
                                       const RelaxedJson& got) {
  return refuse(Error{
      ErrorCode::bad_request,
      "expected " + std::string(wanted) + " for " + query::in_quotes(name) + ", got " + shown(got),
      got.at});
}

bool is_word(const RelaxedJson& value, std::string_view word) {
  return value.kind == Kind::word && value.text == word;
}

}  // namespace trailsift::server
