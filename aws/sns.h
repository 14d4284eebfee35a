#pragma once

#include <stop_token>
#include <string>

#include "aws/session.h"
#include "schema/error.h"

namespace trailsift::aws {

/// Topics of SNS. Errors: aws/session.h. Any thread.
class Sns {
 public:
  explicit Sns(Session& session) : session_(session) {}

  /// Confirms a subscription by the API, in the topic's region, not by the URL of the message. The
  /// subscription's ARN. Needs sns:ConfirmSubscription.
  Result<std::string> confirm_subscription(const std::string& topic_arn, const std::string& token,
                                           const std::stop_token& stop);

 private:
  Session& session_;
};

}  // namespace trailsift::aws
