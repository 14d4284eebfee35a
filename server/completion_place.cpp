#include "server/completion_place.h"

#include <algorithm>
#include <vector>

namespace trailsift::server {
namespace {

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

/// Reads a query from left to right and keeps what the cursor will have to know.
class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  CompletionPlace run() {
    while (position_ < text_.size()) {
      const char c = text_[position_];
      if (c == '\'' || c == '"') {
        if (!pass_quoted(c)) return place_;
      } else if (c == '(') {
        open();
      } else if (c == ')') {
        close();
      } else if (is_word(c)) {
        pass_word();
      } else {
        end_value(c);
        ++position_;
      }
    }
    return word_at_end();
  }

 private:
  static bool is_word(char c) {
    return c != ' ' && c != '\t' && c != '\n' && c != ',' && c != '[' && c != '{';
  }

  /// False when the quote is still open at the end: then the place is inside it.
  bool pass_quoted(char quote) {
    const std::size_t begin = ++position_;
    while (position_ < text_.size() && text_[position_] != quote) {
      position_ += text_[position_] == '\\' ? 2 : 1;
    }
    if (position_ >= text_.size()) {
      place_ = {field(), std::string(text_.substr(begin)), begin, text_.size(), quote};
      return false;
    }
    ++position_;
    named_.clear();
    operand_.clear();
    return true;
  }

  void open() {
    ++position_;
    groups_.push_back(named_);
    named_.clear();
    operand_.clear();
  }

  void close() {
    ++position_;
    if (!groups_.empty()) groups_.pop_back();
    named_.clear();
    operand_.clear();
  }

  /// A word may be `name:`, with its value behind it, or `field=name`.
  void pass_word() {
    const std::size_t begin = position_;
    const bool is_value = !named_.empty() && begin == value_begin_;
    while (position_ < text_.size() && is_word(text_[position_]) && text_[position_] != '(' &&
           text_[position_] != ')' && text_[position_] != '\'' && text_[position_] != '"') {
      const bool ends_name = !is_value && text_[position_] == ':' &&
                             is_field_name(text_.substr(begin, position_ - begin));
      ++position_;
      if (!ends_name) continue;
      named_ = text_.substr(begin, position_ - 1 - begin);
      value_begin_ = position_;
      return;
    }
    const std::string_view word = text_.substr(begin, position_ - begin);
    constexpr std::string_view kField = "field=";
    if (word.starts_with(kField) && position_ < text_.size()) {
      operand_ = word.substr(kField.size());
    }
  }

  static bool is_field_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, is_name);
  }

  void end_value(char c) {
    const bool space = c == ' ' || c == '\t' || c == '\n';
    if (space && value_begin_ != position_) named_.clear();
  }

  /// Whose value comes next.
  std::string field() const {
    if (!named_.empty()) return named_;
    if (!operand_.empty()) return operand_;
    return groups_.empty() ? std::string() : groups_.back();
  }

  CompletionPlace word_at_end() const {
    std::size_t begin = text_.size();
    while (begin > 0 && is_word(text_[begin - 1]) && text_[begin - 1] != '(' &&
           text_[begin - 1] != ')' && text_[begin - 1] != '\'' && text_[begin - 1] != '"' &&
           !(text_[begin - 1] == ':' && begin == value_begin_)) {
      --begin;
    }
    constexpr std::string_view kField = "field=";
    if (text_.substr(begin).starts_with(kField)) {
      begin += kField.size();
      return {{}, std::string(text_.substr(begin)), begin, text_.size(), '\0'};
    }
    return {field(), std::string(text_.substr(begin)), begin, text_.size(), '\0'};
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::string named_;                // The field whose value is next.
  std::string operand_;              // Of `field=` in this group.
  std::vector<std::string> groups_;  // The field that each open group is about, or "".
  std::size_t value_begin_ = std::string_view::npos;
  CompletionPlace place_;
};

}  // namespace

CompletionPlace find_completion(std::string_view text, std::size_t cursor) {
  const std::string_view before = text.substr(0, std::min(cursor, text.size()));
  return Scan(before).run();
}

}  // namespace trailsift::server
