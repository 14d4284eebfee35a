#include "schema/time.h"

#include <array>
#include <charconv>
#include <optional>

namespace trailsift {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kExpectedTime = "expected a time such as '2021-07-29T23:53:26Z', got '";

tl::unexpected<Error> not_a_time(std::string_view text) {
  return fail(ErrorCode::bad_query, std::string(kExpectedTime) + std::string(text) + "'");
}

/// Reads fixed-width pieces of a time from left to right.
class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : rest_(text) {}

  /// Exactly `width` digits, or nullopt.
  std::optional<int> digits(std::size_t width) {
    if (rest_.size() < width) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, width)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(width);
    return value;
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::optional<std::chrono::sys_days> read_day(TimeReader& reader) {
  const auto year = reader.digits(4);
  if (!year || !reader.take('-')) return std::nullopt;
  const auto month = reader.digits(2);
  if (!month || !reader.take('-')) return std::nullopt;
  const auto day = reader.digits(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

/// `.` and one or more digits, or nothing (zero).
std::optional<milliseconds> read_fraction(TimeReader& reader) {
  if (!reader.take('.')) return milliseconds(0);
  int value = 0;
  int count = 0;
  while (const auto digit = reader.digits(1)) {
    if (count++ < 3) value = value * 10 + *digit;
  }
  if (count == 0) return std::nullopt;
  for (; count < 3; ++count) value *= 10;
  return milliseconds(value);
}

std::optional<milliseconds> read_clock(TimeReader& reader) {
  const auto hour = reader.digits(2);
  if (!hour || *hour > 23 || !reader.take(':')) return std::nullopt;
  const auto minute = reader.digits(2);
  if (!minute || *minute > 59 || !reader.take(':')) return std::nullopt;
  const auto second = reader.digits(2);
  if (!second || *second > 60) return std::nullopt;  // 60: a leap second.
  const auto fraction = read_fraction(reader);
  if (!fraction) return std::nullopt;
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second) +
         *fraction;
}

/// `Z` or `+hh:mm`: what has to be subtracted to reach UTC.
std::optional<milliseconds> read_offset(TimeReader& reader) {
  if (reader.take('Z') || reader.take('z')) return milliseconds(0);
  const bool west = reader.take('-');
  if (!west && !reader.take('+')) return std::nullopt;
  const auto hours = reader.digits(2);
  if (!hours || *hours > 23 || !reader.take(':')) return std::nullopt;
  const auto minutes = reader.digits(2);
  if (!minutes || *minutes > 59) return std::nullopt;
  const milliseconds offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return west ? -offset : offset;
}

std::optional<milliseconds> unit_length(char unit) {
  switch (unit) {
    case 's': return std::chrono::seconds(1);
    case 'm': return std::chrono::minutes(1);
    case 'h': return std::chrono::hours(1);
    case 'd': return std::chrono::days(1);
    case 'w': return std::chrono::weeks(1);
    default: return std::nullopt;
  }
}

/// `-24h`: sign, amount, unit. Amounts beyond a million units are refused, so nothing overflows.
std::optional<milliseconds> read_amount(std::string_view text) {
  if (text.size() < 3 || (text.front() != '-' && text.front() != '+')) return std::nullopt;
  const auto unit = unit_length(text.back());
  int amount = 0;
  const char* const last = text.data() + text.size() - 1;
  const auto [end, error] = std::from_chars(text.data() + 1, last, amount);
  constexpr int kMaxAmount = 1'000'000;
  if (!unit || error != std::errc() || end != last || amount < 0 || amount > kMaxAmount) {
    return std::nullopt;
  }
  return (text.front() == '-' ? -amount : amount) * *unit;
}

/// Appends the number with zeros before it. Answers hold thousands of times, and printf is slow.
void append_number(std::string& out, int number, std::size_t width) {
  std::array<char, 16> text{};
  if (number < 0) {
    out += '-';
    number = -number;
    --width;
  }
  const auto* const end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  const auto size = static_cast<std::size_t>(end - text.data());
  if (size < width) out.append(width - size, '0');
  out.append(text.data(), size);
}

}  // namespace

Result<Timestamp> parse_time(std::string_view text) {
  TimeReader reader(text);
  const auto day = read_day(reader);
  if (!day || !(reader.take('T') || reader.take('t'))) return not_a_time(text);
  const auto clock = read_clock(reader);
  if (!clock) return not_a_time(text);
  const auto offset = read_offset(reader);
  if (!offset || !reader.at_end()) return not_a_time(text);
  const Timestamp time = Timestamp(*day) + *clock - *offset;
  const int year(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year());
  if (year < 0 || year > 9999) return not_a_time(text);  // An offset led out of four digits.
  return time;
}

Result<Timestamp> parse_time_bound(std::string_view text, Timestamp now) {
  TimeReader reader(text);
  if (const auto day = read_day(reader); day && reader.at_end()) return Timestamp(*day);
  std::string_view amount = text;
  if (text.starts_with("now")) {
    amount.remove_prefix(3);
    if (amount.empty()) return now;
  }
  if (const auto distance = read_amount(amount)) return now + *distance;
  if (auto time = parse_time(text)) return time;
  return fail(ErrorCode::bad_query,
              "expected a time such as '2021-07-29T23:53:26Z', '2021-07-29' or 'now-24h', got '" +
                  std::string(text) + "'");
}

std::string format_time(Timestamp time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::string out;
  append_number(out, static_cast<int>(date.year()), 4);
  out += '-';
  append_number(out, static_cast<int>(static_cast<unsigned>(date.month())), 2);
  out += '-';
  append_number(out, static_cast<int>(static_cast<unsigned>(date.day())), 2);
  out += 'T';
  append_number(out, static_cast<int>(clock.hours().count()), 2);
  out += ':';
  append_number(out, static_cast<int>(clock.minutes().count()), 2);
  out += ':';
  append_number(out, static_cast<int>(clock.seconds().count()), 2);
  if (const auto fraction = clock.subseconds().count(); fraction != 0) {
    out += '.';
    append_number(out, static_cast<int>(fraction), 3);
  }
  out += 'Z';
  return out;
}

}  // namespace trailsift
