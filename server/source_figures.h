#pragma once

#include <string_view>
#include <vector>

#include "indexer/intake.h"
#include "indexer/sqs_poller.h"
#include "server/json_out.h"
#include "server/sources.h"

namespace trailsift::server {

/// What a server's sources have done since it started.
struct SourceFigures {
  std::vector<std::string_view> push;  ///< The open routes.
  indexer::IntakeFigures intake;
  std::vector<indexer::SqsPollerFigures> queues;
};

SourceFigures read_sources(Sources& sources);

/// As `sources` of GET /api/status has it: an object.
void write_sources(JsonOut& out, const SourceFigures& figures);

}  // namespace trailsift::server
