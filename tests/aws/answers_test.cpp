// What the services answer, read without a server: what is right, and what is not.
#include <string>

#include <gtest/gtest.h>

#include "aws/cloudtrail_json.h"
#include "aws/credentials_chain.h"
#include "aws/s3_xml.h"
#include "aws/sqs_json.h"
#include "aws/sts.h"
#include "aws/xml.h"

namespace trailsift::aws {
namespace {

TEST(Answers, ListingsAreDecodedWhereTheySayThatTheyAreEncoded) {
  const std::string object =
      "<Contents><Key>a+b%2Bc%0A</Key><Size>5</Size><ETag>&quot;e&quot;</ETag>"
      "<LastModified>2021-07-29T23:53:26.000Z</LastModified></Contents>";
  const auto read = [&](const std::string& head) {
    return parse_list_page("<ListBucketResult>" + head + object +
                           "<CommonPrefixes><Prefix>p%2F</Prefix></CommonPrefixes>"
                           "</ListBucketResult>");
  };
  const auto encoded = read("<EncodingType>url</EncodingType>");
  ASSERT_TRUE(encoded) << encoded.error().message;
  EXPECT_EQ(encoded->objects.at(0).key, "a b+c\n");
  EXPECT_EQ(encoded->objects.at(0).etag, "e");
  EXPECT_EQ(encoded->common_prefixes.at(0), "p/");
  const auto plain = read("");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->objects.at(0).key, "a+b%2Bc%0A");
}

TEST(Answers, RefusesListingsThatAreNone) {
  const char* cases[] = {
      "",
      "<ListBucketResult>",
      "<Error/>",
      "{}",
      "<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>",
      "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
      "<ListBucketResult><Contents><Key>a</Key><Size>-1</Size>"
      "<LastModified>2021-07-29T23:53:26Z</LastModified></Contents></ListBucketResult>",
      "<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>%</Key><Size>1</Size>"
      "<LastModified>2021-07-29T23:53:26Z</LastModified></Contents></ListBucketResult>"};
  for (const char* text : cases) {
    const auto page = parse_list_page(text);
    ASSERT_FALSE(page) << text;
    EXPECT_EQ(page.error().code, ErrorCode::corrupt) << text;
  }
}

TEST(Answers, XmlIsBounded) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  EXPECT_FALSE(parse_xml(deep));
  std::string closed = deep;
  for (int i = 0; i < 100'000; ++i) closed += "</a>";
  EXPECT_FALSE(parse_xml(closed));
  const auto entities = parse_xml("<!DOCTYPE a [<!ENTITY x \"lol\">]><a>&x;&amp;</a>");
  ASSERT_TRUE(entities);
  EXPECT_EQ(entities->text, "&x;&");
}

TEST(Answers, MessagesOfAQueue) {
  const auto none = parse_messages("{}");
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty());
  const auto one = parse_messages(
      R"({"Messages":[{"MessageId":"m","ReceiptHandle":"r","Body":"b\u0000c",
          "Attributes":{"ApproximateReceiveCount":"3","SentTimestamp":"1627602806000"}}]})");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->at(0).receive_count, 3U);
  EXPECT_EQ(one->at(0).body, std::string("b\0c", 3));
  EXPECT_EQ(format_time(one->at(0).sent), "2021-07-29T23:53:26Z");
  for (const char* text : {"", "[]", R"({"Messages":5})", R"({"Messages":[5]})"})
    EXPECT_FALSE(parse_messages(text)) << text;
}

TEST(Answers, BatchesTellOfEachEntry) {
  const auto outcomes = parse_outcomes(
      R"({"Successful":[{"Id":"0"},{"Id":"7"},{"Id":"x"}],
          "Failed":[{"Id":"2","Code":"Gone","Message":"m","SenderFault":true},{"Id":"2"}]})",
      3);
  ASSERT_TRUE(outcomes);
  ASSERT_EQ(outcomes->size(), 2U);
  EXPECT_EQ(outcomes->at(0).index, 2U);
  EXPECT_EQ(outcomes->at(0).code, "Gone");
  EXPECT_TRUE(outcomes->at(0).sender_fault);
  EXPECT_EQ(outcomes->at(1).index, 1U);
  EXPECT_EQ(outcomes->at(1).code, "NotAnswered");
}

TEST(Answers, PublicKeys) {
  const auto page = parse_public_keys(
      R"({"PublicKeyList":[{"Value":"MIIB","ValidityStartTime":1627602806.5,
          "ValidityEndTime":1627602807,"Fingerprint":"f"}],"NextToken":"n"})");
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->keys.at(0).der, "\x30\x82\x01");
  EXPECT_EQ(format_time(page->keys.at(0).valid_from), "2021-07-29T23:53:26.500Z");
  EXPECT_EQ(page->next_token, "n");
  for (const char* text :
       {"{}", R"({"PublicKeyList":[{"Value":"not base64!","Fingerprint":"f"}]})",
        R"({"PublicKeyList":[{"Value":"MIIB","ValidityStartTime":-1,"ValidityEndTime":1e300,
            "Fingerprint":"f"}]})"})
    EXPECT_FALSE(parse_public_keys(text)) << text;
}

TEST(Answers, CredentialsOfEndpoints) {
  const auto keys = parse_endpoint_credentials(
      R"({"AccessKeyId":"AKIAEXAMPLE","SecretAccessKey":"s","Token":"t",
          "Expiration":"2021-07-29T23:53:26Z"})",
      "the test");
  ASSERT_TRUE(keys) << keys.error().message;
  EXPECT_EQ(keys->session_token, "t");
  EXPECT_TRUE(keys->expires);
  for (const char* text :
       {"", "{}", R"({"AccessKeyId":"A","SecretAccessKey":"wJal\r\nr"})",
        R"({"AccessKeyId":"A","SecretAccessKey":"wJalr","Expiration":"soon"})"}) {
    const auto bad = parse_endpoint_credentials(text, "the test");
    ASSERT_FALSE(bad) << text;
    EXPECT_EQ(bad.error().message.find("wJal"), std::string::npos) << bad.error().message;
  }
}

TEST(Answers, CredentialsThatExpireFarFromNow) {
  const Instant now = std::chrono::system_clock::now();
  for (const std::string year : {"0000", "1010", "1677", "2263", "9999"}) {
    const auto keys =
        parse_endpoint_credentials(R"({"AccessKeyId":"A","SecretAccessKey":"s","Expiration":")" +
                                       year + R"(-07-29T00:00:00Z"})",
                                   "the test");
    ASSERT_TRUE(keys) << keys.error().message;
    ASSERT_TRUE(keys->expires);
    EXPECT_EQ(*keys->expires > now, year > "2000") << year;
  }
}

TEST(Answers, CredentialsOfSts) {
  const std::string xml =
      "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId>"
      "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
      "<Expiration>2021-07-29T23:53:26Z</Expiration></Credentials></AssumeRoleResult>"
      "</AssumeRoleResponse>";
  const auto keys = parse_sts_credentials(xml);
  ASSERT_TRUE(keys) << keys.error().message;
  EXPECT_EQ(keys->access_key_id, "A");
  EXPECT_FALSE(parse_sts_credentials("<AssumeRoleResponse/>"));
}

}  // namespace
}  // namespace trailsift::aws
