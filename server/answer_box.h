#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <variant>

#include "server/http.h"

namespace trailsift::server {

/// Takes answers, and parts of answers, on any thread and hands them to a server, for as long as
/// there is one. Whoever holds a Respond or a Give holds the box, never the server or a connection.
class AnswerBox : public std::enable_shared_from_this<AnswerBox> {
 public:
  using Chunk = std::optional<BodyStream::Chunk>;  ///< nullopt: it could not be made.
  using Answer = std::variant<HttpResponse, Chunk>;
  /// Called by one thread at a time; must not block.
  using Deliver = std::function<void(std::uint64_t request, Answer answer)>;

  explicit AnswerBox(Deliver deliver) : deliver_(std::move(deliver)) {}

  /// What answers `request`, as HttpHandler::answer() needs it.
  Respond responder(std::uint64_t request);

  /// What takes the next chunk of an answer; `request` is the number of that wish.
  BodyStream::Give taker(std::uint64_t request);

  /// Once this returns, nothing is delivered any more.
  void close();

 private:
  class Ticket;
  void put(std::uint64_t request, Answer answer);

  std::mutex mutex_;  // Guards everything below.
  Deliver deliver_;
};

}  // namespace trailsift::server
