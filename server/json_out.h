#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace trailsift::server {

/// Writes one JSON value, compact or indented. The calls must make a well-formed value; text that
/// is not UTF-8 has its bad bytes replaced.
class JsonOut {
 public:
  explicit JsonOut(bool pretty = false);
  ~JsonOut();
  JsonOut(const JsonOut&) = delete;
  JsonOut& operator=(const JsonOut&) = delete;

  void begin_object();
  void end_object();
  void begin_array();
  void end_array();
  void key(std::string_view name);
  void string(std::string_view text);
  void number(std::uint64_t value);
  void real(double value);  ///< Finite.
  void boolean(bool value);
  /// A value that is JSON already.
  void raw(std::string_view json);

  /// A member of an object.
  void member(std::string_view name, std::string_view text);
  void member(std::string_view name, std::uint64_t value);

  /// Bytes written so far.
  std::size_t size() const;
  std::string text() const;

 private:
  struct Writers;
  std::unique_ptr<Writers> writers_;
};

}  // namespace trailsift::server
