#include "bench/generate_events.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "bench/event_identity.h"
#include "bench/random.h"

namespace trailsift::bench {
namespace {

constexpr std::int64_t kEndSeconds = 1'719'792'000;  // 2024-07-01T00:00:00Z
constexpr std::int64_t kDaySeconds = 86'400;

// What a number is mixed with, so that each use has its own randomness.
enum Use : std::uint64_t { call_use = 11, caller_use, failure_use, ids_use, tls_use, plan_use };

// How busy each hour of a day is: people work by day, machines always.
constexpr std::array<double, 24> kHours = {3, 3, 3,  4,  3, 3, 4, 6, 9, 10, 10, 9,
                                           8, 9, 10, 10, 9, 8, 6, 5, 4, 4,  3,  3};

// Maps a share of all events to a second before kEndSeconds, by the rhythm of day and week.
class Rhythm {
 public:
  explicit Rhythm(int days) : start_s_(kEndSeconds - days * kDaySeconds) {
    double sum = 0;
    for (int day = 0; day < days; ++day) {
      const std::int64_t weekday =
          (start_s_ / kDaySeconds + day + 4) % 7;  // 1970 began on a Thursday.
      const double weight = weekday == 0 || weekday == 6 ? 0.4 : 1.0;
      for (const double hour : kHours) cumulative_.push_back(sum += hour * weight);
    }
  }

  std::int64_t time_s(double share) const {
    const double at = share * cumulative_.back();
    const auto hour = std::ranges::upper_bound(cumulative_, at);
    const auto index = std::min<std::ptrdiff_t>(
        hour - cumulative_.begin(), static_cast<std::ptrdiff_t>(cumulative_.size()) - 1);
    const auto i = static_cast<std::size_t>(index);
    const double before = i == 0 ? 0 : cumulative_[i - 1];
    const double within = std::clamp((at - before) / (cumulative_[i] - before), 0.0, 1.0);
    return start_s_ + index * 3600 + static_cast<std::int64_t>(within * 3599);
  }

 private:
  std::int64_t start_s_;
  std::vector<double> cumulative_;
};

// Events in a file: log-normal, as wide as in real deliveries (median 11, 99th percentile 223).
std::uint32_t file_size(std::uint64_t draw, const Workload& workload) {
  // In a small workload, no file may be so large that it leaves days empty.
  const double most = std::clamp(static_cast<double>(workload.events) / 100, 20.0,
                                 std::max(500.0, 20 * workload.file_events));
  const double u = std::max(unit(draw), 1e-12);
  const double normal =
      std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * unit(mix(draw, 1)));
  const double size = std::exp(std::log(workload.file_events) + 1.294 * normal);
  return static_cast<std::uint32_t>(std::clamp(size, 1.0, most));
}

std::string_view event_type(const CallTemplate& row, char caller) {
  if (row.source == "signin") return "AwsConsoleSignIn";
  if (row.source == "kms" && row.name == "RotateKey" && caller == 'a') return "AwsServiceEvent";
  return "AwsApiCall";
}

void append_additional_data(const CallTemplate& row, const Scene& scene, std::string& out) {
  if (row.source == "signin") {
    out += R"(,"additionalEventData":{"LoginTo":"https://console.aws.amazon.com/console/home",)";
    out += R"("MobileVersion":"No","MFAUsed":)";
    out += scene.draw % 4 == 0 ? R"("No"})" : R"("Yes"})";
  } else if (row.source == "s3") {
    out += R"(,"additionalEventData":{"SignatureVersion":"SigV4","CipherSuite":)";
    out += R"("ECDHE-RSA-AES128-GCM-SHA256","bytesTransferredIn":0,"AuthenticationMethod":)";
    out += R"("AuthHeader","x-amz-id-2":")";
    append_hex(mix(scene.draw, Use::tls_use), 16, out);
    out += R"(","bytesTransferredOut":)";
    out += std::to_string(skewed(scene.draw, 1'000'000)) + '}';
  }
}

}  // namespace

EventGenerator::EventGenerator(const Workload& workload, const TemplateRecords* templates)
    : seed_(workload.seed), templates_(templates) {
  double sum = 0;
  for (const CallTemplate& row : call_templates()) {
    sum += 1.0 / static_cast<double>(calls_.size() + 1);
    calls_.push_back(
        {&row, sum, compile(row.request), compile(row.response), compile(row.resources)});
  }
  for (Call& call : calls_) call.cumulative /= sum;
  plan(workload);
}

