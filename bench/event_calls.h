#pragma once

#include <span>
#include <string_view>

namespace trailsift::bench {

/// One API call as it appears in CloudTrail. Texts are JSON in which `$name` stands for a value
/// of a slot (bench/event_world.h).
struct CallTemplate {
  std::string_view name;    ///< eventName
  std::string_view source;  ///< eventSource without ".amazonaws.com".
  char effect;  ///< 'r' read-only, 'w' changing, 'd' data event that reads, 'p' that puts.
  std::string_view
      callers;  ///< Letters of Caller (bench/event_identity.h); each is equally likely.
  std::string_view service;    ///< The service that calls, when the caller is one.
  std::string_view request;    ///< requestParameters
  std::string_view response;   ///< responseElements on success.
  std::string_view resources;  ///< The array `resources`, or "".
  std::string_view error;      ///< errorCode of a failure, or "" when it never fails.
  double error_rate;           ///< Share of calls that fail.
};

/// The calls, most frequent first: their frequency falls as 1/rank.
std::span<const CallTemplate> call_templates();

}  // namespace trailsift::bench
