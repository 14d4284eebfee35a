#include "query/network.h"

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace trailsift::query {
namespace {

struct Case {
  std::string_view network;
  std::string_view address;
  bool contains;
};

TEST(Network, ContainsAddresses) {
  const std::vector<Case> cases = {
      {"198.51.100.0/24", "198.51.100.7", true},
      {"198.51.100.0/24", "198.51.101.7", false},
      {"198.51.100.99/24", "198.51.100.7", true},  // Bits behind the first ones do not count.
      {"198.51.100.0/25", "198.51.100.128", false},
      {"198.51.100.128/25", "198.51.100.129", true},
      {"0.0.0.0/0", "203.0.113.1", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"::/0", "2001:db8::1", true},
      {"::/0", "203.0.113.1", true},  // Mapped, as all of IPv4 is.
      {"203.0.113.1", "203.0.113.1", true},
      {"203.0.113.1", "203.0.113.2", false},
      {"203.0.113.1/32", "::ffff:203.0.113.1", true},
      {"2001:db8::/32", "2001:DB8:ffff::", true},
      {"2001:db8::/32", "2001:db9::", false},
      {"2001:db8::1", "2001:0db8:0:0:0:0:0:1", true},
      {"2001:db8::/33", "2001:db8:8000::", false},
      {"198.51.100.0/24", "s3.amazonaws.com", false},
      {"0.0.0.0/0", "AWS Internal", false},
      {"0.0.0.0/0", "", false},
      {"0.0.0.0/0", "198.51.100.7, 198.51.100.8", false},
      {"0.0.0.0/0", "198.51.100.0/24", false},
      {"0.0.0.0/0", "198.51.100", false},
  };
  for (const auto& [text, address, contains] : cases) {
    const auto network = Network::parse(text);
    ASSERT_TRUE(network) << text;
    EXPECT_EQ(network->contains(address), contains) << text << " " << address;
    EXPECT_EQ(Network::parse(network->to_string()), network) << network->to_string();
  }
}

TEST(Network, PrintsItsShortestForm) {
  EXPECT_EQ(Network::parse("198.51.100.99/24")->to_string(), "198.51.100.0/24");
  EXPECT_EQ(Network::parse("198.51.100.99")->to_string(), "198.51.100.99/32");
  EXPECT_EQ(Network::parse("0.0.0.0/0")->to_string(), "0.0.0.0/0");
  EXPECT_EQ(Network::parse("2001:0DB8::0:1/64")->to_string(), "2001:db8::/64");
  EXPECT_EQ(Network::parse("::/0")->to_string(), "::/0");
}

TEST(Network, RefusesWhatIsNone) {
  for (const std::string_view text :
       {"", "/", "/8", "198.51.100.0/", "198.51.100.0/33", "198.51.100.0/-1", "198.51.100.0/8x",
        "2001:db8::/129", "198.51.100/24", "198.51.100.256", "fe80::1%eth0", "arn:aws",
        "198.51.100.0/8/8", "0x7f.1"}) {
    EXPECT_FALSE(Network::parse(text)) << text;
  }
}

}  // namespace
}  // namespace trailsift::query
