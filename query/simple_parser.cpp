#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "query/fuzzy.h"
#include "query/parser.h"
#include "query/word_nodes.h"
#include "query/word_parsers.h"
#include "schema/number.h"

namespace trailsift::query {
namespace {

using enum SimpleOperator;

constexpr std::size_t kUnmatched = std::numeric_limits<std::size_t>::max();

/// Joins clauses as they come: whenever the operator changes, all before becomes one clause.
class Joined {
 public:
  /// `op` joins the clause with those before it.
  Result<void> add(Group::Op op, Clause clause) {
    if (!top_) {
      top_ = std::move(clause);
      return {};
    }
    if (op_ != op) {
      auto parent = grouped(op, std::move(*top_));
      if (!parent) return tl::unexpected(parent.error());
      top_ = std::move(*parent);
      op_ = op;
    }
    top_->node.at.end = clause.node.at.end;
    top_->depth = std::max(top_->depth, clause.depth + 1);
    std::get<Group>(top_->node.kind).children.push_back(std::move(clause.node));
    return check_depth(*top_);
  }

  bool empty() const { return !top_.has_value(); }
  std::optional<Clause> take() { return std::move(top_); }

 private:
  std::optional<Clause> top_;
  std::optional<Group::Op> op_;  // Of `top_`, where that is a group made here.
};

class SimpleParser {
 public:
  SimpleParser(std::string_view text, const ParseOptions& options)
      : text_(text),
        disabled_(options.disabled),
        default_(options.any_word ? Group::Op::any_of : Group::Op::all_of),
        closing_(matched_brackets()) {}

  /// The clauses in [at_, end).
  Result<std::optional<Clause>> parse(std::size_t end, std::size_t depth);

 private:
  /// A clause, or nullopt where the characters ask for nothing.
  using Read = Result<std::optional<Clause>>;

  bool enabled(SimpleOperator op) const { return !disabled_[static_cast<std::size_t>(op)]; }
  bool is(std::size_t at, char c, SimpleOperator op) const { return text_[at] == c && enabled(op); }
  bool is_space(std::size_t at) const {
    return enabled(whitespace) && std::string_view(" \t\n\r").find(text_[at]) != kUnmatched;
  }
  bool ends_token(std::size_t at) const {
    return is(at, '"', phrase) || is(at, '|', disjunction) || is(at, '+', conjunction) ||
           is(at, '(', precedence) || is(at, ')', precedence) || is_space(at);
  }
  std::vector<std::size_t> matched_brackets() const;
  bool read_sign(std::size_t at, bool empty);
  Read read_clause(std::size_t end, std::size_t depth);
  Read read_brackets(std::size_t depth);
  Read read_phrase(std::size_t end);
  Read read_token(std::size_t end);
  Result<std::uint32_t> read_count(std::size_t end);

