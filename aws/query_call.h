#pragma once

#include <string>
#include <string_view>

#include "aws/call.h"
#include "aws/url.h"

namespace trailsift::aws {

/// An operation of the query protocol and the version of the service's API.
struct QueryOperation {
  std::string name;
  std::string_view version;
};

/// A POST of a form, as STS and SNS take it.
Call make_query_call(const Caller& caller, Service service, const std::string& region,
                     const QueryOperation& operation, Parameters parameters);

/// A POST of JSON. `target`: "AmazonSQS.ReceiveMessage"; the part behind the last '.' is the
/// operation.
Call make_json_call(const Caller& caller, Service service, const std::string& region,
                    const std::string& target, std::string body);

/// The parts of arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE. `bad_request` when `text` is none of
/// `service`, or region or account have not the shape of one.
struct Arn {
  std::string region;
  std::string account;
  std::string resource;
};
Result<Arn> parse_arn(std::string_view text, Service service);

}  // namespace trailsift::aws
