#include "server/relaxed_json.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "schema/utf8.h"

namespace trailsift::server {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kWordEnd = " \t\r\n,:[]{}'\"";

class Parser {
 public:
  Parser(std::string_view text, std::size_t max_depth) : text_(text), max_depth_(max_depth) {}

  Result<RelaxedJson> parse_all() {
    auto value = parse_value(0);
    if (!value) return value;
    skip_space();
    if (position_ != text_.size()) return expected("end of text");
    return value;
  }

 private:
  Result<RelaxedJson> parse_value(std::size_t depth) {
    skip_space();
    const std::size_t begin = position_;
    if (depth > max_depth_) {
      return fail(
          ErrorCode::too_large,
          "arrays and objects are nested deeper than the limit of " + std::to_string(max_depth_),
          Span{begin, std::min(begin + 1, text_.size())});
    }
    auto value = parse_by_first_byte(depth);
    if (value) value->at = Span{begin, position_};
    return value;
  }

  Result<RelaxedJson> parse_by_first_byte(std::size_t depth) {
    switch (peek()) {
      case '{': return parse_object(depth);
      case '[': return parse_array(depth);
      case '\'':
      case '"': {
        auto text = parse_string();
        if (!text) return tl::unexpected(text.error());
        return RelaxedJson{RelaxedJson::Kind::string, {}, std::move(*text), {}, {}};
      }
      default: {
        std::string word = take_word();
        if (word.empty()) return expected("a value");
        return RelaxedJson{RelaxedJson::Kind::word, {}, std::move(word), {}, {}};
      }
    }
  }

  Result<RelaxedJson> parse_object(std::size_t depth) {
    RelaxedJson object{RelaxedJson::Kind::object, {}, {}, {}, {}};
    ++position_;
    while (!take('}')) {
      if (object.members.size() == kMaxRelaxedJsonMembers) {
        return fail(ErrorCode::too_large,
                    "an object has more than the limit of " +
                        std::to_string(kMaxRelaxedJsonMembers) + " members",
                    Span{position_, position_});
      }
      auto key = parse_key(object);
      if (!key) return tl::unexpected(key.error());
      if (!take(':')) return expected("':'");
      auto value = parse_value(depth + 1);
      if (!value) return value;
      object.members.push_back(RelaxedMember{std::move(*key), std::move(*value)});
      if (!take(',') && peek_after_space() != '}') return expected("',' or '}'");
    }
    return object;
  }

  Result<std::string> parse_key(const RelaxedJson& object) {
    skip_space();
    const std::size_t begin = position_;
    const bool quoted = peek() == '\'' || peek() == '"';
    auto key = quoted ? parse_string() : Result<std::string>(take_word());
    if (!key) return key;
    if (begin == position_) return expected("a key or '}'");
    const auto same = [&](const RelaxedMember& member) { return member.key == *key; };
    if (std::ranges::any_of(object.members, same)) {
      return fail(ErrorCode::bad_request, "key '" + *key + "' is there more than once",
                  Span{begin, position_});
    }
    return key;
  }

  Result<RelaxedJson> parse_array(std::size_t depth) {
    RelaxedJson array{RelaxedJson::Kind::array, {}, {}, {}, {}};
    ++position_;
    while (!take(']')) {
      auto item = parse_value(depth + 1);
      if (!item) return item;
      array.items.push_back(std::move(*item));
      if (!take(',') && peek_after_space() != ']') return expected("',' or ']'");
    }
    return array;
  }

  Result<std::string> parse_string() {
    const std::size_t begin = position_;
    const char quote = text_[position_++];
    std::string out;
    while (position_ < text_.size() && text_[position_] != quote) {
      if (text_[position_] != '\\') {
        out += text_[position_++];
      } else if (auto ok = parse_escape(out); !ok) {
        return tl::unexpected(ok.error());
      }
    }
    if (position_ == text_.size()) {
      return fail(ErrorCode::bad_request, std::string("expected a closing ") + quote,
                  Span{begin, position_});
    }
    ++position_;
    return out;
  }

  Result<void> parse_escape(std::string& out) {
    const std::size_t begin = position_++;
    const char escaped = peek();
    ++position_;
    switch (escaped) {
      case 'b': out += '\b'; return {};
      case 'f': out += '\f'; return {};
      case 'n': out += '\n'; return {};
      case 'r': out += '\r'; return {};
      case 't': out += '\t'; return {};
      case 'u': return parse_unicode_escape(out, begin);
      default: break;
    }
    if (position_ > text_.size()) {
      position_ = text_.size();
      return fail(ErrorCode::bad_request, "expected a character after '\\', got end of text",
                  Span{begin, position_});
    }
    out += escaped;
    return {};
  }

  Result<void> parse_unicode_escape(std::string& out, std::size_t begin) {
    auto code = take_hex4();
    const bool high = code && *code >= 0xD800 && *code < 0xDC00;
    if (high) {
      const bool more = text_.substr(position_).starts_with("\\u");
      if (more) position_ += 2;
      const auto low = more ? take_hex4() : std::nullopt;
      const bool pair = low && *low >= 0xDC00 && *low < 0xE000;
      code = pair ? std::optional(0x10000 + ((*code - 0xD800) << 10U) + (*low - 0xDC00))
                  : std::nullopt;
    }
    if (!code || (*code >= 0xDC00 && *code < 0xE000)) {
      return fail(ErrorCode::bad_request, "expected the code of a character after '\\u'",
                  Span{begin, std::min(position_, text_.size())});
    }
    append_utf8(out, *code);
    return {};
  }

  std::optional<std::uint32_t> take_hex4() {
    const std::string_view digits = text_.substr(position_, 4);
    std::uint32_t code = 0;
    const char* const last = digits.data() + digits.size();
    const auto [end, error] = std::from_chars(digits.data(), last, code, 16);
    if (digits.size() != 4 || error != std::errc() || end != last) return std::nullopt;
    position_ += 4;
    return code;
  }

  std::string take_word() {
    const std::size_t begin = position_;
    position_ = std::min(text_.find_first_of(kWordEnd, begin), text_.size());
    return std::string(text_.substr(begin, position_ - begin));
  }

  char peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }

  char peek_after_space() {
    skip_space();
    return peek();
  }

  bool take(char wanted) {
    skip_space();
    if (position_ == text_.size() || text_[position_] != wanted) return false;
    ++position_;
    return true;
  }

  void skip_space() {
    position_ = std::min(text_.find_first_not_of(kSpace, position_), text_.size());
  }

  tl::unexpected<Error> expected(std::string_view wanted) const {
    std::string message = "expected " + std::string(wanted) + ", got ";
    if (position_ >= text_.size()) {
      return fail(ErrorCode::bad_request, message + "end of text",
                  Span{text_.size(), text_.size()});
    }
    // The whole character, should it be of several bytes.
    std::size_t end = position_ + 1;
    while (end < text_.size() && continues_character(text_[end])) ++end;
    message += "'" + std::string(text_.substr(position_, end - position_)) + "'";
    return fail(ErrorCode::bad_request, std::move(message), Span{position_, end});
  }

  std::string_view text_;
  const std::size_t max_depth_;
  std::size_t position_ = 0;
};

}  // namespace

Result<RelaxedJson> parse_relaxed_json(std::string_view text, std::size_t max_bytes,
                                       std::size_t max_depth) {
  if (text.size() > max_bytes) {
    return fail(ErrorCode::too_large,
                "options are longer than the limit of " + std::to_string(max_bytes) + " bytes");
  }
  return Parser(text, max_depth).parse_all();
}

}  // namespace trailsift::server
