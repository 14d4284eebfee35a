#pragma once

#include <memory>

#include "server/http.h"

namespace trailsift::server {

/// Whether the client takes a body that is compressed by gzip.
bool accepts_gzip(const HttpRequest& request);

/// The bytes of another stream as one gzip member, in memory that does not grow with them. Of an
/// endless one each chunk can be read when it comes.
std::shared_ptr<BodyStream> gzip_stream(std::shared_ptr<BodyStream> plain);

/// Makes the answer's stream such a one for a client that takes it, and says so in its headers.
void compress(HttpResponse& answer, const HttpRequest& request);

}  // namespace trailsift::server
