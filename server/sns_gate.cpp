#include "server/sns_gate.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include <boost/asio/post.hpp>

#include "aws/http_client.h"
#include "aws/sns.h"
#include "indexer/quoted.h"

namespace trailsift::server {
namespace {

constexpr std::size_t kThreads = 2;
constexpr std::size_t kMaxWaiting = 256;  // Of a MiB at most.
constexpr std::chrono::seconds kGetTimeout{10};
constexpr std::size_t kMaxAnswerBytes = 64UL << 10;

UrlGetter over_https() {
  auto made = aws::HttpClient::make();
  if (!made) {
    return [error = made.error()](const std::string&, const std::stop_token&) -> Result<void> {
      return tl::unexpected(error);
    };
  }
  const std::shared_ptr<aws::HttpClient> client = std::move(*made);
  return [client](const std::string& url, const std::stop_token& stop) -> Result<void> {
    aws::HttpRequest request;
    request.url = url;
    request.timeout = kGetTimeout;
    request.max_response_bytes = kMaxAnswerBytes;
    request.public_address_only = true;
    const auto response = client->send(request, stop);
    if (!response) return tl::unexpected(response.error());
    if (response->ok()) return {};
    return fail(ErrorCode::unavailable, "status " + std::to_string(response->status));
  };
}

std::string topic_of(const indexer::SnsMessage& message) {
  return indexer::quoted(message.topic_arn.value_or("none"), 2 * indexer::kMaxQuotedBytes);
}

}  // namespace

SnsGate::SnsGate(Sources& sources, UrlGetter get, std::function<void(const std::string&)> log)
    : sources_(sources),
      log_(std::move(log)),
      get_(get ? std::move(get) : over_https()),
      threads_(kThreads) {}

SnsGate::~SnsGate() {
  stop();
}

void SnsGate::stop() {
  stop_.request_stop();
  threads_.stop();
  threads_.join();
}

bool SnsGate::run(std::function<void()> job) {
  if (waiting_.fetch_add(1) >= kMaxWaiting) {
    --waiting_;
    return false;
  }
  boost::asio::post(threads_, [this, job = std::move(job)] {
    --waiting_;
    job();
  });
  return true;
}

bool SnsGate::examine(std::string body, Examined done) {
  return run([this, body = std::move(body), done = std::move(done)]() mutable {
    auto examined = look_at(body);
    done(std::move(body), std::move(examined));
  });
}

bool SnsGate::confirm(const indexer::SnsMessage& message, std::function<void(Result<void>)> done) {
  return run([this, message, done = std::move(done)] { done(confirm_now(message)); });
}

Result<SnsExamined> SnsGate::look_at(const std::string& body) {
  auto message = indexer::read_sns_body(body);
  if (!message) {
    return fail(ErrorCode::denied, "expected the token, or a message that SNS has signed");
  }
  const auto& topics = sources_.push().sns.topics;
  if (std::ranges::find(topics, message->topic_arn.value_or("")) == topics.end()) {
    return fail(
        ErrorCode::denied,
        "expected the token, or a message of an allowed topic, got one of " + topic_of(*message));
  }
  indexer::SnsVerifier& verifier = *sources_.sns();
  if (verifier.remembers(*message)) return SnsExamined{std::move(*message), true};
  const auto believed = message->type == indexer::SnsType::subscription_confirmation
                            ? confirm_now(*message)
                            : verifier.verify(*message);
  if (!believed) return tl::unexpected(believed.error());
  return SnsExamined{std::move(*message), false};
}

Result<void> SnsGate::confirm_now(const indexer::SnsMessage& message) {
  indexer::SnsVerifier& verifier = *sources_.sns();
  if (verifier.remembers(message)) return {};
  const auto url = verifier.confirmation_url(message);
  if (!url) return tl::unexpected(url.error());
  aws::Sns sns(sources_.session());
  const auto called =
      sns.confirm_subscription(*message.topic_arn, *message.token, stop_.get_token());
  if (!called) {
    if (const auto got = get_(*url, stop_.get_token()); !got) {
      return fail(ErrorCode::unavailable, "cannot confirm the subscription to " +
                                              topic_of(message) + ": " + called.error().message +
                                              "; by its URL: " + got.error().message);
    }
  }
  if (log_) log_("subscribed to " + topic_of(message));
  return {};
}

}  // namespace trailsift::server
