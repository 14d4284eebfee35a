#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"

namespace trailsift::indexer {

/// A topic of SNS, and what follows from its ARN about those who may speak for it.
struct SnsTopic {
  std::string arn;
  std::string host;  ///< The endpoint of its region, such as "sns.eu-west-1.amazonaws.com".
  /// The names that certificates of its region have; one of them is enough.
  std::vector<std::string> certificate_names;
};

/// `arn:PARTITION:sns:REGION:ACCOUNT:NAME` of the partitions aws, aws-cn and aws-us-gov.
Result<SnsTopic> read_sns_topic(std::string_view arn);

/// The URL when it is one of the topic's signing certificates: https, the host of its region, and
/// the path that SNS uses, with nothing else in it. Anything more is somebody else's server.
Result<std::string> certificate_url(std::string_view url, const SnsTopic& topic);

/// The URL when it confirms a subscription to the topic with this token and does nothing else.
Result<std::string> subscribe_url(std::string_view url, const SnsTopic& topic,
                                  std::string_view token);

}  // namespace trailsift::indexer
