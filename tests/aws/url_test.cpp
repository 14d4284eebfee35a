#include "aws/url.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace trailsift::aws {
namespace {

bool is_safe(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("-_.~%").find(c) != std::string_view::npos;
}

TEST(Url, EncodesAllButUnreserved) {
  const struct {
    const char* text;
    const char* want;
    const char* want_path;
  } cases[] = {
      {"", "", ""},
      {"AZaz09-_.~", "AZaz09-_.~", "AZaz09-_.~"},
      {"a b", "a%20b", "a%20b"},
      {"a+b=c", "a%2Bb%3Dc", "a%2Bb%3Dc"},
      {"%2B", "%252B", "%252B"},
      {"a/b//c", "a%2Fb%2F%2Fc", "a/b//c"},
      {"ä€", "%C3%A4%E2%82%AC", "%C3%A4%E2%82%AC"},
      {"..", "..", ".."},
      {"*'()!", "%2A%27%28%29%21", "%2A%27%28%29%21"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(percent_encode(c.text), c.want) << c.text;
    EXPECT_EQ(percent_encode_path(c.text), c.want_path) << c.text;
  }
}

RC_GTEST_PROP(Url, EncodedTextIsSafeAndDecodesToItself, (const std::string& text)) {
  const std::string encoded = percent_encode(text);
  RC_ASSERT(std::ranges::all_of(encoded, is_safe));
  RC_ASSERT(*percent_decode(encoded) == text);
  const std::string path = percent_encode_path(text);
  RC_ASSERT(*percent_decode(path) == text);
  RC_ASSERT(std::ranges::count(path, '/') == std::ranges::count(text, '/'));
}

RC_GTEST_PROP(Url, ParametersAreSortedAndComplete,
              (const std::vector<std::pair<std::string, std::string>>& parameters)) {
  const std::string text = encode_parameters(parameters);
  Parameters read;
  std::vector<std::pair<std::string, std::string>> encoded;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('&', at), text.size());
    const std::string item = text.substr(at, end - at);
    const std::size_t equals = item.find('=');
    RC_ASSERT(equals != std::string::npos);
    encoded.emplace_back(item.substr(0, equals), item.substr(equals + 1));
    read.emplace_back(*percent_decode(encoded.back().first),
                      *percent_decode(encoded.back().second));
    at = end + 1;
  }
  RC_ASSERT(std::ranges::is_sorted(encoded));
  Parameters want = parameters;
  std::ranges::sort(want);
  std::ranges::sort(read);
  RC_ASSERT(read == want);
}

TEST(Url, RefusesBrokenEncoding) {
  for (const char* text : {"%", "%2", "%zz", "a%", "%+1", "%-1"})
    EXPECT_FALSE(percent_decode(text)) << text;
}

TEST(Url, ReadsOrigins) {
  const struct {
    const char* text;
    const char* want;  // "": refused
  } cases[] = {
      {"https://s3.example.net", "https://s3.example.net"},
      {"http://127.0.0.1:9000/", "http://127.0.0.1:9000"},
      {"http://[::1]:9000", "http://[::1]:9000"},
      {"https://example.net/base/", "https://example.net/base"},
      {"ftp://example.net", ""},
      {"example.net", ""},
      {"https://", ""},
      {"https://user@example.net", ""},
      {"https://example.net:0", ""},
      {"https://example.net:70000", ""},
      {"https://example.net:80:90", ""},
      {"https://example.net?x=1", ""},
      {"https://example.net/#x", ""},
      {"https://exa mple.net", ""},
      {"https://example.net\r\nx: y", ""},
      {"https://[::1", ""},
  };
  for (const auto& c : cases) {
    const auto origin = parse_origin(c.text);
    EXPECT_EQ(origin ? origin->text() : "", c.want) << c.text;
  }
}

}  // namespace
}  // namespace trailsift::aws
