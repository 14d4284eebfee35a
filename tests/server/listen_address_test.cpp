#include "server/listen_address.h"

#include <gtest/gtest.h>

namespace trailsift::server {
namespace {

TEST(ListenAddress, IsAnAddressAndAPort) {
  const struct {
    const char *text, *url;
    bool loopback;
  } kCases[] = {
      {"127.0.0.1:8080", "http://127.0.0.1:8080", true},
      {"localhost:0", "http://127.0.0.1:0", true},
      {"127.9.9.9:1", "http://127.9.9.9:1", true},
      {"[::1]:8080", "http://[::1]:8080", true},
      {"[::ffff:127.0.0.1]:80", "http://[::ffff:127.0.0.1]:80", true},
      {"0.0.0.0:80", "http://0.0.0.0:80", false},
      {"[::]:80", "http://[::]:80", false},
      {"198.51.100.7:65535", "http://198.51.100.7:65535", false},
      {"[::ffff:198.51.100.7]:80", "http://[::ffff:198.51.100.7]:80", false},
  };
  for (const auto& c : kCases) {
    const auto address = parse_listen_address(c.text);
    ASSERT_TRUE(address.has_value()) << c.text;
    EXPECT_EQ(url_of(*address), c.url);
    EXPECT_EQ(address->loopback, c.loopback) << c.text;
  }
}

TEST(ListenAddress, IsNothingElse) {
  for (const char* text : {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                           "127.0.0.1:-1", "127.0.0.1:8x", "::1:8080", "[::1]", "[::1]8080",
                           "[127.0.0.1]:80", "logs.example.com:80", "127.0.0.1:80:80", "[:80"}) {
    const auto address = parse_listen_address(text);
    ASSERT_FALSE(address.has_value()) << text;
    EXPECT_EQ(address.error().message,
              "expected an address to listen on such as 127.0.0.1:8080 or [::1]:8080, got '" +
                  std::string(text) + "'");
  }
}

TEST(TrustedHost, IsAnAddressLocalhostOrAllowed) {
  const struct {
    const char* host;
    bool trusted;
  } kCases[] = {
      {"localhost", true},
      {"LOCALHOST:8080", true},
      {"localhost.:80", true},
      {"search.localhost:80", true},
      {"127.0.0.1:8080", true},
      {"[::1]", true},
      {"[::1]:8080", true},
      {"198.51.100.7", true},
      {"logs.example.com", true},
      {"Logs.Example.com:443", true},
      {"example.com", false},
      {"evil.logs.example.com", false},
      {"localhost.example.net", false},
      {"notlocalhost", false},
      {"127.0.0.1.example.net", false},
      {"", false},
      {":80", false},
      {"localhost:80:80", false},
      {"localhost:x", false},
      {"[::1", false},
      {"localhost@example.net", false},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(is_trusted_host(c.host, {"logs.example.com"}), c.trusted) << c.host;
  }
}

}  // namespace
}  // namespace trailsift::server
