#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace trailsift {

/// SHA-256 of texts that come in pieces. One thread.
class Sha256 {
 public:
  Sha256();

  void update(std::string_view bytes);
  /// 64 lower-case hexadecimal digits. What follows is another text.
  std::string hex();

 private:
  void begin();

  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

std::string sha256_hex(std::string_view bytes);

/// Lower-case hexadecimal digits of bytes.
std::string hex_of(std::string_view bytes);

}  // namespace trailsift
