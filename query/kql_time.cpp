#include "query/kql_time.h"

#include <array>
#include <charconv>
#include <chrono>
#include <optional>

#include "query/quote.h"

namespace trailsift::query::kql {
namespace {

constexpr std::chrono::milliseconds kTick{1};

std::optional<TimeUnit> unit_of(char name) {
  switch (name) {
    case 'y': return TimeUnit::year;
    case 'M': return TimeUnit::month;
    case 'w': return TimeUnit::week;
    case 'd': return TimeUnit::day;
    case 'h':
    case 'H': return TimeUnit::hour;
    case 'm': return TimeUnit::minute;
    case 's': return TimeUnit::second;
    default: return std::nullopt;
  }
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Reads the parts of a time from left to right; each takes itself off the text.
class TimeReader {
 public:
  TimeReader(std::string_view text, Timestamp now, const TimeZone& zone)
      : rest_(text), now_(now), zone_(zone) {}

  std::optional<TimeSpan> read();

 private:
  bool take(std::string_view text);
  std::optional<int> digits(std::size_t count);
  std::optional<TimeSpan> read_date();
  bool read_clock(LocalTime& local, TimeUnit& unit);
  std::optional<std::chrono::milliseconds> read_fraction();
  bool read_zone();
  bool read_step(TimeSpan& span);
  bool read_sum(TimeSpan& span, int sign);

  std::string_view rest_;
  Timestamp now_;
  TimeZone zone_;
};

bool TimeReader::take(std::string_view text) {
  if (!rest_.starts_with(text)) return false;
  rest_.remove_prefix(text.size());
  return true;
}

std::optional<int> TimeReader::digits(std::size_t count) {
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (i >= rest_.size() || !is_digit(rest_[i])) return std::nullopt;
    value = value * 10 + (rest_[i] - '0');
  }
  rest_.remove_prefix(count);
  return value;
}

std::optional<TimeSpan> TimeReader::read() {
  std::optional<TimeSpan> span;
  if (take("now") || rest_.starts_with('-') || rest_.starts_with('+')) {
    span = TimeSpan{now_, now_ + kTick};
  } else {
    span = read_date();
    if (span && !rest_.empty() && !take("||")) return std::nullopt;
  }
  while (span && !rest_.empty()) {
    if (!read_step(*span)) return std::nullopt;
  }
  return span;
}

std::optional<TimeSpan> TimeReader::read_date() {
  LocalTime local;
  TimeUnit unit = TimeUnit::year;
  const auto year = digits(4);
  if (!year) return std::nullopt;
  local.year = *year;
  if (take("-")) {
    const auto month = digits(2);
    if (!month) return std::nullopt;
    local.month = *month;
    unit = TimeUnit::month;
    if (take("-")) {
      const auto day = digits(2);
      if (!day) return std::nullopt;
      local.day = *day;
      unit = TimeUnit::day;
    }
  }
  const std::chrono::year_month_day date(std::chrono::year(local.year),
                                         std::chrono::month(static_cast<unsigned>(local.month)),
                                         std::chrono::day(static_cast<unsigned>(local.day)));
  if (!date.ok()) return std::nullopt;
  if (unit != TimeUnit::day || !(take("T") || take("t"))) {
    const Timestamp begin = zone_.at(local);
    return TimeSpan{begin, zone_.plus(begin, 1, unit)};
  }
  if (!read_clock(local, unit)) return std::nullopt;
  const auto fraction = unit == TimeUnit::second ? read_fraction() : std::nullopt;
  if (!read_zone()) return std::nullopt;
  const Timestamp begin = zone_.at(local);
  if (fraction) return TimeSpan{begin + *fraction, begin + *fraction + kTick};
  return TimeSpan{begin, zone_.plus(begin, 1, unit)};
}

bool TimeReader::read_clock(LocalTime& local, TimeUnit& unit) {
  const auto hour = digits(2);
  if (!hour || *hour > 23) return false;
  local.hour = *hour;
  unit = TimeUnit::hour;
  if (!take(":")) return true;
  const auto minute = digits(2);
  if (!minute || *minute > 59) return false;
  local.minute = *minute;
  unit = TimeUnit::minute;
  if (!take(":")) return true;
  const auto second = digits(2);
  if (!second || *second > 60) return false;  // 60: a leap second.
  local.second = *second;
  unit = TimeUnit::second;
  return true;
}

/// `.` and digits, of which three count.
std::optional<std::chrono::milliseconds> TimeReader::read_fraction() {
  if (rest_.size() < 2 || rest_[0] != '.' || !is_digit(rest_[1])) return std::nullopt;
  rest_.remove_prefix(1);
  int value = 0;
  int unit = 100;
  for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1)) {
    value += unit * (rest_.front() - '0');
    unit /= 10;
  }
  return std::chrono::milliseconds(value);
}

/// `Z` or an offset, or nothing.
bool TimeReader::read_zone() {
  if (take("Z") || take("z")) {
    zone_ = TimeZone();
    return true;
  }
  const bool sum = rest_.starts_with("||");
  if (rest_.empty() || sum) return true;
  const std::string_view name = rest_.substr(0, rest_.find('|'));
  const bool offset = name.front() == '+' || name.front() == '-';
  auto zone = TimeZone::find(name);
  if (!offset || !zone) return false;
  zone_ = std::move(*zone);
  rest_.remove_prefix(name.size());
  return true;
}

/// `/d`, `+1h`, `-7d`
bool TimeReader::read_step(TimeSpan& span) {
  if (take("+")) return read_sum(span, 1);
  if (take("-")) return read_sum(span, -1);
  if (!take("/") || rest_.empty()) return false;
  const auto unit = unit_of(rest_.front());
  if (!unit) return false;
  rest_.remove_prefix(1);
  span.begin = zone_.floor(span.begin, *unit);
  span.end = zone_.plus(span.begin, 1, *unit);
  return true;
}

bool TimeReader::read_sum(TimeSpan& span, int sign) {
  constexpr int kMostUnits = 1'000'000;
  int amount = 1;
  if (!rest_.empty() && is_digit(rest_.front())) {
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), amount);
    if (error != std::errc() || amount > kMostUnits) return false;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
  }
  const auto unit = rest_.empty() ? std::nullopt : unit_of(rest_.front());
  if (!unit) return false;
  rest_.remove_prefix(1);
  span.begin = zone_.plus(span.begin, sign * amount, *unit);
  span.end = zone_.plus(span.end, sign * amount, *unit);
  return true;
}

}  // namespace

Result<TimeSpan> parse_time_span(std::string_view text, Timestamp now, const TimeZone& zone) {
  constexpr std::size_t kLongest = 100;
  if (text.size() <= kLongest) {
    if (const auto span = TimeReader(text, now, zone).read()) return *span;
  }
  return fail(ErrorCode::bad_query,
              "expected a time such as 2021-07-29, 2021-07-29T23:53:26Z or now-24h, got " +
                  in_quotes(text));
}

}  // namespace trailsift::query::kql
