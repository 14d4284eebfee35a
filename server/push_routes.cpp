#include "server/push_routes.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>

#include "indexer/quoted.h"
#include "server/documents_batch.h"

namespace trailsift::server {
namespace {

/// Of senders that nobody knows yet: more than SNS ever sends.
constexpr std::size_t kMaxUnknownBodyBytes = 1UL << 20;

/// Strangers must not fill the log.
constexpr std::chrono::seconds kBetweenRefusals{1};

Refusal refusal_of(ErrorCode code, std::string message, int status) {
  return Refusal{Error{code, std::move(message), {}}, {}, status};
}

constexpr std::string_view kBusy = "the server is busy: too many messages wait to be verified";

/// The SubscriptionConfirmation that a message is.
std::optional<indexer::SnsMessage> confirmation_in(const PushedMessage& pushed) {
  const std::string& body = pushed.message.body;
  const std::string_view type = name(indexer::SnsType::subscription_confirmation);
  if (pushed.caller.route != PushRoute::sns || body.size() > kMaxUnknownBodyBytes ||
      body.find(type) == std::string::npos) {
    return std::nullopt;
  }
  auto sns = indexer::read_sns_body(body);
  if (!sns || sns->type != indexer::SnsType::subscription_confirmation) return std::nullopt;
  return sns;
}

}  // namespace

/// One message that is not answered yet.
class PushRoutes::InHand {
 public:
  explicit InHand(PushRoutes& routes) : routes_(routes) {
    const std::lock_guard lock(routes_.mutex_);
    ++routes_.in_hand_;
  }
  ~InHand() { end(); }
  InHand(const InHand&) = delete;
  InHand& operator=(const InHand&) = delete;

  /// Nothing of the routes may be used afterwards.
  void end() {
    if (ended_.exchange(true)) return;
    const std::lock_guard lock(routes_.mutex_);
    if (--routes_.in_hand_ == 0) routes_.none_in_hand_.notify_all();
  }

 private:
  PushRoutes& routes_;
  std::atomic<bool> ended_{false};
};

/// A message on its way, and how its sender is told.
struct PushRoutes::Post {
  PushedMessage pushed;
  std::shared_ptr<InHand> in_hand;
  Respond done;

