#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/sqs.h"
#include "schema/error.h"

namespace trailsift::aws {

/// An answer of ReceiveMessage. `corrupt`: it is none.
Result<std::vector<QueueMessage>> parse_messages(std::string_view json);

/// The failures in the answer to a batch of `size` entries whose ids are their numbers, "0", "1", …
/// An entry that the answer leaves out is one.
Result<std::vector<BatchOutcome>> parse_outcomes(std::string_view json, std::size_t size);

/// What a queue is called: "https://sqs.eu-west-1.amazonaws.com/111122223333/NAME".
struct QueueName {
  std::string url;      ///< "": to be looked up.
  std::string region;   ///< "": the session's.
  std::string account;  ///< "": the caller's.
  std::string name;
};

/// `is_overridden`: a URL may have any host, for it is not where the request goes to.
Result<QueueName> parse_queue(const std::string& queue, bool is_overridden);

}  // namespace trailsift::aws
