#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "query/parser.h"
#include "query/word_nodes.h"
#include "query/word_parsers.h"

namespace trailsift::query {
namespace {

/// What a query asks for, each in the order of the text.
struct Words {
  std::vector<Clause> needed;    ///< With "+".
  std::vector<Clause> unwanted;  ///< With "-", without it.
  std::vector<Clause> optional;
};

class DismaxReader {
 public:
  DismaxReader(std::string_view text, std::uint32_t slop) : text_(text), slop_(slop) {}

  Result<Words> read() {
    while (at_ < text_.size()) {
      const char sign = read_signs();
      if (at_ == text_.size()) break;
      auto clause = read_clause();
      if (!clause) return tl::unexpected(clause.error());
      auto& list = sign == '+' ? words_.needed : sign == '-' ? words_.unwanted : words_.optional;
      if (*clause) list.push_back(std::move(**clause));
    }
    return std::move(words_);
  }

 private:
  bool is_space() const {
    return std::string_view(" \t\n\r").find(text_[at_]) != std::string_view::npos;
  }

  /// White space and signs before a clause. The sign that counts, or a space: several in a row
  /// are none.
  char read_signs() {
    std::size_t signs = 0;
    char sign = ' ';
    for (; at_ < text_.size(); ++at_) {
      if (is_space()) continue;
      if (text_[at_] != '+' && text_[at_] != '-') break;
      sign = text_[at_];
      ++signs;
    }
    return signs == 1 ? sign : ' ';
  }

  Result<std::optional<Clause>> read_clause() {
    const std::size_t begin = at_;
    const std::size_t close = text_[at_] == '"' ? text_.find('"', at_ + 1) : std::string_view::npos;
    if (close != std::string_view::npos) {
      at_ = close + 1;
      std::string words(text_.substr(begin + 1, close - begin - 1));
      if (words.empty()) return std::nullopt;
      return word_clause(phrase_condition(std::move(words), slop_, {begin, at_}), {begin, at_},
                         conditions_);
    }
    // A quote that is never closed is text.
    if (text_[at_] == '"') ++at_;
    while (at_ < text_.size() && !is_space() && text_[at_] != '"') ++at_;
    Condition condition;
    condition.operand = loose(std::string(text_.substr(begin, at_ - begin)), {begin, at_});
    return word_clause(std::move(condition), {begin, at_}, conditions_);
  }

