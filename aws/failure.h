#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/http_client.h"
#include "schema/error.h"

namespace trailsift::aws {

/// What AWS says when it does not do what it was asked to.
struct Failure {
  int status = 0;
  std::string code;     ///< Such as "AccessDenied"; from the status when the answer names none.
  std::string message;  ///< One line, cut at kMaxMessageBytes.
  std::string request_id;
  std::string bucket_region;  ///< Where S3 says that the bucket is, or "".
};

constexpr std::size_t kMaxMessageBytes = 500;

/// Of an answer that is not 2xx, in any of AWS's shapes: S3's XML, the XML of the query protocol,
/// JSON, or no body at all. Any bytes.
Failure parse_failure(const HttpResponse& response);

enum class Remedy : std::uint8_t {
  none,             ///< The same call would fail again.
  repeat,           ///< AWS failed or throttled.
  new_credentials,  ///< These are expired or revoked.
};
Remedy remedy_of(const Failure& failure);

/// What a failed call was about, for its message.
struct CallNames {
  std::string service;      ///< "s3"
  std::string operation;    ///< "GetObject"
  std::string resource;     ///< "s3://bucket/key"; "": none.
  std::string action;       ///< What IAM must allow: "s3:GetObject"; "": nothing.
  std::string arn;          ///< On what: "arn:aws:s3:::bucket/key".
  std::string credentials;  ///< Where they are from; "": unsigned.
};

/// The failure as the caller gets it.
Error to_error(const Failure& failure, const CallNames& call);

/// "cannot call s3 GetObject for 's3://bucket/key'"
std::string cannot_call(const CallNames& call);

/// One line of text from outside, fit for a terminal and a log: without control characters, cut
/// at `max_bytes`.
std::string printable_line(std::string_view text, std::size_t max_bytes);

}  // namespace trailsift::aws
