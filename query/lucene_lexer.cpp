#include "query/lucene_lexer.h"

#include <utility>

namespace trailsift::query {
namespace {

constexpr std::string_view kSpace = " \t\n\r";
constexpr std::string_view kSigns = "+-!()[]{}:^~";
/// What ends a word: "+", "-" and "!" do not.
constexpr std::string_view kWordEnds = " \t\n\r()[]{}:^~\"";
constexpr std::string_view kRangeEnds = " \t\n\r]}";

bool is_in(char c, std::string_view characters) {
  return characters.find(c) != std::string_view::npos;
}

}  // namespace

void LuceneLexer::skip_space() {
  at_ = std::min(source_.find_first_not_of(kSpace, at_), source_.size());
}

LuceneToken LuceneLexer::broken(std::string message, Span at) {
  at_ = source_.size();
  return {LuceneKind::broken, std::move(message), at};
}

LuceneToken LuceneLexer::next() {
  skip_space();
  if (at_ == source_.size()) return {LuceneKind::end, {}, {at_, at_}};
  const char c = source_[at_];
  if (c == '"') return take_quoted();
  if (c == '/') {
    return broken("expected a word or '\\/', got '/': regular expressions are not supported",
                  {at_, at_ + 1});
  }
  if (!is_in(c, kSigns)) return take_word(kWordEnds, LuceneKind::word);
  ++at_;
  return {LuceneKind::sign, std::string(1, c), {at_ - 1, at_}, c};
}

LuceneToken LuceneLexer::next_in_range() {
  skip_space();
  if (at_ == source_.size()) return {LuceneKind::end, {}, {at_, at_}};
  const char c = source_[at_];
  if (c == '"') return take_quoted();
  if (!is_in(c, kRangeEnds)) return take_word(kRangeEnds, LuceneKind::range);
  ++at_;
  return {LuceneKind::sign, std::string(1, c), {at_ - 1, at_}, c};
}

LuceneToken LuceneLexer::take_number() {
  const std::size_t begin = at_;
  at_ = std::min(source_.find_first_not_of("0123456789.", at_), source_.size());
  return {LuceneKind::word, std::string(source_.substr(begin, at_ - begin)), {begin, at_}};
}

LuceneToken LuceneLexer::take_quoted() {
  const std::size_t begin = at_++;
  LuceneToken token{LuceneKind::quoted, {}, {}};
  for (; at_ < source_.size() && source_[at_] != '"'; ++at_) {
    if (source_[at_] == '\\' && ++at_ == source_.size()) break;
    token.text += source_[at_];
  }
  if (at_ >= source_.size()) {
    return broken("expected a closing '\"', got the end of the query", {begin, source_.size()});
  }
  token.at = {begin, ++at_};
  return token;
}

LuceneToken LuceneLexer::take_word(std::string_view stops, LuceneKind kind) {
  LuceneToken token{kind, {}, {at_, at_}};
  for (; at_ < source_.size() && !is_in(source_[at_], stops); ++at_) {
    char c = source_[at_];
    const bool escaped = c == '\\';
    if (escaped && ++at_ == source_.size()) {
      return broken("expected a character after '\\', got the end of the query", {at_ - 1, at_});
    }
    c = source_[at_];
    token.escaped = token.escaped || escaped;
    token.text += c;
    const bool wild = c == '*' || c == '?';
    if (wild && !escaped) ++token.wild;
    if ((escaped && wild) || c == '\\') token.pattern += '\\';
    token.pattern += c;
  }
  token.at.end = at_;
  return token;
}

}  // namespace trailsift::query
