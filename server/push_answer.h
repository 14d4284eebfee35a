#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/intake.h"
#include "server/elastic_bulk.h"
#include "server/http.h"
#include "server/refusal.h"
#include "server/sources.h"

namespace trailsift::server {

/// Whom an answer is for.
struct PushCaller {
  PushRoute route = PushRoute::ingest;
  std::string name;         ///< IncomingMessage::name of what was posted.
  std::string firehose_id;  ///< The id that Firehose gave its request; "": none.
  std::string request_id;   ///< Ours.
  std::uint64_t adds = 0;   ///< Operations of a batch of documents.
  std::uint64_t deletes = 0;
  std::vector<std::string> warnings = {};  ///< About a batch of documents.
  std::shared_ptr<BulkCall> bulk = {};     ///< Of a bulk request.
  bool xml = false;                        ///< Whether a batch's answer is to be XML.
};

/// How the errors of a route are told.
ErrorShape error_shape_of(PushRoute route);

/// What a sender is told once it is known what became of the message: 200 when nothing of it may be
/// lost any more, else an error in the shape of the route. Its status tells whether the same
/// message may succeed later (5xx).
HttpResponse answer_of(const PushCaller& caller, const indexer::MessageOutcome& outcome);

/// An answer as Firehose wants it; `error` "": all is well.
std::string firehose_body(std::string_view firehose_id, std::string_view error);

}  // namespace trailsift::server
