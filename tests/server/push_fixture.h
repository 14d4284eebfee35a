#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "query/joined_reader.h"
#include "server/service.h"
#include "server/sources.h"
#include "tests/server/raw_connection.h"
#include "tests/server/running_server.h"
#include "tests/support/temp_directory.h"

namespace trailsift::server {

constexpr const char* kToken = "0123456789abcdef0123456789abcdef";

/// An intake whose outcomes a test decides.
class HandIntake final : public indexer::Intake {
 public:
  Result<void> submit(indexer::IncomingMessage message, Done done) override {
    const std::lock_guard lock(mutex_);
    if (full) return fail(ErrorCode::unavailable, "too much is waiting");
    taken_.push_back({std::move(message), std::move(done)});
    came_.notify_all();
    return {};
  }
  bool wait_for_room(std::size_t, std::stop_token) override { return true; }
  indexer::IntakeFigures figures() const override { return {}; }
  void stop(std::chrono::milliseconds) override {
    for (auto left = take(); left; left = take()) left->second(unavailable());
  }

  using Taken = std::pair<indexer::IncomingMessage, Done>;

  /// The oldest message that is not taken out yet, which has to come soon.
  Taken next() {
    std::unique_lock lock(mutex_);
    const bool some =
        came_.wait_for(lock, std::chrono::seconds(10), [this] { return !taken_.empty(); });
    if (!some) throw std::runtime_error("no message came");
    return pop();
  }
  std::optional<Taken> take() {
    const std::lock_guard lock(mutex_);
    if (taken_.empty()) return std::nullopt;
    return pop();
  }

  static indexer::MessageOutcome unavailable() {
    indexer::MessageOutcome outcome;
    outcome.error = Error{ErrorCode::unavailable, "the server stops", {}};
    return outcome;
  }

  std::atomic<bool> full{false};

 private:
  Taken pop() {
    Taken first = std::move(taken_.front());
    taken_.pop_front();
    return first;
  }

  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Taken> taken_;
};

/// Sources around an intake of a test's. Everything is open, and there is no token.
class StagedSources final : public Sources {
 public:
  explicit StagedSources(indexer::Intake& intake) : intake_(intake) {
    options.open.fill(true);
    store::WriterOptions scratch;
    scratch.durable = scratch.background_merges = false;
    store_ = std::move(*store::Writer::open(directory_.path() / "store", scratch));
  }

  indexer::Intake& intake() override { return intake_; }
  store::Writer& writer() override { return *store_; }
  const PushOptions& push() const override { return options; }
  indexer::SnsVerifier* sns() override { return verifier.get(); }
  aws::Session& session() override { return *session_opened; }
  std::vector<indexer::SqsPollerFigures> queues() const override { return {}; }
  Result<indexer::ReplayAccount> replay(
      std::span<const std::string>,
      std::function<void(const indexer::ListedEntry&, std::string_view)>,
      const std::stop_token&) override {
    return fail(ErrorCode::unavailable, "there is no store to write to");
  }
  void stop() override { intake_.stop(std::chrono::milliseconds(0)); }

  PushOptions options;
  std::unique_ptr<indexer::SnsVerifier> verifier;
  std::unique_ptr<aws::Session> session_opened;

 private:
  indexer::Intake& intake_;
  test::TempDirectory directory_;
  std::unique_ptr<store::Writer> store_;
};

/// A server over an empty store that takes messages.
class PushServer {
 public:
  explicit PushServer(Sources* sources, HttpOptions http = {}, ServiceOptions options = {}) {
    options.data = temp_.path();
    options.sources = sources;
    options.log = [this](const std::string& line) {
      const std::lock_guard lock(mutex_);
      log_.push_back(line);
    };
    reader_ = std::move(*query::JoinedReader::open(temp_.path(), true, {}));
    service_ = std::make_unique<Service>(*reader_, std::move(options));
    server_ = std::make_unique<RunningServer>(*service_, http);
  }

  std::uint16_t port() const { return server_->port(); }
  RunningServer& server() { return *server_; }
  std::vector<std::string> log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }

  /// All that comes for one request on a connection of its own.
  std::string ask(const std::string& request) {
    RawConnection connection(port());
    connection.send(request);
    return connection.read_all();
  }
  std::string ask(const std::string& head, const std::string& body) {
    return ask(request(head, body));
  }

  /// A POST whose connection ends with it; `head` is the path and further headers, each line but
  /// the first with CR LF before it.
  static std::string request(const std::string& head, const std::string& body) {
    const std::size_t line = std::min(head.find("\r\n"), head.size());
    const std::string host =
        head.find("\r\nHost:") == std::string::npos ? "\r\nHost: localhost" : "";
    return "POST " + head.substr(0, line) + " HTTP/1.1" + host + head.substr(line) +
           "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
  }

 private:
  test::TempDirectory temp_;
  std::mutex mutex_;  // Guards log_.
  std::vector<std::string> log_;
  std::unique_ptr<store::Reader> reader_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<RunningServer> server_;
};

/// "200", and what stands behind the head.
inline std::string status_of(const std::string& answer) {
  return answer.size() < 12 ? "none" : answer.substr(9, 3);
}
inline std::string content_of(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

inline const std::string kFirehoseId =
    "\r\nX-Amz-Firehose-Request-Id: ed4acda5-034f-9f42-bba1-f29aea6d7d8f";

/// `body` with the time of Firehose's answers replaced.
inline std::string timeless(std::string body) {
  constexpr std::string_view kTime = "\"timestamp\":";
  const std::size_t begin = body.find(kTime);
  if (begin == std::string::npos) return body;
  const std::size_t end = body.find_first_not_of("0123456789", begin + kTime.size());
  EXPECT_EQ(end - begin - kTime.size(), 13U) << "milliseconds of this age";
  return body.replace(begin + kTime.size(), end - begin - kTime.size(), "T");
}

}  // namespace trailsift::server