void EventGenerator::plan(const Workload& workload) {
  const Rhythm rhythm(std::max(workload.days, 1));
  // Of each account and region: the file whose events its next file repeats, one past its index.
  std::array<std::size_t, kAccountCount * kRegionCount> pending{};
  const auto repeat_pending = [&](DeliveredFile& file) {
    std::size_t& from = pending[file.account * kRegionCount + file.region];
    if (from == 0) return;
    const DeliveredFile& earlier = files_[from - 1];
    const double share = earlier.count * workload.duplicates;
    file.repeats = from - 1;
    file.repeated = std::min(
        earlier.count, static_cast<std::uint32_t>(share + unit(mix(seed_ + from, Use::plan_use))));
    from = 0;
  };

  for (std::uint64_t first = 0; first < workload.events;) {
    const std::uint64_t draw = mix(mix(seed_, Use::plan_use), files_.size());
    DeliveredFile file;
    file.account = skewed(mix(draw, 1), kAccountCount);
    file.region = skewed(mix(draw, 2), kRegionCount);
    file.time_s =
        rhythm.time_s(static_cast<double>(first) / static_cast<double>(workload.events)) + 300;
    file.first = first;
    file.count = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(file_size(mix(draw, 3), workload), workload.events - first));
    first += file.count;
    repeat_pending(file);
    files_.push_back(file);
    pending[file.account * kRegionCount + file.region] = files_.size();
  }
  for (std::size_t i = 0; i < pending.size(); ++i) {
    DeliveredFile last{.account = i / kRegionCount, .region = i % kRegionCount};
    last.time_s = kEndSeconds + 900;
    last.first = workload.events;
    repeat_pending(last);
    if (last.repeated > 0) files_.push_back(last);
  }
}

Scene EventGenerator::scene(const DeliveredFile& file, std::uint32_t n) const {
  Scene scene{.account = file.account, .region = file.region};
  scene.draw = mix(seed_, file.first + n);
  const bool in_order = mix(seed_, file.first) % 3 != 0;
  const std::int64_t age = in_order ? 300 * std::int64_t{file.count - n} / file.count
                                    : static_cast<std::int64_t>(below(mix(scene.draw, 1), 600));
  scene.time_s = file.time_s - age;
  return scene;
}

const EventGenerator::Call& EventGenerator::call_of(const Scene& scene) const {
  const double at = unit(mix(scene.draw, Use::call_use));
  const auto call = std::ranges::upper_bound(calls_, at, {}, &Call::cumulative);
  return call == calls_.end() ? calls_.back() : *call;
}

EventGenerator::Text EventGenerator::compile(std::string_view text) {
  Text pieces;
  while (!text.empty()) {
    Piece piece;
    const std::size_t at = std::min(text.find('$'), text.size());
    piece.literal = text.substr(0, at);
    text.remove_prefix(at);
    if (!text.empty()) {
      const std::size_t end =
          std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz", 1), text.size());
      piece.slot = find_slot(text.substr(1, end - 1)).value();
      piece.has_slot = true;
      text.remove_prefix(end);
    }
    pieces.push_back(piece);
  }
  return pieces;
}

void EventGenerator::append_text(const Text& text, const Scene& scene, std::string& out) {
  for (const Piece& piece : text) {
    out += piece.literal;
    if (piece.has_slot) append_slot(piece.slot, scene, out);
  }
}

void EventGenerator::append_head(const Call& call, const Scene& scene, char caller,
                                 std::string& out) {
  const auto who = static_cast<Caller>(caller);
  out += R"({"eventVersion":"1.09","userIdentity":)";
  append_identity(who, call.row->service, scene, out);
  out += R"(,"eventTime":")";
  append_time(scene.time_s, out);
  out += R"(","eventSource":")";
  out += call.row->source;
  out += R"(.amazonaws.com","eventName":")";
  out += call.row->name;
  out += R"(","awsRegion":")";
  out += region_name(scene.region);
  out += R"(","sourceIPAddress":")";
  append_source_address(who, call.row->service, scene, out);
  out += R"(","userAgent":")";
  append_user_agent(who, call.row->service, scene, out);
  out += '"';
}

