#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "schema/error.h"
#include "server/http.h"
#include "server/json_out.h"

namespace trailsift::server {

/// A request that is not answered, and what its client is told.
struct Refusal {
  Error error;
  std::string parameter = {};  ///< Whose value is wrong; `error.at` is a position in it.
  int status = 0;              ///< 0: as http_status() says.
};

template <class T>
using Checked = tl::expected<T, Refusal>;

tl::unexpected<Refusal> refuse(ErrorCode code, std::string message, std::string parameter = {});
tl::unexpected<Refusal> refuse(Error error, std::string parameter = {});

/// How errors are told: in our own shape; in that of CloudSearch, where everything that is the
/// client's fault is a 400 and a modelled SearchException, or for documents a
/// DocumentServiceException; as Firehose wants its answers; or as Elasticsearch has them.
enum class ErrorShape : std::uint8_t { own, cloudsearch, documents, firehose, elastic };

int http_status(ErrorCode code, ErrorShape shape);

/// `request_id` is the one that the shape shows: for `firehose` the one that Firehose sent.
HttpResponse to_response(const Refusal& refusal, ErrorShape shape, std::string_view request_id);

/// The member `error` of Elasticsearch's shape.
void write_elastic_error(JsonOut& out, const Refusal& refusal);

}  // namespace trailsift::server
