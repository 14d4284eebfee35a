#include "indexer/record_search.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "indexer/extent_scanner.h"

namespace trailsift::indexer {
namespace {

// Nearly every record ends within the first look; each further look is wider by the factor, so the
// work stays in proportion to what is passed over.
constexpr std::size_t kFirstLook = 16UL << 10;
constexpr std::size_t kLookFactor = 4;
constexpr std::size_t kSearchStep = 64UL << 10;
// What is kept in front of a search, to see what a brace stands behind.
constexpr std::size_t kLookBack = 64;
constexpr std::size_t kLeastRefill = 4096;

// Attempts may parse this much in vain before only the starts of lines and files are believed.
constexpr std::uint64_t kFreeTryBytes = 64UL << 20;
constexpr std::uint64_t kTryBytesPerByte = 16;
constexpr std::uint64_t kCostOfTry = 64;

// RapidJSON reports a bad character up to so many bytes before the end as a cut one.
constexpr std::size_t kLongestEscape = 12;

constexpr std::string_view kIdKey = "\"eventID\"";
constexpr std::string_view kSpace = " \t\r\n";

}  // namespace

tl::expected<std::size_t, Rejection> RecordSearch::parse_at(std::size_t at) {
  const auto too_large = [&] {
    return tl::unexpected(
        Rejection{Reject::record_too_large,
                  "expected a record of at most " + std::to_string(max_record_bytes_) + " bytes"});
  };
  // So much more tells a mistake at the limit from a cut.
  const std::size_t most = max_record_bytes_ + kLongestEscape + 1;
  while (true) {
    const bool whole = window_.ended();
    const std::string_view text = window_.text().substr(at, most);
    auto parsed = parse_(text);
    const bool truncated = !parsed && parsed.error().reason == Reject::truncated;
    if (!truncated || whole || text.size() == most) {
      const std::size_t seen =
          parsed ? *parsed : std::max(parsed.error().size, parsed.error().offset);
      if (seen > max_record_bytes_) return too_large();
      return parsed;
    }
    // Twice as much as last time, so that the parsing in vain adds up to one more record.
    const std::size_t wanted = std::max(2 * text.size(), kLeastRefill);
    window_.ensure(at + std::min(wanted, most));
  }
}

void RecordSearch::skip_damage(Rejection& why) {
  ExtentScanner scanner;
  std::size_t searched = 1;
  for (std::size_t limit = kFirstLook;; limit *= kLookFactor) {
    limit = std::min(limit, max_record_bytes_);
    const bool more = window_.ensure(limit);
    const std::size_t looked = std::min(limit, window_.text().size());
    scanner.feed(window_.text().substr(scanner.size(), looked - scanner.size()));
    if (!more) scanner.finish();
    if (scanner.state() == ExtentScanner::State::closed && continues_at(scanner.size())) {
      explain_truncation(scanner.size(), why);
      const bool doubtful = scanner.suspicious() || may_hold_records(scanner.size(), why);
      const bool moved = doubtful && move_to_candidate(searched, scanner.size());
      if (!moved) window_.consume(scanner.size());
      return;
    }
    if (move_to_candidate(searched, looked)) return;
    searched = looked;
    if (!more || limit == max_record_bytes_) break;
  }
  search_on(searched);
}

bool RecordSearch::skip_value() {
  ExtentScanner scanner;
  while (scanner.state() == ExtentScanner::State::open && window_.ensure(1)) {
    const std::size_t before = scanner.size();
    scanner.feed(window_.text());
    window_.consume(scanner.size() - before);
  }
  scanner.finish();
  if (scanner.state() == ExtentScanner::State::broken) search_on(0);
  return scanner.state() == ExtentScanner::State::closed;
}

/// A cut can leave whole records inside a damaged one. Nesting is no damage: its sender chose it,
/// and must not be able to pass off a part of it as a record.
bool RecordSearch::may_hold_records(std::size_t size, const Rejection& why) const {
  return why.reason != Reject::too_deep &&
         window_.text().substr(0, size).find(kIdKey) != std::string_view::npos;
}

/// A mistake near the end looks like a cut to the parser, unless something follows.
void RecordSearch::explain_truncation(std::size_t size, Rejection& why) {
  if (why.reason != Reject::truncated) return;
  std::string followed(window_.text().substr(0, size));
  followed.append(kLongestEscape, ' ');
  auto parsed = parse_(followed);
  if (!parsed) why = std::move(parsed.error());
}

/// True when what follows a value of records or files stands at index `at`.
bool RecordSearch::continues_at(std::size_t at) {
  at = window_.skip_space(at, at + kLookBack);
  auto next = window_.peek(at);
  if (!next || *next == ']' || *next == '{') return true;
  if (*next != ',') return false;
  next = window_.peek(window_.skip_space(at + 1, at + kLookBack));
  return !next || *next == ']' || *next == '{';
}

/// Searches the rest of the text, from index `searched` of the window on.
bool RecordSearch::search_on(std::size_t searched) {
  while (true) {
    const bool more = window_.ensure(searched + kSearchStep);
    const std::size_t looked = std::min(searched + kSearchStep, window_.text().size());
    if (move_to_candidate(searched, looked)) return true;
    if (!more) {
      window_.consume(window_.text().size());
      return false;
    }
    window_.consume(looked - kLookBack);
    searched = kLookBack;
  }
}

/// Moves the window to the first index of [from, to) where reading can go on.
bool RecordSearch::move_to_candidate(std::size_t from, std::size_t to) {
  std::size_t at = window_.text().find('{', from);
  while (at < to) {
    const std::size_t failed = may_begin(at) ? try_candidate(at) : 1;
    if (failed == 0) {
      window_.consume(at);
      return true;
    }
    at = window_.text().find('{', at + failed);
  }
  return false;
}

bool RecordSearch::begins_line(std::size_t at) const {
  return at > 0 && window_.text()[at - 1] == '\n';
}

/// A brace with a member in it that is no member's value itself.
bool RecordSearch::may_begin(std::size_t at) {
  const std::size_t member = window_.skip_space(at + 1, at + kLookBack);
  if (window_.peek(member) != '"') return false;
  if (begins_line(at)) return true;
  const auto last_before = [&](std::size_t end) {
    return window_.text().substr(0, end).find_last_not_of(kSpace);
  };
  const std::size_t last = last_before(at);
  if (last == std::string_view::npos || window_.text()[last] != ':') return true;
  const std::size_t key_end = last_before(last);
  return key_end == std::string_view::npos || window_.text()[key_end] != '"';
}

bool RecordSearch::begins_envelope(std::size_t at) {
  constexpr std::string_view kKey = "\"Records\"";
  const std::size_t key = window_.skip_space(at + 1, at + kLookBack);
  window_.ensure(key + kKey.size());
  if (!window_.text().substr(key).starts_with(kKey)) return false;
  const std::size_t colon = window_.skip_space(key + kKey.size(), key + kLookBack);
  return window_.peek(colon) == ':' &&
         window_.peek(window_.skip_space(colon + 1, colon + kLookBack)) == '[';
}

/// 0 when reading can go on at index `at`; otherwise how many bytes there need no other attempt.
std::size_t RecordSearch::try_candidate(std::size_t at) {
  if (begins_line(at) || begins_envelope(at)) return 0;
  if (bytes_tried_ > kFreeTryBytes + kTryBytesPerByte * window_.offset()) return 1;
  const auto parsed = parse_at(at);
  if (parsed) return 0;
  const Rejection& why = parsed.error();
  // Whole, but with a bad id or time: it is for the reader to reject.
  if (why.size > 0 && why.reason != Reject::missing_event_id) return 0;
  bytes_tried_ += kCostOfTry + std::max(why.size, why.offset);
  const bool holds_record =
      window_.text().substr(at, why.size).find(kIdKey) != std::string_view::npos;
  return why.size == 0 || holds_record ? 1 : why.size;
}

}  // namespace trailsift::indexer