void EventGenerator::append_outcome(const Call& call, const Scene& scene, char caller,
                                    std::string& out) {
  const bool failed = unit(mix(scene.draw, Use::failure_use)) < call.row->error_rate;
  if (failed) {
    out += R"(,"errorCode":")";
    out += call.row->error;
    out += R"(","errorMessage":"User: )";
    append_caller_arn(static_cast<Caller>(caller), scene, out);
    out += " cannot perform ";
    out += call.row->source;
    out += ':';
    out += call.row->name;
    out += R"( on this resource")";
  }
  out += R"(,"requestParameters":)";
  append_text(call.request, scene, out);
  out += R"(,"responseElements":)";
  if (failed) {
    out += call.row->source == "signin" ? R"({"ConsoleLogin":"Failure"})" : "null";
  } else {
    append_text(call.response, scene, out);
  }
  append_additional_data(*call.row, scene, out);
}

void EventGenerator::append_tail(const Call& call, const Scene& scene, char caller,
                                 std::string& out) {
  const CallTemplate& row = *call.row;
  const bool data_event = row.effect == 'd' || row.effect == 'p';
  out += R"(,"requestID":")";
  append_uuid(mix(scene.draw, Use::ids_use), out);
  out += R"(","eventID":")";
  append_uuid(mix(scene.draw, Use::ids_use + 100), out);
  out += R"(","readOnly":)";
  out += row.effect == 'r' || row.effect == 'd' ? "true" : "false";
  if (!row.resources.empty()) {
    out += R"(,"resources":)";
    append_text(call.resources, scene, out);
  }
  out += R"(,"eventType":")";
  out += event_type(row, caller);
  out += R"(","managementEvent":)";
  out += data_event ? "false" : "true";
  out += R"(,"recipientAccountId":")";
  out += account_id(scene.account);
  out += R"(","eventCategory":")";
  out += data_event ? R"(Data")" : R"(Management")";
  if (caller != 'a') {
    out += R"(,"tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256",)";
    out += R"("clientProvidedHostHeader":")";
    out += row.source;
    out += '.';
    out += region_name(scene.region);
    out += R"(.amazonaws.com"})";
  }
  out += '}';
}

void EventGenerator::append_event(const DeliveredFile& file, std::uint32_t n,
                                  std::string& out) const {
  const Scene at = scene(file, n);
  if (templates_ != nullptr) {
    templates_->append_event(below(mix(at.draw, Use::call_use), templates_->size()), at, out);
    return;
  }
  const Call& call = call_of(at);
  const std::string_view callers = call.row->callers;
  const char caller = callers[below(mix(at.draw, Use::caller_use), callers.size())];
  append_head(call, at, caller, out);
  append_outcome(call, at, caller, out);
  append_tail(call, at, caller, out);
}

void EventGenerator::append_file(const DeliveredFile& file, std::string& out) const {
  out += R"({"Records":[)";
  const auto append_all = [&](const DeliveredFile& from, std::uint32_t count) {
    for (std::uint32_t n = 0; n < count; ++n) {
      append_event(from, n, out);
      out += ',';
    }
  };
  append_all(file, file.count);
  append_all(files_[file.repeats], file.repeated);
  out.back() = ']';
  out += '}';
}

std::string EventGenerator::path(const DeliveredFile& file) const {
  const std::string account(account_id(file.account));
  const std::string region(region_name(file.region));
  std::string time;
  append_time(file.time_s, time);  // 2024-05-01T10:00:00Z
  const std::string day = time.substr(0, 4) + '/' + time.substr(5, 2) + '/' + time.substr(8, 2);
  const std::string minute = time.substr(0, 4) + time.substr(5, 2) + time.substr(8, 2) + 'T' +
                             time.substr(11, 2) + time.substr(14, 2) + 'Z';
  std::string path = "AWSLogs/" + account + "/CloudTrail/" + region + '/' + day + '/' + account +
                     "_CloudTrail_" + region + '_' + minute;
  append_key_id("_", mix(mix(seed_, file.first), mix(file.account, file.region)), path);
  return path + ".json.gz";
}

std::vector<std::string> EventGenerator::events() const {
  std::vector<std::string> events;
  for (const DeliveredFile& file : files_) {
    for (std::uint32_t n = 0; n < file.count; ++n) append_event(file, n, events.emplace_back());
  }
  return events;
}

}  // namespace trailsift::bench
