#include "aws/failure.h"

#include <algorithm>
#include <array>

#include "aws/endpoint.h"
#include "aws/json.h"
#include "aws/xml.h"
#include "schema/utf8.h"

namespace trailsift::aws {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view code, const std::array<std::string_view, N>& codes) {
  return std::ranges::find(codes, code) != codes.end();
}

constexpr std::array<std::string_view, 21> kPassing = {"SlowDown",
                                                       "Throttling",
                                                       "ThrottlingException",
                                                       "ThrottledException",
                                                       "RequestThrottled",
                                                       "RequestThrottledException",
                                                       "TooManyRequestsException",
                                                       "RequestLimitExceeded",
                                                       "BandwidthLimitExceeded",
                                                       "PriorRequestNotComplete",
                                                       "TransactionInProgressException",
                                                       "RequestTimeout",
                                                       "RequestTimeoutException",
                                                       "InternalError",
                                                       "InternalFailure",
                                                       "ServiceUnavailable",
                                                       "OverLimit",
                                                       "KMS.ThrottlingException",
                                                       "KmsThrottled",
                                                       "IDPCommunicationError",
                                                       "OperationAborted"};

constexpr std::array<std::string_view, 7> kStaleKeys = {
    "ExpiredToken",         "ExpiredTokenException",       "InvalidToken",
    "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId",
    "TokenRefreshRequired"};

constexpr std::array<std::string_view, 9> kWrongKeys = {
    "SignatureDoesNotMatch", "InvalidSignatureException",   "InvalidAccessKeyId",
    "InvalidClientTokenId",  "UnrecognizedClientException", "InvalidToken",
    "ExpiredToken",          "ExpiredTokenException",       "AuthFailure"};

constexpr std::array<std::string_view, 6> kMissingPermission = {
    "AccessDenied",          "AccessDeniedException",
    "AuthorizationError",    "AuthorizationErrorException",
    "UnauthorizedOperation", "Forbidden"};

constexpr std::array<std::string_view, 2> kWrongClock = {"RequestTimeTooSkewed", "RequestExpired"};

/// "com.amazonaws.sqs#QueueDoesNotExist" and "InvalidX:http://…" are QueueDoesNotExist, InvalidX.
std::string_view bare_code(std::string_view code) {
  code = code.substr(0, code.find(':'));
  return code.substr(std::min(code.rfind('#') + 1, code.size()));  // npos + 1 == 0
}

void read_xml(const std::string& body, Failure& failure) {
  const auto root = parse_xml(body);
  if (!root) return;
  const XmlElement* error = root->name == "Error" ? &*root : root->child("Error");
  if (error == nullptr) error = &*root;
  if (const XmlElement* errors = root->child("Errors"); errors != nullptr) {
    if (const XmlElement* first = errors->child("Error"); first != nullptr) error = first;
  }
  failure.code = error->text_of("Code");
  failure.message = error->text_of("Message");
  failure.bucket_region = error->text_of("Region");
  for (const auto* holder : {error, &*root}) {
    for (const std::string_view name : {"RequestId", "RequestID"}) {
      if (failure.request_id.empty()) failure.request_id = holder->text_of(name);
    }
  }
}

void read_json(const std::string& body, Failure& failure) {
  const auto document = parse_json_object(body);
  if (!document) return;
  failure.code = bare_code(string_member(*document, "__type"));
  if (failure.code.empty()) failure.code = bare_code(string_member(*document, "code"));
  failure.message = string_member(*document, "message");
  if (failure.message.empty()) failure.message = string_member(*document, "Message");
}

std::string_view code_of_status(int status) {
  if (status == 301 || status == 307) return "PermanentRedirect";
  if (status == 401 || status == 403) return "Forbidden";
  if (status == 404) return "NotFound";
  if (status == 412) return "PreconditionFailed";
  if (status == 429) return "TooManyRequestsException";
  if (status == 503) return "ServiceUnavailable";
  if (status >= 500) return "InternalError";
  return "";
}