  const std::string_view text_;
  const std::uint32_t slop_;
  std::size_t at_ = 0;
  std::size_t conditions_ = 0;
  Words words_;
};

/// How many conditions at_least() makes of any `count` words, up to a little more than the limit.
std::size_t conditions_of(std::size_t wanted, std::size_t count) {
  if (wanted == 0) return 0;
  if (wanted == 1 || wanted == count) return count;
  const std::size_t left = count / 2;
  const std::size_t right = count - left;
  std::size_t sum = 0;
  for (std::size_t of_left = wanted > right ? wanted - right : 0;
       of_left <= std::min(wanted, left) && sum <= kMaxQueryClauses; ++of_left) {
    sum += conditions_of(of_left, left) + conditions_of(wanted - of_left, right);
  }
  return sum;
}

Node group_of(Group::Op op, std::vector<Node> children) {
  if (children.size() == 1) return std::move(children.front());
  const Span at{children.front().at.begin, children.back().at.end};
  Group group;
  group.op = op;
  group.children = std::move(children);
  return Node{std::move(group), at};
}

std::vector<Node> nodes_of(std::span<const Clause> clauses) {
  std::vector<Node> nodes;
  for (const Clause& clause : clauses) nodes.push_back(clause.node);
  return nodes;
}

/// At least `wanted`, which is 1 or more, of the words: so many of the one half, and the rest of
/// the other.
Node at_least(std::size_t wanted, std::span<const Clause> words) {
  if (wanted == 1) return group_of(Group::Op::any_of, nodes_of(words));
  if (wanted == words.size()) return group_of(Group::Op::all_of, nodes_of(words));
  const auto left = words.first(words.size() / 2);
  const auto right = words.subspan(left.size());
  std::vector<Node> ways;
  for (std::size_t of_left = wanted > right.size() ? wanted - right.size() : 0;
       of_left <= std::min(wanted, left.size()); ++of_left) {
    std::vector<Node> both;
    if (of_left > 0) both.push_back(at_least(of_left, left));
    if (of_left < wanted) both.push_back(at_least(wanted - of_left, right));
    ways.push_back(group_of(Group::Op::all_of, std::move(both)));
  }
  return group_of(Group::Op::any_of, std::move(ways));
}

/// Every event answers it; those count more that answer one of `better`.
Node if_there(std::vector<Node> better) {
  const Span at = better.front().at;
  better.insert(better.begin(), Node{MatchAll{}, at});
  return group_of(Group::Op::any_of, std::move(better));
}

/// The words that may be there, near to each other in one of the fields that count for that;
/// nullopt where there is no such field, or nothing to be near to.
std::optional<Node> near_words(const Words& words, const ParseOptions& options) {
  std::string text;
  std::size_t count = 0;
  for (const auto* list : {&words.needed, &words.optional}) {
    for (const Clause& clause : *list) {
      text += (count++ == 0 ? "" : " ");
      text += std::get<Scalar>(std::get<Condition>(clause.node.kind).operand).text;
    }
  }
  if (count < 2 || options.phrase_fields.empty()) return std::nullopt;
  const auto& first = words.needed.empty() ? words.optional : words.needed;
  const Span at = first.front().node.at;
  std::vector<Node> fields;
  for (const auto& [field, weight] : options.phrase_fields) {
    Condition condition = phrase_condition(text, options.phrase_fields_slop, at);
    condition.field = FieldName{std::string(field_at(field).name), at};
    condition.boost = std::to_string(weight);
    fields.push_back(Node{std::move(condition), at});
  }
  return if_there(std::move(fields));
}

/// What the optional words come to; nullopt when they may all be absent.
Result<std::optional<Node>> optional_words(const Words& words, const ParseOptions& options) {
  const std::size_t count = words.optional.size();
  if (options.scored && count > 0) return if_there(nodes_of(words.optional));
  const std::size_t percentage =
      std::min<std::size_t>(options.word_percentage.value_or(options.any_word ? 0 : 100), 100);
  std::size_t wanted = count * percentage / 100;
  if (wanted == 0 && words.needed.empty()) wanted = std::min<std::size_t>(1, count);
  if (wanted == 0) return std::nullopt;
  if (conditions_of(wanted, count) > kMaxQueryClauses) {
    return fail(ErrorCode::too_large,
                "expected fewer words, or all or one of them to be enough: " +
                    std::to_string(wanted) + " of " + std::to_string(count) +
                    " words come to more than " + std::to_string(kMaxQueryClauses) + " conditions",
                Span{words.optional.front().node.at.begin, words.optional.back().node.at.end});
  }
  return at_least(wanted, words.optional);
}

}  // namespace

Result<std::optional<Node>> parse_dismax_syntax(std::string_view text,
                                                const ParseOptions& options) {
  if (auto fits = check_query_text(text); !fits) return tl::unexpected(fits.error());
  auto words = DismaxReader(text, options.phrase_slop).read();
  if (!words) return tl::unexpected(words.error());
  auto optional = optional_words(*words, options);
  if (!optional) return optional;
  std::vector<Node> parts = nodes_of(words->needed);
  if (*optional) parts.push_back(std::move(**optional));
  for (const Clause& clause : words->unwanted) {
    auto negation = grouped(Group::Op::none_of, clause);
    if (!negation) return tl::unexpected(negation.error());
    parts.push_back(std::move(negation->node));
  }
  if (parts.empty()) return std::nullopt;
  auto near = options.scored ? near_words(*words, options) : std::nullopt;
  if (near) parts.push_back(std::move(*near));
  return group_of(Group::Op::all_of, std::move(parts));
}

}  // namespace trailsift::query
