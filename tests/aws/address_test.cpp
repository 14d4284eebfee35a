#include "aws/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string>

#include <gtest/gtest.h>

namespace trailsift::aws {
namespace {

bool is_public(const std::string& text) {
  sockaddr_storage storage{};
  auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
  if (inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
  } else {
    EXPECT_EQ(inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr), 1) << text;
    v6->sin6_family = AF_INET6;
  }
  return is_public_address(reinterpret_cast<sockaddr&>(storage));
}

TEST(Address, KnowsWhatIsPublic) {
  for (const char* text : {"8.8.8.8", "52.94.236.248", "172.15.255.255", "172.32.0.0", "11.0.0.0",
                           "100.63.255.255", "100.128.0.0", "192.167.1.1", "169.253.1.1",
                           "2600:1f18::1", "2a05:d018::1", "::ffff:8.8.8.8", "64:ff9b::808:808"})
    EXPECT_TRUE(is_public(text)) << text;
}

TEST(Address, KnowsWhatIsNot) {
  for (const char* text : {"0.0.0.0",
                           "10.1.2.3",
                           "100.64.0.1",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.0.2.1",
                           "192.168.1.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.1",
                           "203.0.113.1",
                           "224.0.0.1",
                           "239.1.1.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "fe80::1",
                           "fc00::1",
                           "fd00:ec2::254",
                           "ff02::1",
                           "::ffff:127.0.0.1",
                           "::ffff:169.254.169.254",
                           "64:ff9b::a9fe:a9fe",
                           "2002:7f00:1::",
                           "2002:a9fe:a9fe::",
                           "2001:db8::1",
                           "2001::1",
                           "::127.0.0.1"})
    EXPECT_FALSE(is_public(text)) << text;
}

TEST(Address, SeesLiteralsHoweverTheyAreWritten) {
  for (const char* text : {"127.0.0.1", "127.1", "2130706433", "0x7f000001", "017700000001",
                           "[::1]", "[::ffff:10.0.0.1]", "169.254.169.254", "0"})
    EXPECT_TRUE(is_special_address_literal(text)) << text;
  for (const char* text : {"8.8.8.8", "sns.eu-west-1.amazonaws.com", "localhost", "[2600::1]"})
    EXPECT_FALSE(is_special_address_literal(text)) << text;
}

}  // namespace
}  // namespace trailsift::aws
