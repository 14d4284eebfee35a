// A test against the text that the documentation of SNS signs.
#include <string>

#include <gtest/gtest.h>

#include "indexer/sns_signature.h"

namespace trailsift::indexer::testing {
namespace {

TEST(SnsSignedText, HasTheMembersOfItsType) {
  SnsMessage message;
  message.message = "My Test Message\nof two lines";
  message.message_id = "4d4dc071-ddbf-465d-bba8-08f81c89da64";
  message.subject = "My subject";
  message.timestamp = "2019-01-31T04:37:04.321Z";
  message.topic_arn = "arn:aws:sns:us-east-2:123456789012:s4-MySNSTopic-1G1WEFCOXTC0P";
  message.token = "unused here";
  const std::string first =
      "Message\nMy Test Message\nof two lines\nMessageId\n4d4dc071-ddbf-465d-bba8-08f81c89da64\n";
  const std::string time = "Timestamp\n2019-01-31T04:37:04.321Z\n";
  const std::string last =
      "TopicArn\narn:aws:sns:us-east-2:123456789012:s4-MySNSTopic-1G1WEFCOXTC0P\nType\n";
  EXPECT_EQ(*signed_text(message),
            first + "Subject\nMy subject\n" + time + last + "Notification\n");
  message.subject.reset();
  EXPECT_EQ(*signed_text(message), first + time + last + "Notification\n");

  message.subject = "never signed";
  message.token = "2336412f37";
  message.subscribe_url = "https://sns.us-east-2.amazonaws.com/?Action=ConfirmSubscription";
  std::string middle = first + "SubscribeURL\n";
  middle += *message.subscribe_url + "\n";
  middle += time;
  middle += "Token\n2336412f37\n" + last;
  message.type = SnsType::subscription_confirmation;
  EXPECT_EQ(*signed_text(message), middle + "SubscriptionConfirmation\n");
  message.type = SnsType::unsubscribe_confirmation;
  EXPECT_EQ(*signed_text(message), middle + "UnsubscribeConfirmation\n");
  message.token.reset();
  EXPECT_EQ(signed_text(message).error().message, "expected a Token, got none");
}

}  // namespace
}  // namespace trailsift::indexer::testing
