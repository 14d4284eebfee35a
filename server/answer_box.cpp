#include "server/answer_box.h"

#include <atomic>
#include <utility>

namespace trailsift::server {

/// Of one request or wish, shared by the copies of what answers it. `otherwise` is the answer where
/// nobody gave one.
class AnswerBox::Ticket {
 public:
  Ticket(std::shared_ptr<AnswerBox> box, std::uint64_t request, Answer otherwise)
      : box_(std::move(box)), request_(request), otherwise_(std::move(otherwise)) {}
  ~Ticket() { put(std::move(otherwise_)); }
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;

  void put(Answer answer) {
    if (!used_.exchange(true)) box_->put(request_, std::move(answer));
  }

 private:
  const std::shared_ptr<AnswerBox> box_;
  const std::uint64_t request_;
  Answer otherwise_;
  std::atomic<bool> used_{false};
};

Respond AnswerBox::responder(std::uint64_t request) {
  HttpResponse nobody{500, "application/json", R"({"error":{"code":"internal"}})", {}};
  auto ticket = std::make_shared<Ticket>(shared_from_this(), request, std::move(nobody));
  return [ticket = std::move(ticket)](HttpResponse response) { ticket->put(std::move(response)); };
}

BodyStream::Give AnswerBox::taker(std::uint64_t request) {
  auto ticket = std::make_shared<Ticket>(shared_from_this(), request, Chunk());
  return [ticket = std::move(ticket)](Chunk chunk) { ticket->put(std::move(chunk)); };
}

void AnswerBox::close() {
  const std::lock_guard lock(mutex_);
  deliver_ = nullptr;
}

void AnswerBox::put(std::uint64_t request, Answer answer) {
  const std::lock_guard lock(mutex_);
  if (deliver_) deliver_(request, std::move(answer));
}

}  // namespace trailsift::server
