#include "server/refusal.h"

#include <utility>

#include "server/json_out.h"
#include "server/push_answer.h"

namespace trailsift::server {
namespace {

void write_detail(JsonOut& out, const Refusal& refusal) {
  if (!refusal.parameter.empty()) out.member("parameter", refusal.parameter);
  if (refusal.error.at) {
    out.key("at");
    out.begin_object();
    out.member("begin", refusal.error.at->begin);
    out.member("end", refusal.error.at->end);
    out.end_object();
  }
}

std::string own_body(const Refusal& refusal) {
  JsonOut out;
  out.begin_object();
  out.key("error");
  out.begin_object();
  out.member("code", name(refusal.error.code));
  out.member("message", refusal.error.message);
  write_detail(out, refusal);
  out.end_object();
  out.end_object();
  return out.text();
}

// Never a `code` at the top: AWS clients would take it for the name of the exception.
std::string cloudsearch_body(const Refusal& refusal, std::string_view request_id) {
  constexpr std::string_view kSyntax = "Syntax error in query: ";
  std::string message = refusal.error.message;
  if (refusal.error.code == ErrorCode::bad_query && !message.starts_with(kSyntax)) {
    message.insert(0, kSyntax);
  }
  JsonOut out;
  out.begin_object();
  out.key("error");
  out.begin_object();
  out.member("rid", request_id);
  out.member("code", name(refusal.error.code));
  out.member("message", "[*Deprecated*: Use the outer message field] " + message);
  write_detail(out, refusal);
  out.end_object();
  out.member("message", message);
  out.member("__type", "#SearchException");
  out.end_object();
  return out.text();
}

std::string documents_body(const Refusal& refusal) {
  // What some clients compare with.
  const std::string message =
      refusal.status == 413 ? "The Content-Length is too long" : refusal.error.message;
  JsonOut out;
  out.begin_object();
  out.member("status", "error");
  out.member("adds", std::uint64_t{0});
  out.member("deletes", std::uint64_t{0});
  out.key("errors");
  out.begin_array();
  out.begin_object();
  out.member("message", "[*Deprecated*: Use the outer message field] " + message);
  out.end_object();
  out.end_array();
  out.member("message", message);
  out.member("__type", "#DocumentServiceException");
  out.end_object();
  return out.text();
}

/// The names by which clients of Elasticsearch tell errors apart.
std::string_view elastic_type(ErrorCode code) {
  switch (code) {
    case ErrorCode::bad_query:
    case ErrorCode::bad_request: return "illegal_argument_exception";
    case ErrorCode::not_found: return "resource_not_found_exception";
    case ErrorCode::too_large: return "illegal_argument_exception";
    case ErrorCode::denied: return "security_exception";
    case ErrorCode::cancelled:
    case ErrorCode::unavailable: return "es_rejected_execution_exception";
    case ErrorCode::corrupt:
    case ErrorCode::io:
    case ErrorCode::internal: break;
  }
  return "exception";
}

std::string elastic_body(const Refusal& refusal, int status) {
  JsonOut out;
  out.begin_object();
  write_elastic_error(out, refusal);
  out.member("status", static_cast<std::uint64_t>(status));
  out.end_object();
  return out.text();
}

}  // namespace

void write_elastic_error(JsonOut& out, const Refusal& refusal) {
  const auto reason = [&] {
    out.member("type", elastic_type(refusal.error.code));
    out.member("reason", refusal.error.message);
  };
  out.key("error");
  out.begin_object();
  out.key("root_cause");
  out.begin_array();
  out.begin_object();
  reason();
  out.end_object();
  out.end_array();
  reason();
  write_detail(out, refusal);
  out.end_object();
}

tl::unexpected<Refusal> refuse(ErrorCode code, std::string message, std::string parameter) {
  return tl::unexpected(Refusal{Error{code, std::move(message), {}}, std::move(parameter)});
}

tl::unexpected<Refusal> refuse(Error error, std::string parameter) {
  return tl::unexpected(Refusal{std::move(error), std::move(parameter)});
}

int http_status(ErrorCode code, ErrorShape shape) {
  switch (code) {
    case ErrorCode::bad_query:
    case ErrorCode::bad_request: return 400;
    case ErrorCode::not_found: return 404;
    case ErrorCode::too_large:
      return shape == ErrorShape::cloudsearch || shape == ErrorShape::documents ? 400 : 413;
    case ErrorCode::denied: return 403;
    case ErrorCode::cancelled:
    case ErrorCode::unavailable: return 503;
    case ErrorCode::corrupt:
    case ErrorCode::io:
    case ErrorCode::internal: return 500;
  }
  return 500;
}

HttpResponse to_response(const Refusal& refusal, ErrorShape shape, std::string_view request_id) {
  HttpResponse response;
  response.status = refusal.status == 0 ? http_status(refusal.error.code, shape) : refusal.status;
  switch (shape) {
    case ErrorShape::own: response.body = own_body(refusal); break;
    case ErrorShape::cloudsearch: response.body = cloudsearch_body(refusal, request_id); break;
    case ErrorShape::documents: response.body = documents_body(refusal); break;
    case ErrorShape::elastic: response.body = elastic_body(refusal, response.status); break;
    case ErrorShape::firehose:
      response.body = firehose_body(request_id, refusal.error.message);
      break;
  }
  if (response.status == 503) response.headers.emplace_back("Retry-After", "1");
  if (response.status == 401) {
    response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"trailsift\"");
  }
  return response;
}

}  // namespace trailsift::server
