#include "cli/server_streams.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "cli/answer_json.h"
#include "cli/sent_events.h"
#include "cli/server_answers.h"
#include "cli/server_request.h"
#include "schema/flatten.h"

namespace trailsift::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kFirstPause = 250ms;
constexpr std::chrono::milliseconds kLongestPause = 15s;

/// What became of a stream that its reader may have ended.
Answered<void> outcome(const Served<void>& served, const std::optional<Error>& broken, bool ended,
                       const QueryOptions& asked) {
  if (broken) return mistake(*broken);
  if (ended || served) return {};
  return tl::unexpected(mistake_of(served.error(), asked));
}

/// One client of /api/tail, over several connections.
class Tail {
 public:
  Tail(const ServerClient& client, const TailCall& call, const std::stop_token& stop,
       const Searcher::Take& take, const Searcher::Tell& tell)
      : client_(client), call_(call), stop_(stop), take_(take), tell_(tell) {}

  Answered<void> run();

 private:
  /// From connecting to the end of the connection.
  Served<void> connect();
  bool on_event(const SentEvent& event);
  bool is_over() const { return enough_ || broken_ || stop_.stop_requested(); }
  void pause();

  const ServerClient& client_;
  const TailCall& call_;
  const std::stop_token& stop_;
  const Searcher::Take& take_;
  const Searcher::Tell& tell_;
  std::string last_id_;
  std::set<std::string> given_;  // Since then.
  bool worked_ = false;          // Some connection has.
  bool enough_ = false;
  std::optional<Error> broken_;
  std::chrono::milliseconds pause_ = kFirstPause;
};

bool Tail::on_event(const SentEvent& event) {
  worked_ = true;
  pause_ = kFirstPause;
  if (event.name == "gap")
    tell_("the server no longer knows what was new: search for what is missed");
  if (event.name == "skipped") {
    const auto answer = parse_answer(event.data);
    const std::uint64_t count = answer ? Members(*answer, "skipped").number("count") : 0;
    tell_("too many new events at a time: " + std::to_string(count) + " older ones are left out");
  }
  if (event.name == "hit") {
    const auto hit = read_hit(event.data);
    if (!hit) broken_ = hit.error();
    const bool is_new = hit && given_.insert(hit->id).second;
    if (is_new && !take_(*hit)) enough_ = true;
  }
  // Behind a whole batch: of one that was cut, a connection tells again.
  if (event.name == "batch" || event.name == "ready") last_id_ = event.id;
  if (event.name == "batch") given_.clear();
  return !enough_ && !broken_;
}

Served<void> Tail::connect() {
  SentEvents events;
  ServerClient::StreamCall call{"/api/tail", query_parameters(call_.asked), {}, {}};
  call.parameters.emplace_back("columns", joined_names(call_.columns));
  if (!last_id_.empty()) call.headers.push_back({"Last-Event-ID", last_id_});
  return client_.stream(call, stop_, [&](std::string_view bytes) {
    const auto more = events.add(bytes, [&](const SentEvent& event) { return on_event(event); });
    if (!more) broken_ = more.error();
    return more && *more;
  });
}

void Tail::pause() {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop_, pause_, [] { return false; });
  pause_ = std::min(2 * pause_, kLongestPause);
}

Answered<void> Tail::run() {
  while (true) {
    const auto served = connect();
    if (is_over()) return broken_ ? Answered<void>(mistake(*broken_)) : Answered<void>();
    const bool may_pass = served || served.error().error.code == ErrorCode::unavailable;
    if (!worked_ || !may_pass) {
      if (served) return mistake(Error{ErrorCode::io, "the server ended the answer at once", {}});
      return tl::unexpected(mistake_of(served.error(), call_.asked));
    }
    tell_("the connection is lost: " +
          (served ? std::string("the server ended it") : served.error().error.message));
    pause();
    if (stop_.stop_requested()) return {};
  }
}

}  // namespace

bool is_all_in_record(const std::vector<Column>& columns) {
  return std::ranges::all_of(columns, [](const Column& column) {
    if (!column.field) return true;
    const Origin origin = field_at(*column.field).origin;
    return origin != Origin::delivery && origin != Origin::joined;
  });
}

Answered<void> walk_export(const ServerClient& client, const QueryOptions& asked,
                           const Searcher::Take& take) {
  Lines lines;
  std::optional<Error> broken;
  bool enough = false;
  const auto on_line = [&](std::string_view line) {
    const auto event = flatten(line);
    if (!event) broken = bad_answer("a record in each line").value();
    enough = event && !take(*event);
    return event && !enough;
  };
  ServerClient::StreamCall call;
  call.path = "/api/export";
  call.json = request_json([&](RequestWriter& writer) { write_query(writer, asked); });
  const auto served = client.stream(call, {}, [&](std::string_view bytes) {
    const auto more = lines.add(bytes, on_line);
    if (!more) broken = more.error();
    return more && *more;
  });
  return outcome(served, broken, enough, asked);
}

Answered<void> follow_tail(const ServerClient& client, const TailCall& call,
                           const std::stop_token& stop, const Searcher::Take& take,
                           const Searcher::Tell& tell) {
  return Tail(client, call, stop, take, tell).run();
}

}  // namespace trailsift::cli