  const std::string_view text_;
  const SimpleOperators disabled_;
  const Group::Op default_;
  const std::vector<std::size_t> closing_;  // For each "(" the place of its ")".
  std::size_t at_ = 0;
  std::optional<Group::Op> sign_;  // "+" or "|" before the next clause.
  std::size_t conditions_ = 0;
};

/// Found once for all, since a search from each bracket would take time in their square.
std::vector<std::size_t> SimpleParser::matched_brackets() const {
  std::vector<std::size_t> closing(text_.size(), kUnmatched);
  std::vector<std::size_t> open;
  if (!enabled(precedence)) return closing;
  for (std::size_t at = 0; at < text_.size(); ++at) {
    if (is(at, '\\', escape)) {
      ++at;
    } else if (text_[at] == '(') {
      open.push_back(at);
    } else if (text_[at] == ')' && !open.empty()) {
      closing[open.back()] = at;
      open.pop_back();
    }
  }
  return closing;
}

/// False when the character is no sign. Signs without anything before them are passed over.
bool SimpleParser::read_sign(std::size_t at, bool empty) {
  const bool all = is(at, '+', conjunction);
  if (!all && !is(at, '|', disjunction)) return false;
  if (!sign_ && !empty) sign_ = all ? Group::Op::all_of : Group::Op::any_of;
  return true;
}

Result<std::optional<Clause>> SimpleParser::parse(std::size_t end, std::size_t depth) {
  Joined joined;
  const auto outer_sign = std::exchange(sign_, std::nullopt);
  while (at_ < end) {
    if (read_sign(at_, joined.empty()) || is_space(at_) || is(at_, ')', precedence)) {
      ++at_;
      continue;
    }
    const std::size_t begin = at_;
    while (at_ < end && is(at_, '-', negation)) ++at_;
    const bool negated = (at_ - begin) % 2 == 1;
    // A "-" must touch what it negates.
    if (at_ == end || (at_ > begin && (is_space(at_) || read_sign(at_, joined.empty())))) continue;
    const std::size_t first = at_;
    auto clause = read_clause(end, depth);
    if (!clause) return clause;
    if (!*clause && at_ == first + 1) continue;  // A bracket or quote that is passed over.
    const auto op = std::exchange(sign_, std::nullopt).value_or(default_);
    if (!*clause) continue;
    if (negated) {
      (*clause)->node.at.begin = begin;
      auto negation_of = grouped(Group::Op::none_of, std::move(**clause));
      if (!negation_of) return tl::unexpected(negation_of.error());
      *clause = std::move(*negation_of);
    }
    if (auto added = joined.add(op, std::move(**clause)); !added) {
      return tl::unexpected(added.error());
    }
  }
  sign_ = outer_sign;
  return joined.take();
}

SimpleParser::Read SimpleParser::read_clause(std::size_t end, std::size_t depth) {
  if (is(at_, '(', precedence)) return read_brackets(depth);
  if (is(at_, '"', phrase)) return read_phrase(end);
  if (is(at_, ')', precedence)) {
    ++at_;
    return std::nullopt;
  }
  return read_token(end);
}

/// A bracket that is never closed is passed over.
SimpleParser::Read SimpleParser::read_brackets(std::size_t depth) {
  const std::size_t close = closing_[at_++];
  if (close == kUnmatched) return std::nullopt;
  if (depth == kMaxQueryDepth) return tl::unexpected(too_deep({at_ - 1, at_}));
  auto inner = parse(close, depth + 1);
  at_ = close + 1;
  return inner;
}

/// A quote that is never closed is passed over.
SimpleParser::Read SimpleParser::read_phrase(std::size_t end) {
  const std::size_t begin = at_++;
  std::string words;
  std::size_t close = at_;
  while (close < end && text_[close] != '"') {
    if (is(close, '\\', escape) && close + 1 < end) ++close;
    words += text_[close++];
  }
  if (close >= end) return std::nullopt;
  at_ = close + 1;
  std::uint32_t slop = 0;
  if (at_ < end && is(at_, '~', near)) {
    const auto count = read_count(end);
    if (!count) return tl::unexpected(count.error());
    slop = *count;
  }
  if (words.empty()) return std::nullopt;
  return word_clause(phrase_condition(std::move(words), slop, {begin, at_}), {begin, at_},
                     conditions_);
}

SimpleParser::Read SimpleParser::read_token(std::size_t end) {
  const std::size_t begin = at_;
  std::string word;
  bool star = false;
  for (; at_ < end && !ends_token(at_); ++at_) {
    if (!word.empty() && is(at_, '~', fuzzy)) break;
    star = !word.empty() && is(at_, '*', prefix);
    if (is(at_, '\\', escape)) {
      if (++at_ == end) break;
    }
    word += text_[at_];
  }
  if (word.empty()) {
    at_ = std::max(at_, begin + 1);
    return std::nullopt;
  }
  if (at_ < end && is(at_, '~', fuzzy)) {
    const std::size_t tilde = at_;
    const auto edits = read_count(end);
    if (!edits) return tl::unexpected(edits.error());
    const bool without_number = at_ == tilde + 1;
    auto condition =
        fuzzy_condition(std::move(word), without_number ? kMaxEdits : *edits, {begin, tilde});
    return word_clause(std::move(condition), {begin, at_}, conditions_);
  }
  Condition condition;
  if (star) {
    word.pop_back();
    condition.op = Condition::Op::prefix;
  }
  condition.operand = loose(std::move(word), {begin, at_});
  return word_clause(std::move(condition), {begin, at_}, conditions_);
}

/// The number behind "~", up to the end of the token. Without one 2, but 0 where the text ends, and
/// 0 when it is no number: as in Lucene.
Result<std::uint32_t> SimpleParser::read_count(std::size_t end) {
  const std::size_t begin = ++at_;
  while (at_ < end && !ends_token(at_)) ++at_;
  if (at_ == begin) return at_ == end ? 0 : 2;
  return parse_number<std::uint32_t>(text_.substr(begin, at_ - begin)).value_or(0);
}

}  // namespace

Result<std::optional<Node>> parse_simple_syntax(std::string_view text,
                                                const ParseOptions& options) {
  if (auto fits = check_query_text(text); !fits) return tl::unexpected(fits.error());
  const std::size_t first = text.find_first_not_of(" \t\n\r");
  const bool star_alone = first != std::string_view::npos && text[first] == '*' &&
                          text.find_last_not_of(" \t\n\r") == first;
  if (star_alone) return Node{MatchAll{}, {first, first + 1}};
  auto clause = SimpleParser(text, options).parse(text.size(), 0);
  if (!clause) return tl::unexpected(clause.error());
  if (!*clause) return std::nullopt;
  return std::move((*clause)->node);
}

}  // namespace trailsift::query
