#include "indexer/extent_scanner.h"

namespace trailsift::indexer {
namespace {

// Deeper than this, brackets are only counted: a bomb must not take memory for its nesting.
constexpr std::size_t kMaxKnownDepth = 1UL << 16;

constexpr std::string_view kSpace = " \t\r\n";
// What numbers and the words true, false and null are written with.
constexpr std::string_view kScalarBytes = "0123456789+-.eEtrufalsn";

bool is_one_of(char byte, std::string_view set) {
  return set.find(byte) != std::string_view::npos;
}

}  // namespace

void ExtentScanner::feed(std::string_view piece) {
  std::size_t at = 0;
  while (at < piece.size() && state_ == State::open) {
    if (in_string_) {
      at = through_string(piece, at);
    } else if (ends_scalar(piece[at])) {
      finish();
      break;
    } else {
      take(piece[at++]);
    }
  }
  size_ += at;
}

void ExtentScanner::finish() {
  if (state_ != State::open || depth_ > 0 || in_string_ || last_ == '\0') return;
  state_ = suspicious_ ? State::broken : State::closed;
}

std::size_t ExtentScanner::through_string(std::string_view piece, std::size_t at) {
  while (at < piece.size()) {
    const char byte = piece[at++];
    if (escaped_) {
      escaped_ = false;
    } else if (byte == '\\') {
      escaped_ = true;
    } else if (byte == '"') {
      in_string_ = false;
      if (depth_ == 0) state_ = State::closed;
      break;
    }
    if (static_cast<unsigned char>(byte) < 0x20) suspicious_ = true;
  }
  return at;
}

void ExtentScanner::take(char byte) {
  if (is_one_of(byte, kSpace)) return;
  switch (byte) {
    case '"': in_string_ = true; break;
    case '{':
    case '[': open_bracket(byte); break;
    case '}':
    case ']': close_bracket(byte); break;
    case ',':
    case ':': break;
    default: suspicious_ = suspicious_ || !is_one_of(byte, kScalarBytes);
  }
  last_ = byte;
}

bool ExtentScanner::ends_scalar(char byte) const {
  return depth_ == 0 && last_ != '\0' && (is_one_of(byte, kSpace) || is_one_of(byte, ",:]}[{\""));
}

void ExtentScanner::open_bracket(char byte) {
  const bool expected = depth_ == 0 || (inside_object() ? last_ == ':' : is_one_of(last_, ",["));
  suspicious_ = suspicious_ || !expected;
  if (depth_++ < kMaxKnownDepth) objects_.push_back(byte == '{');
}

void ExtentScanner::close_bracket(char byte) {
  if (depth_ == 0 || (depth_ <= kMaxKnownDepth && inside_object() != (byte == '}'))) {
    state_ = State::broken;
    return;
  }
  if (depth_-- <= kMaxKnownDepth) objects_.pop_back();
  if (depth_ == 0) state_ = State::closed;
}

bool ExtentScanner::inside_object() const {
  return objects_.back();
}

}  // namespace trailsift::indexer
