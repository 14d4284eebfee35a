#include "query/time_zone.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>

#include "query/quote.h"

namespace trailsift::query {

struct TimeZone::Rules {
  cctz::time_zone zone;
};

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kDatabase = "/usr/share/zoneinfo/";

/// A name that cannot lead out of the database.
bool is_zone_name(std::string_view name) {
  constexpr std::size_t kLongestName = 64;
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '-' || c == '+';
  };
  return !name.empty() && name.size() <= kLongestName && name.front() != '/' &&
         std::ranges::all_of(name, fits);
}

/// `+02:00`, `-0330` or `+2`.
std::optional<seconds> parse_offset(std::string_view text) {
  if (text.size() < 2 || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  std::string digits(text.substr(1));
  if (digits.size() == 5 && digits[2] == ':') digits.erase(2, 1);
  if (digits.size() == 1) digits.insert(digits.begin(), '0');
  if (digits.size() == 2) digits += "00";
  if (digits.size() != 4 || digits.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  constexpr int kMostHours = 18;
  const int hours = std::stoi(digits.substr(0, 2));
  const int minutes = std::stoi(digits.substr(2));
  if (minutes > 59 || hours * 60 + minutes > kMostHours * 60) return std::nullopt;
  const seconds offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return text.front() == '-' ? -offset : offset;
}

std::optional<cctz::time_zone> load(std::string_view name) {
  if (name == "Z" || name == "z" || name == "UTC") return cctz::utc_time_zone();
  if (const auto offset = parse_offset(name)) return cctz::fixed_time_zone(*offset);
  // The library keeps every name that it is asked for, so it is asked for those that exist.
  std::error_code error;
  const std::filesystem::path file(std::string(kDatabase) + std::string(name));
  if (!is_zone_name(name) || !std::filesystem::is_regular_file(file, error)) return std::nullopt;
  cctz::time_zone zone;
  if (!cctz::load_time_zone(std::string(name), &zone)) return std::nullopt;
  return zone;
}

Timestamp in_range(cctz::time_point<seconds> time) {
  // What a calendar makes of amounts in queries may lie beyond the years that times have.
  static const auto kFirst = std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
  static const auto kLast = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31);
  return Timestamp(std::clamp(seconds(time.time_since_epoch()), seconds(kFirst.time_since_epoch()),
                              seconds(kLast.time_since_epoch())));
}

Timestamp moment(const cctz::time_zone& zone, const cctz::civil_second& local) {
  const auto found = zone.lookup(local);
  const bool left_out = found.kind == cctz::time_zone::civil_lookup::SKIPPED;
  return in_range(left_out ? found.trans : found.pre);
}

cctz::civil_second local_time(const cctz::time_zone& zone, Timestamp time) {
  return zone.lookup(std::chrono::floor<seconds>(time)).cs;
}

/// A month later than January 31st is the last of February, not a day in March.
cctz::civil_second months_later(const cctz::civil_second& from, int months) {
  const cctz::civil_month month = cctz::civil_month(from) + months;
  const int last_day = (cctz::civil_day(month + 1) - 1).day();
  return cctz::civil_second(month.year(), month.month(), std::min(from.day(), last_day),
                            from.hour(), from.minute(), from.second());
}

}  // namespace

TimeZone::TimeZone() {
  static const auto kUtc = std::make_shared<const Rules>(Rules{cctz::utc_time_zone()});
  name_ = "UTC";
  rules_ = kUtc;
}

TimeZone::TimeZone(std::string name, std::shared_ptr<const Rules> rules)
    : name_(std::move(name)), rules_(std::move(rules)) {}

Result<TimeZone> TimeZone::find(std::string_view name) {
  const auto zone = load(name);
  if (!zone) {
    return fail(ErrorCode::bad_request,
                "expected a time zone such as 'Europe/Berlin' or '+02:00', got " + in_quotes(name));
  }
  return TimeZone(std::string(name), std::make_shared<const Rules>(Rules{*zone}));
}

Timestamp TimeZone::at(const LocalTime& local) const {
  return moment(rules_->zone, cctz::civil_second(local.year, local.month, local.day, local.hour,
                                                 local.minute, local.second));
}

Timestamp TimeZone::floor(Timestamp time, TimeUnit unit) const {
  const auto local = local_time(rules_->zone, time);
  switch (unit) {
    case TimeUnit::year: return moment(rules_->zone, cctz::civil_second(cctz::civil_year(local)));
    case TimeUnit::month: return moment(rules_->zone, cctz::civil_second(cctz::civil_month(local)));
    case TimeUnit::week: {
      const auto monday = cctz::prev_weekday(cctz::civil_day(local) + 1, cctz::weekday::monday);
      return moment(rules_->zone, cctz::civil_second(monday));
    }
    case TimeUnit::day: return moment(rules_->zone, cctz::civil_second(cctz::civil_day(local)));
    case TimeUnit::second: return std::chrono::floor<seconds>(time);
    case TimeUnit::hour:
    case TimeUnit::minute: break;
  }
  // By how long ago it began, as an hour of the local clock may come twice.
  const seconds into = unit == TimeUnit::hour ? seconds(local.minute() * 60 + local.second())
                                              : seconds(local.second());
  return std::chrono::floor<seconds>(time) - into;
}

Timestamp TimeZone::plus(Timestamp time, int amount, TimeUnit unit) const {
  const auto local = local_time(rules_->zone, time);
  const milliseconds fraction = time - std::chrono::floor<seconds>(time);
  constexpr int kMonths = 12;
  constexpr int kWeekDays = 7;
  const auto later = [&](const cctz::civil_second& to) {
    return moment(rules_->zone, to) + fraction;
  };
  const auto days_later = [&](int days) {
    const cctz::civil_day day = cctz::civil_day(local) + days;
    return later(cctz::civil_second(day.year(), day.month(), day.day(), local.hour(),
                                    local.minute(), local.second()));
  };
  const auto exactly = [&](seconds length) {
    return in_range(std::chrono::floor<seconds>(time) + amount * length) + fraction;
  };
  switch (unit) {
    case TimeUnit::year: return later(months_later(local, amount * kMonths));
    case TimeUnit::month: return later(months_later(local, amount));
    case TimeUnit::week: return days_later(amount * kWeekDays);
    case TimeUnit::day: return days_later(amount);
    case TimeUnit::hour: return exactly(std::chrono::hours(1));
    case TimeUnit::minute: return exactly(std::chrono::minutes(1));
    case TimeUnit::second: return exactly(seconds(1));
  }
  return time;
}

}  // namespace trailsift::query
