#include "indexer/sns_topic.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace trailsift::indexer::testing {
namespace {

const std::string kTopic = "arn:aws:sns:eu-west-1:111122223333:trail";
const std::string kHost = "https://sns.eu-west-1.amazonaws.com";
const std::string kToken = "2336412f37fb687f5d51e6e2425f004ae";

TEST(SnsTopic, IsReadFromItsArn) {
  const struct {
    std::string arn, host, name;
  } rows[] = {
      {kTopic, "sns.eu-west-1.amazonaws.com", "sns.amazonaws.com"},
      {"arn:aws:sns:af-south-1:111122223333:a.fifo", "sns.af-south-1.amazonaws.com",
       "sns-signing.af-south-1.amazonaws.com"},
      {"arn:aws-cn:sns:cn-north-1:111122223333:t", "sns.cn-north-1.amazonaws.com.cn",
       "sns-cn-north-1.amazonaws.com.cn"},
      {"arn:aws-us-gov:sns:us-gov-east-1:111122223333:t", "sns.us-gov-east-1.amazonaws.com",
       "sns-us-gov-west-1.amazonaws.com"},
  };
  for (const auto& row : rows) {
    const auto topic = read_sns_topic(row.arn);
    ASSERT_TRUE(topic) << row.arn;
    EXPECT_EQ(topic->arn, row.arn);
    EXPECT_EQ(topic->host, row.host);
    EXPECT_NE(std::ranges::find(topic->certificate_names, row.name), topic->certificate_names.end())
        << row.name;
  }
}

TEST(SnsTopic, NeedsAnArn) {
  const std::string arns[] = {
      "",
      "trail",
      "arn:aws:sqs:eu-west-1:111122223333:trail",
      "arn:aws:sns:*:111122223333:trail",
      "arn:aws:sns:eu-west-1:1111:trail",
      "arn:aws:sns:eu-west-1:11112222333x:trail",
      "arn:evil:sns:eu-west-1:111122223333:trail",
      "arn:aws-iso:sns:us-iso-east-1:111122223333:trail",
      "arn:aws:sns:eu-west-1:111122223333:",
      "arn:aws:sns:eu-west-1:111122223333:trail:subscription",
      "arn:aws:sns:eu-west-1:111122223333:tr ail",
      "arn:aws:sns:x.evil:111122223333:trail",
      "arn:aws:sns:evil.example/:111122223333:trail",
      "arn:aws:sns::111122223333:trail",
      "arn:aws:sns:eu-west-1:111122223333:" + std::string(300, 'x'),
  };
  for (const std::string& arn : arns) EXPECT_FALSE(read_sns_topic(arn)) << arn;
}

TEST(SnsTopic, TellsWhichUrlsConfirmASubscription) {
  const SnsTopic topic = *read_sns_topic(kTopic);
  const std::string begin = kHost + "/?";
  const std::string good[] = {
      begin + "Token=" + kToken + "&Action=ConfirmSubscription&TopicArn=" + kTopic,
      begin +
          "Action=ConfirmSubscription&TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A111122223333%3A"
          "trail&Token=" +
          kToken,
  };
  for (const std::string& url : good) {
    const auto got = subscribe_url(url, topic, kToken);
    ASSERT_TRUE(got) << url;
    EXPECT_EQ(*got, url);
  }
  const std::string tail = "Action=ConfirmSubscription&TopicArn=" + kTopic + "&Token=" + kToken;
  const std::string bad[] = {
      "",
      begin,
      begin + "Action=ConfirmSubscription",
      begin + tail + "&Token=" + kToken,
      begin + tail + "&AuthenticateOnUnsubscribe=true",
      begin + tail + "#x",
      begin + tail + " ",
      begin + "Action=DeleteTopic&TopicArn=" + kTopic + "&Token=" + kToken,
      begin + "Action=ConfirmSubscription&TopicArn=" + kTopic + "2&Token=" + kToken,
      begin + "Action=ConfirmSubscription&TopicArn=" + kTopic + "&Token=other",
      kHost + "/x?" + tail,
      "http://sns.eu-west-1.amazonaws.com/?" + tail,
      "https://sns.us-east-1.amazonaws.com/?" + tail,
      "https://sns.eu-west-1.amazonaws.com@evil.example/?" + tail,
      "https://sns.eu-west-1.amazonaws.com./?" + tail,
      "https://sns.eu-west-1.amazonaws.com:80/?" + tail,
      "https://169.254.169.254/?" + tail,
  };
  for (const std::string& url : bad) {
    const auto got = subscribe_url(url, topic, kToken);
    ASSERT_FALSE(got) << url;
    EXPECT_TRUE(got.error().message.starts_with("expected a SubscribeURL of the form")) << url;
  }
  EXPECT_FALSE(
      subscribe_url(begin + "Action=ConfirmSubscription&TopicArn=" + kTopic + "&Token=", topic, ""))
      << "a message without a token confirms nothing";
}

}  // namespace
}  // namespace trailsift::indexer::testing
