#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace trailsift::indexer {

/// Finds where a JSON value ends by its strings and brackets alone, so that values which are not
/// quite JSON can be passed over. The value comes in pieces of any size.
class ExtentScanner {
 public:
  enum class State : std::uint8_t {
    open,    ///< The value goes on.
    closed,  ///< It ended: size() bytes.
    broken,  ///< A wrong bracket, or no value at all: there is no telling where it ends.
  };

  /// Takes the next piece of the value. Nothing is taken beyond the value's end.
  void feed(std::string_view piece);
  /// There is nothing more: a number or word may end here.
  void finish();

  State state() const { return state_; }
  std::size_t size() const { return size_; }

  /// True when the text cannot be JSON in a way that makes the quotes doubtful: bare words, line
  /// ends inside strings, brackets where none can open. The end that was found may then be wrong.
  bool suspicious() const { return suspicious_; }

 private:
  std::size_t through_string(std::string_view piece, std::size_t at);
  void take(char byte);
  bool ends_scalar(char byte) const;
  void open_bracket(char byte);
  void close_bracket(char byte);
  bool inside_object() const;

  State state_ = State::open;
  bool suspicious_ = false;
  bool in_string_ = false;
  bool escaped_ = false;
  char last_ = '\0';           // Last byte outside strings that is no white space.
  std::vector<bool> objects_;  // For each open bracket: whether it is a brace.
  std::size_t depth_ = 0;      // More than objects_ holds when nested absurdly deep.
  std::size_t size_ = 0;
};

}  // namespace trailsift::indexer
