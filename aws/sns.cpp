#include "aws/sns.h"

#include <utility>

#include "aws/query_call.h"
#include "aws/xml.h"

namespace trailsift::aws {

Result<std::string> Sns::confirm_subscription(const std::string& topic_arn,
                                              const std::string& token,
                                              const std::stop_token& stop) {
  const auto arn = parse_arn(topic_arn, Service::sns);
  if (!arn) return tl::unexpected(arn.error());
  Caller& caller = session_.caller();
  Call call =
      make_query_call(caller, Service::sns, arn->region, {"ConfirmSubscription", "2010-03-31"},
                      {{"TopicArn", topic_arn}, {"Token", token}});
  call.names.resource = topic_arn;
  call.names.action = "sns:ConfirmSubscription";
  call.names.arn = topic_arn;
  const CallNames names = call.names;
  const auto response = caller.call(std::move(call), stop);
  if (!response) return tl::unexpected(response.error());
  const auto root = parse_xml(response->body);
  if (root) {
    for (const XmlElement& result : root->children) {
      if (const auto text = result.text_of("SubscriptionArn"); !text.empty())
        return std::string(text);
    }
  }
  return fail(ErrorCode::corrupt, cannot_call(names) + ": expected SubscriptionArn in the answer");
}

}  // namespace trailsift::aws
