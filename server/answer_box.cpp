#include "server/answer_box.h"

#include <atomic>
#include <utility>

namespace trailsift::server {

/// Of one request, shared by the copies of its Respond.
class AnswerBox::Ticket {
 public:
  Ticket(std::shared_ptr<AnswerBox> box, std::uint64_t request)
      : box_(std::move(box)), request_(request) {}
  ~Ticket() { put({500, "application/json", R"({"error":{"code":"internal"}})", {}}); }
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;

  void put(HttpResponse response) {
    if (!used_.exchange(true)) box_->put(request_, std::move(response));
  }

 private:
  const std::shared_ptr<AnswerBox> box_;
  const std::uint64_t request_;
  std::atomic<bool> used_{false};
};

Respond AnswerBox::responder(std::uint64_t request) {
  auto ticket = std::make_shared<Ticket>(shared_from_this(), request);
  return [ticket = std::move(ticket)](HttpResponse response) { ticket->put(std::move(response)); };
}

void AnswerBox::close() {
  const std::lock_guard lock(mutex_);
  deliver_ = nullptr;
}

void AnswerBox::put(std::uint64_t request, HttpResponse response) {
  const std::lock_guard lock(mutex_);
  if (deliver_) deliver_(request, std::move(response));
}

}  // namespace trailsift::server
