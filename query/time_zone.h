#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::query {

/// Lengths of time that a calendar and a clock have.
enum class TimeUnit : std::uint8_t { year, month, week, day, hour, minute, second };

/// A date and a clock in some zone. Numbers beyond their range carry over: month 13 is January.
struct LocalTime {
  int year = 1970;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

/// Where people live who ask for days and hours. Any thread; cheap to copy.
class TimeZone {
 public:
  /// UTC.
  TimeZone();

  /// `UTC`, `Z`, a name of the IANA database such as `Europe/Berlin`, or an offset such as `+02:00`
  /// up to 18 hours. The database is the system's (/usr/share/zoneinfo). Else a bad_request error.
  static Result<TimeZone> find(std::string_view name);

  const std::string& name() const { return name_; }

  /// The moment. Of a local time that comes twice the first one; of one that is left out, when
  /// clocks go forward, the moment at which they do.
  Timestamp at(const LocalTime& local) const;

  /// The beginning of the unit that `time` is in. Weeks begin on Mondays.
  Timestamp floor(Timestamp time, TimeUnit unit) const;

  /// The time `amount` units later. Years, months, weeks and days are those of the calendar, at the
  /// same time of the day; of a day that a month does not have, its last one is taken.
  Timestamp plus(Timestamp time, int amount, TimeUnit unit) const;

 private:
  struct Rules;
  TimeZone(std::string name, std::shared_ptr<const Rules> rules);

  std::string name_;
  std::shared_ptr<const Rules> rules_;
};

}  // namespace trailsift::query
