#include "server/push_answer.h"

#include <chrono>

#include "server/json_out.h"
#include "server/refusal.h"

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

}  // namespace

HttpResponse answer_of(const PushCaller& caller, const indexer::MessageOutcome& outcome) {
  if (outcome.error) {
    const bool firehose = caller.route == PushRoute::firehose;
    return to_response(Refusal{*outcome.error, {}, status_of(caller.route, *outcome.error)},
                       firehose ? ErrorShape::firehose : ErrorShape::own,
                       firehose ? caller.firehose_id : caller.request_id);
  }
  switch (caller.route) {
    case PushRoute::sns: return HttpResponse{200, "", "", {}};
    case PushRoute::firehose:
      return HttpResponse{200, "application/json", firehose_body(caller.firehose_id, ""), {}};
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
