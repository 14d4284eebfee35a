#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trailsift::indexer::testing {

std::string base64(std::string_view bytes);
/// `text` as a JSON string, with its quotes.
std::string json_string(std::string_view text);

/// What a body is, or what a wrapping can carry at most.
enum class Content { json, text, bytes };

/// What carries a message: takes a body and gives the body that is delivered.
struct Wrapping {
  const char* name;
  std::string (*wrap)(const std::string& body);
  Content carries;
};

/// Every way in which a message can come to us, the bare one first.
const std::vector<Wrapping>& wrappings();

std::string in_sns(const std::string& body);
std::string in_sqs(const std::string& body);       ///< As Lambda gets it.
std::string in_firehose(const std::string& body);  ///< As the only record.
/// Records in the log events of CloudWatch Logs, without what is around it.
std::string log_events(const std::vector<std::string>& messages);
std::string in_awslogs(const std::string& gzipped);

}  // namespace trailsift::indexer::testing
