#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "indexer/intake.h"
#include "server/http.h"
#include "server/push_answer.h"
#include "server/refusal.h"

namespace trailsift::server {

/// What was posted, and whom to answer.
struct PushedMessage {
  indexer::IncomingMessage message;
  PushCaller caller;
  /// Of a batch of documents: ids of those that the message has, and of those to be deleted.
  std::vector<std::string> added = {};
  std::vector<std::string> removed = {};
};

/// Takes the message out of a request whose sender is known; `query` is that of its URL. Refused:
/// an empty body, one in an encoding other than gzip, a request of Firehose without an id.
Checked<PushedMessage> read_push(PushRoute route, HttpRequest request, std::string_view query,
                                 const std::string& request_id);

/// The refusal of a request whose Content-Encoding is not understood.
Checked<void> check_encoding(const HttpRequest& head);

/// What a message is called: its route and `id`, in which everything but ASCII letters, digits and
/// `._-/=+@,` is '_'; at most 512 bytes. Never the name of a file or an object of S3.
std::string push_name(PushRoute route, std::string_view id);

/// "push:/sns/", …
std::string push_source(PushRoute route);

}  // namespace trailsift::server