bool means_absent(const Failure& failure) {
  return failure.status == 404 || failure.code.starts_with("NoSuch") ||
         failure.code.find("NotFound") != std::string::npos ||
         failure.code.find("NonExistent") != std::string::npos ||
         failure.code.find("DoesNotExist") != std::string::npos;
}

ErrorCode code_for(const Failure& failure) {
  if (remedy_of(failure) == Remedy::repeat) return ErrorCode::unavailable;
  if (failure.code == "InvalidObjectState") return ErrorCode::bad_request;  // Archived, and 403.
  if (is_one_of(failure.code, kWrongKeys) || is_one_of(failure.code, kMissingPermission) ||
      is_one_of(failure.code, kWrongClock))
    return ErrorCode::denied;
  if (means_absent(failure)) return ErrorCode::not_found;
  if (failure.status == 412) return ErrorCode::unavailable;  // Replaced while it was read.
  if (failure.status == 401 || failure.status == 403) return ErrorCode::denied;
  return ErrorCode::bad_request;
}

/// What the reader of the message can do.
std::string advice(const Failure& failure, const CallNames& call) {
  if (is_one_of(failure.code, kWrongClock)) return "; check the clock of this machine";
  if (is_one_of(failure.code, kWrongKeys))
    return call.credentials.empty() ? "" : "; check the credentials from " + call.credentials;
  if (!is_one_of(failure.code, kMissingPermission) || call.action.empty()) return "";
  if (failure.message.find("kms:Decrypt") != std::string::npos)
    return "; needs kms:Decrypt on the key that the message names";
  std::string text = "; needs " + call.action;
  if (!call.arn.empty()) text += " on " + call.arn;
  if (!call.credentials.empty()) text += " for the credentials from " + call.credentials;
  return text;
}

}  // namespace

Failure parse_failure(const HttpResponse& response) {
  Failure failure;
  failure.status = response.status;
  const std::size_t first = response.body.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && response.body[first] == '<') read_xml(response.body, failure);
  if (first != std::string::npos && response.body[first] == '{') read_json(response.body, failure);
  if (failure.code.empty()) failure.code = bare_code(response.header("x-amzn-errortype"));
  if (failure.code.empty()) failure.code = code_of_status(failure.status);
  for (const std::string_view name : {"x-amz-request-id", "x-amzn-requestid"}) {
    if (failure.request_id.empty()) failure.request_id = response.header(name);
  }
  if (const auto region = response.header("x-amz-bucket-region"); !region.empty())
    failure.bucket_region = region;
  if (!is_region_name(failure.bucket_region)) failure.bucket_region.clear();
  failure.code = printable_line(failure.code, 100);
  failure.message = printable_line(failure.message, kMaxMessageBytes);
  failure.request_id = printable_line(failure.request_id, 100);
  return failure;
}

Remedy remedy_of(const Failure& failure) {
  if (is_one_of(failure.code, kPassing)) return Remedy::repeat;
  // S3 answers HEAD without a word when a token has expired.
  if (is_one_of(failure.code, kStaleKeys) || (failure.status == 400 && failure.code.empty()))
    return Remedy::new_credentials;
  if (failure.status == 429 || (failure.status >= 500 && failure.status != 501))
    return Remedy::repeat;
  return Remedy::none;
}

std::string cannot_call(const CallNames& call) {
  std::string text = "cannot call " + call.service + " " + call.operation;
  if (!call.resource.empty()) text += " for '" + printable_line(call.resource, 2'000) + "'";
  return text;
}

Error to_error(const Failure& failure, const CallNames& call) {
  std::string text = cannot_call(call) + ": ";
  text += failure.code.empty() ? "status " + std::to_string(failure.status) : failure.code;
  if (!failure.message.empty()) text += ": " + failure.message;
  if (!failure.request_id.empty()) text += " (request id " + failure.request_id + ")";
  return {code_for(failure), text + advice(failure, call), {}};
}

std::string printable_line(std::string_view text, std::size_t max_bytes) {
  return without_controls(beginning_of(text, max_bytes));
}

}  // namespace trailsift::aws
