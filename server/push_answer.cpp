#include "server/push_answer.h"

#include <chrono>

#include "server/json_out.h"
#include "server/refusal.h"
#include "server/xml_out.h"

namespace trailsift::server {
namespace {

constexpr std::size_t kMaxFirehoseError = 8000;  // 8192 characters are allowed.

int status_of(PushRoute route, const Error& error) {
  switch (error.code) {
    case ErrorCode::bad_query:
    case ErrorCode::bad_request:
    case ErrorCode::corrupt: return 400;
    case ErrorCode::too_large: return 413;
    case ErrorCode::unavailable:
    case ErrorCode::cancelled: return route == PushRoute::sns ? 500 : 503;
    case ErrorCode::not_found:
    case ErrorCode::denied:  // To us, not to the sender.
    case ErrorCode::io:
    case ErrorCode::internal: return 500;
  }
  return 500;
}

std::string counts_body(const PushCaller& caller, const indexer::MessageOutcome& outcome) {
  JsonOut out;
  out.begin_object();
  out.member("name", caller.name);
  out.member("read", outcome.counts.read);
  out.member("indexed", outcome.counts.indexed);
  out.member("duplicates", outcome.counts.duplicates);
  out.member("filtered", outcome.counts.filtered);
  out.member("rejected", outcome.counts.rejected);
  out.member("bytes", outcome.counts.bytes);
  out.key("notices");
  out.begin_object();
  for (std::size_t i = 0; i < indexer::kNotices; ++i) {
    if (outcome.notices.at(i) == 0) continue;
    out.member(name(static_cast<indexer::Notice>(i)), outcome.notices.at(i));
  }
  out.end_object();
  out.end_object();
  return out.text();
}

std::string documents_json(const PushCaller& caller) {
  JsonOut out;
  out.begin_object();
  out.member("status", "success");
  out.member("adds", caller.adds);
  out.member("deletes", caller.deletes);
  if (!caller.warnings.empty()) {
    out.key("warnings");
    out.begin_array();
    for (const std::string& warning : caller.warnings) {
      out.begin_object();
      out.member("message", warning);
      out.end_object();
    }
    out.end_array();
  }
  out.end_object();
  return out.text();
}

std::string documents_xml(const PushCaller& caller) {
  XmlOut out;
  out.begin("response");
  out.attribute("status", "success");
  out.attribute("adds", caller.adds);
  out.attribute("deletes", caller.deletes);
  if (!caller.warnings.empty()) {
    out.begin("warnings");
    for (const std::string& warning : caller.warnings) out.element("warning", warning);
    out.end();
  }
  out.end();
  return out.take();
}

/// Every document was found good before, so that all of them are durable now, or were before.
HttpResponse documents_answer(const PushCaller& caller, const indexer::MessageOutcome& outcome) {
  if (outcome.counts.rejected > 0) {
    return to_response(Refusal{{ErrorCode::internal, "some documents could not be indexed", {}}},
                       ErrorShape::documents, caller.request_id);
  }
  return caller.xml ? HttpResponse{200, "application/xml", documents_xml(caller), {}}
                    : HttpResponse{200, "application/json", documents_json(caller), {}};
}

HttpResponse elastic_answer(const PushCaller& caller, const indexer::MessageOutcome& outcome) {
  if (outcome.counts.rejected == 0) return bulk_answer(*caller.bulk);
  return to_response(Refusal{{ErrorCode::internal, "some documents could not be indexed", {}}},
                     ErrorShape::elastic, caller.request_id);
}

}  // namespace

ErrorShape error_shape_of(PushRoute route) {
  switch (route) {
    case PushRoute::firehose: return ErrorShape::firehose;
    case PushRoute::documents: return ErrorShape::documents;
    case PushRoute::bulk: return ErrorShape::elastic;
    case PushRoute::sns:
    case PushRoute::awslogs:
    case PushRoute::ingest: break;
  }
  return ErrorShape::own;
}

HttpResponse answer_of(const PushCaller& caller, const indexer::MessageOutcome& outcome) {
  if (outcome.error) {
    const bool firehose = caller.route == PushRoute::firehose;
    return to_response(Refusal{*outcome.error, {}, status_of(caller.route, *outcome.error)},
                       error_shape_of(caller.route),
                       firehose ? caller.firehose_id : caller.request_id);
  }
  switch (caller.route) {
    case PushRoute::sns: return HttpResponse{200, "", "", {}};
    case PushRoute::firehose:
      return HttpResponse{200, "application/json", firehose_body(caller.firehose_id, ""), {}};
    case PushRoute::documents: return documents_answer(caller, outcome);
    case PushRoute::bulk: return elastic_answer(caller, outcome);
    case PushRoute::awslogs:
    case PushRoute::ingest: break;
  }
  return HttpResponse{200, "application/json", counts_body(caller, outcome), {}};
}

std::string firehose_body(std::string_view firehose_id, std::string_view error) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  JsonOut out;
  out.begin_object();
  out.member("requestId", firehose_id);
  out.member("timestamp", static_cast<std::uint64_t>(now.time_since_epoch().count()));
  if (!error.empty()) out.member("errorMessage", error.substr(0, kMaxFirehoseError));
  out.end_object();
  return out.text();
}

}  // namespace trailsift::server
