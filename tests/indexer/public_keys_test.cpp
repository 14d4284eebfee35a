#include "indexer/public_keys.h"

#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/indexer/signing_key.h"
#include "tests/indexer/wrapping.h"
#include "tests/support/temp_directory.h"

namespace trailsift::indexer::testing {
namespace {

std::string pem(const std::string& name, const std::string& der) {
  return "-----BEGIN " + name + "-----\n" + base64(der) + "\n-----END " + name + "-----\n";
}

std::string listed(const std::vector<std::string>& values) {
  std::string rows;
  for (const std::string& value : values) {
    rows += (rows.empty() ? "" : ",") + ("{\"Fingerprint\":\"x\",\"Value\":\"" + value + "\"}");
  }
  return "{\"PublicKeyList\":[" + rows + "]}";
}

class PublicKeysTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<PublicKeys>> keys_in(std::string_view text) const {
    const auto path = directory_.path() / "key";
    std::ofstream(path, std::ios::binary) << text;
    return public_keys_of(path);
  }

  test::TempDirectory directory_;
};

TEST_F(PublicKeysTest, ComeInEveryForm) {
  const SigningKey key;
  const SigningKey other;
  const std::string forms[] = {
      key.pkcs1_der(),
      key.spki_der(),
      pem("RSA PUBLIC KEY", key.pkcs1_der()),
      pem("PUBLIC KEY", key.spki_der()),
      pem("PUBLIC KEY", other.spki_der()) + pem("RSA PUBLIC KEY", key.pkcs1_der()),
      listed({base64(key.pkcs1_der())}),
      listed({base64(other.pkcs1_der()), base64(key.spki_der())})};
  for (const std::string& form : forms) {
    const auto keys = keys_in(form);
    ASSERT_TRUE(keys) << keys.error().message;
    // CloudTrail names a key by the form that it lists, which a file need not have.
    for (const std::string& fingerprint : {md5_hex(key.pkcs1_der()), md5_hex(key.spki_der())}) {
      const auto der = (*keys)->find("us-east-1", fingerprint, Timestamp());
      ASSERT_TRUE(der) << fingerprint;
      EXPECT_TRUE(*is_signed("text", key.sign("text"), *der));
    }
    EXPECT_EQ((*keys)->find("us-east-1", "00", Timestamp()).error().code, ErrorCode::not_found);
  }
}

TEST_F(PublicKeysTest, ComeFromEveryFileOfADirectory) {
  const SigningKey one;
  const SigningKey two;
  std::ofstream(directory_.path() / "one.der", std::ios::binary) << one.pkcs1_der();
  std::ofstream(directory_.path() / "two.pem") << pem("PUBLIC KEY", two.spki_der());
  const auto keys = public_keys_of(directory_.path());
  ASSERT_TRUE(keys) << keys.error().message;
  EXPECT_TRUE((*keys)->find("r", md5_hex(one.pkcs1_der()), Timestamp()));
  EXPECT_TRUE((*keys)->find("r", md5_hex(two.pkcs1_der()), Timestamp()));
}

TEST_F(PublicKeysTest, RefuseWhatIsNone) {
  const SigningKey small(1024);
  const SigningKey key;
  const std::string wrong[] = {"",
                               "hello",
                               "{}",
                               listed({}),
                               listed({"****"}),
                               listed({base64(key.pkcs1_der()), base64("hello")}),
                               small.pkcs1_der(),
                               key.pkcs1_der() + "x",
                               "-----BEGIN PUBLIC KEY-----\nabc\n",
                               std::string((1 << 20) + 1, ' ')};
  for (const std::string& text : wrong) EXPECT_FALSE(keys_in(text)) << text.substr(0, 100);
  EXPECT_FALSE(public_keys_of(directory_.path() / "absent"));
}

TEST(Signature, IsOfThisTextByThisKey) {
  const SigningKey key;
  const SigningKey other;
  const std::string signature = key.sign("text");
  std::string upper = signature;
  for (char& c : upper) c = c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
  EXPECT_TRUE(*is_signed("text", signature, key.pkcs1_der()));
  EXPECT_TRUE(*is_signed("text", upper, key.spki_der()));
  EXPECT_FALSE(*is_signed("Text", signature, key.pkcs1_der()));
  EXPECT_FALSE(*is_signed("text", signature, other.pkcs1_der()));
  for (const std::string& wrong :
       {std::string(), std::string("zz"), std::string("5"), std::string("50"), signature + "00",
        signature.substr(2), std::string(4096, 'f')}) {
    EXPECT_FALSE(*is_signed("text", wrong, key.pkcs1_der())) << wrong;
  }
  EXPECT_EQ(is_signed("text", signature, "hello").error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace trailsift::indexer::testing