  void answer(HttpResponse response) const {
    done(std::move(response));
    in_hand->end();
  }
  void refuse(const Refusal& refusal) const {
    const PushCaller& caller = pushed.caller;
    const bool firehose = caller.route == PushRoute::firehose;
    answer(to_response(refusal, error_shape_of(caller.route),
                       firehose ? caller.firehose_id : caller.request_id));
  }
};

PushRoutes::PushRoutes(Options options) : options_(std::move(options)) {
  if (options_.sources != nullptr && options_.sources->sns() != nullptr) {
    gate_ = std::make_unique<SnsGate>(*options_.sources, options_.get_url, options_.log);
  }
}

PushRoutes::~PushRoutes() {
  if (gate_) gate_->stop();  // What waits there goes, and is in hand no more.
  std::unique_lock lock(mutex_);
  none_in_hand_.wait(lock, [this] { return in_hand_ == 0; });
}

Checked<Sender> PushRoutes::check(PushRoute route, const HttpRequest& head) const {
  const Sources* sources = options_.sources;
  if (sources == nullptr || !sources->push().open.at(static_cast<std::size_t>(route))) {
    return tl::unexpected(refusal_of(
        ErrorCode::denied, "this server takes nothing here: the route was not opened", 403));
  }
  return check_sender(
      route, head,
      PushAccess{sources->push(), gate_ != nullptr, options_.check_host, options_.allowed_hosts});
}

Checked<std::size_t> PushRoutes::max_body_bytes(PushRoute route, const HttpRequest& head) const {
  const auto sender = check(route, head);
  if (!sender) return tl::unexpected(sender.error());
  if (auto known = check_encoding(head); !known) return tl::unexpected(known.error());
  std::size_t limit = options_.sources->push().max_body_bytes;
  if (route == PushRoute::documents) limit = std::min(limit, kMaxBatchBytes);
  return *sender == Sender::known ? limit : std::min(limit, kMaxUnknownBodyBytes);
}

void PushRoutes::take(PushRoute route, HttpRequest request, std::string_view query,
                      const std::string& request_id, Respond done) {
  const auto sender = check(route, request);
  if (!sender) return done(push_refusal(sender.error(), route, request, request_id));
  // Refusals need what the request said, but its body goes into the message.
  HttpRequest head;
  head.headers = request.headers;
  auto pushed = read_push(route, std::move(request), query, request_id);
  if (!pushed) return done(push_refusal(pushed.error(), route, head, request_id));
  Post post{std::move(*pushed), std::make_shared<InHand>(*this), std::move(done)};
  if (*sender == Sender::unknown) return take_signed(std::move(post));
  if (const auto confirmation = confirmation_in(post.pushed)) {
    return take_confirmation(std::move(post), *confirmation);
  }
  submit(std::move(post), {});
}

void PushRoutes::take_confirmation(Post post, const indexer::SnsMessage& confirmation) {
  auto shared = std::make_shared<Post>(std::move(post));
  const auto confirmed = [this, shared, confirmation](const Result<void>& done) {
    if (done) {
      options_.sources->sns()->remember(confirmation);
    } else if (done.error().code == ErrorCode::unavailable) {
      return shared->refuse(Refusal{done.error(), {}, 503});
    } else {
      log("a subscription to " +
          indexer::quoted(confirmation.topic_arn.value_or("none"), 2 * indexer::kMaxQuotedBytes) +
          " is not confirmed (" + done.error().message +
          "): allow the topic and subscribe again, or confirm it in AWS");
    }
    submit(std::move(*shared), {});
  };
  if (!gate_) return confirmed(fail(ErrorCode::bad_request, "no topic is allowed"));
  if (gate_->confirm(confirmation, confirmed)) return;
  shared->refuse(refusal_of(ErrorCode::unavailable, std::string(kBusy), 503));
}

void PushRoutes::take_signed(Post post) {
  std::string body = std::move(post.pushed.message.body);
  auto shared = std::make_shared<Post>(std::move(post));
  const bool taken = gate_->examine(
      std::move(body), [this, shared](std::string came, Result<SnsExamined> examined) {
        if (!examined) {
          const Error& error = examined.error();
          const bool challenge =
              error.code == ErrorCode::denied && !options_.sources->push().token.empty();
          const int status = error.code == ErrorCode::unavailable ? 503 : challenge ? 401 : 403;
          log_refusal(error);
          return shared->refuse(Refusal{error, {}, status});
        }
        if (examined->done_before) return shared->answer(answer_of(shared->pushed.caller, {}));
        indexer::IncomingMessage& message = shared->pushed.message;
        message.body = std::move(came);
        // What was verified is the outermost message; nothing may stand beside it.
        message.check = [](const indexer::Envelope& envelope) -> Result<void> {
          if (envelope.sns) return {};
          return fail(ErrorCode::bad_request, "expected one message of SNS");
        };
        message.attempt = 1;
        shared->pushed.caller.name = push_name(PushRoute::sns, *examined->message.message_id);
        message.name = shared->pushed.caller.name;
        submit(std::move(*shared), [this, sns = std::move(examined->message)] {
          options_.sources->sns()->remember(sns);
        });
      });
  if (taken) return;
  shared->refuse(refusal_of(ErrorCode::unavailable, std::string(kBusy), 503));
}

/// Deletes come first: an id that is added may be one that was deleted.
Result<void> PushRoutes::change_ids(PushedMessage& pushed) const {
  const bool bulk = pushed.caller.bulk != nullptr;
  if (!bulk && pushed.caller.route != PushRoute::documents) return {};
  store::Writer& writer = options_.sources->writer();
  if (bulk) {
    DocumentChanges changes = plan_bulk(*pushed.caller.bulk, *writer.snapshot());
    pushed.message.body = std::move(changes.log_file);
    pushed.added = std::move(changes.added);
    pushed.removed = std::move(changes.removed);
  }
  if (!pushed.removed.empty()) {
    const auto removed = writer.remove(pushed.removed);
    if (!removed) return tl::unexpected(removed.error());
  }
  return writer.permit(pushed.added);
}

void PushRoutes::submit(Post post, std::function<void()> when_done) {
  auto shared = std::make_shared<Post>(std::move(post));
  if (const auto changed = change_ids(shared->pushed); !changed) {
    return shared->refuse(Refusal{changed.error()});
  }
  const PushCaller& caller = shared->pushed.caller;
  const bool has_ids = caller.bulk != nullptr || caller.route == PushRoute::documents;
  if (has_ids && shared->pushed.added.empty()) {
    return shared->answer(answer_of(shared->pushed.caller, {}));
  }
  indexer::IncomingMessage message = std::move(shared->pushed.message);
  const auto taken = options_.sources->intake().submit(
      std::move(message), [shared, when_done](const indexer::MessageOutcome& outcome) {
        if (!outcome.error && when_done) when_done();
        shared->answer(answer_of(shared->pushed.caller, outcome));
      });
  if (!taken) shared->refuse(Refusal{taken.error(), {}, 503});
}

void PushRoutes::log(const std::string& line) const {
  if (options_.log) options_.log(line);
}

void PushRoutes::log_refusal(const Error& error) {
  const auto now = std::chrono::steady_clock::now();
  std::size_t untold = 0;
  {
    const std::lock_guard lock(mutex_);
    if (now < next_refusal_) {
      ++untold_refusals_;
      return;
    }
    next_refusal_ = now + kBetweenRefusals;
    untold = std::exchange(untold_refusals_, 0);
  }
  log("refused a message at /sns/: " + error.message +
      (untold == 0 ? "" : " (and " + std::to_string(untold) + " before it)"));
}

HttpResponse push_refusal(const Refusal& refusal, PushRoute route, const HttpRequest& head,
                          const std::string& request_id) {
  const bool firehose = route == PushRoute::firehose;
  return to_response(refusal, error_shape_of(route),
                     firehose ? head.header("x-amz-firehose-request-id") : request_id);
}

}  // namespace trailsift::server
