#include "indexer/record_reader.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "indexer/extent_scanner.h"
#include "indexer/record_search.h"
#include "indexer/text_window.h"

namespace trailsift::indexer {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kSeparators = " \t\r\n,";

/// What the first telling member of an object shows it to be.
struct ObjectForm {
  enum class Is : std::uint8_t { record, envelope, foreign, untold, too_large } is;
  FileKind kind = FileKind::other_json;  ///< Of a foreign object.
  std::size_t elements = 0;              ///< Index of the first byte in an envelope's array.
};

/// Rejected, or skipped together with the whole file when no record turns up.
struct Finding {
  RejectedStretch stretch;
  FileKind kind = FileKind::other_json;
  bool shows_record = false;  ///< It is part of a log for sure.
  bool broken = false;        ///< It began as JSON and is none.
};

class RecordReader {
 public:
  RecordReader(Inflater& text, const IngestLimits& limits, RecordSink& sink)
      : window_(text),
        search_(window_, limits.max_record_bytes,
                [&sink](std::string_view record) { return sink.parse(record); }),
        max_record_bytes_(limits.max_record_bytes),
        sink_(sink) {}

  FileKind read();

 private:
  /// Where the window stands: between values, in an array of `Records`, or behind that array.
  enum class Place : std::uint8_t { values, records, envelope };

  void read_at(char first);
  void read_value(char first);
  void read_object();
  void enter(const ObjectForm& envelope, bool inside_another);
  void read_record(bool shows_record);
  void read_member();
  void reject_value(Rejection why, bool shows_record);
  void skip_damage(Rejection why, bool shows_record);
  void skip_large(const Rejection& why);
  void skip_foreign(FileKind kind);

  ObjectForm recognise();
  bool holds_records(std::size_t at);
  std::optional<std::string> pass_key(std::size_t& at);
  std::size_t value_size(std::size_t at);

  void tell_failure(Finding& finding);
  RejectedStretch stretch_here(const Rejection& why);
  RejectedStretch begin_stretch(const Rejection& why);
  void end_stretch(RejectedStretch& stretch);
  void report(Finding finding);
  void claim();
  void finish();
  void leave_damage();

  TextWindow window_;
  RecordSearch search_;
  const std::size_t max_record_bytes_;
  RecordSink& sink_;
  Place place_ = Place::values;
  bool in_array_ = false;  // A bare one.
  bool damaged_ = false;   // Brackets may be missing or left over.
  bool stopped_ = false;
  bool failure_told_ = false;
  bool is_log_ = false;
  FileKind kind_ = FileKind::empty;
  std::optional<Finding> unclaimed_;  // All that stands before the first sign of a log.
};

FileKind RecordReader::read() {
  window_.ensure(kByteOrderMark.size());
  if (window_.text().starts_with(kByteOrderMark)) window_.consume(kByteOrderMark.size());
  while (!stopped_ && window_.pass_over(kSeparators)) read_at(window_.text().front());
  if (!stopped_) finish();
  return is_log_ ? FileKind::log : kind_;
}

void RecordReader::read_at(char first) {
  if (place_ == Place::records && first == ']') {
    window_.consume(1);
    place_ = Place::envelope;
  } else if (place_ == Place::records && first == '{' && !damaged_) {
    read_record(true);
  } else if (place_ == Place::envelope && first == '}') {
    window_.consume(1);
    place_ = Place::values;
  } else if (place_ == Place::envelope && first == '"') {
    read_member();
  } else {
    read_value(first);
  }
}

void RecordReader::read_value(char first) {
  const bool left_over = damaged_ && (first == ']' || first == '}');
  if (first == '{' && place_ != Place::envelope) {
    read_object();
  } else if (first == '[' && place_ == Place::values && !in_array_) {
    window_.consume(1);
    in_array_ = true;
  } else if (left_over || (first == ']' && in_array_ && place_ == Place::values)) {
    window_.consume(1);
    in_array_ = false;
  } else {
    skip_damage({Reject::not_an_object, "expected a JSON object"}, is_log_);
  }
}

void RecordReader::read_object() {
  const ObjectForm form = recognise();
  switch (form.is) {
    case ObjectForm::Is::record: return read_record(true);
    case ObjectForm::Is::untold: return read_record(false);
    case ObjectForm::Is::foreign: return skip_foreign(form.kind);
    case ObjectForm::Is::too_large:
      return skip_large(
          {Reject::record_too_large, "expected a record or Records within the first " +
                                         std::to_string(max_record_bytes_) + " bytes"});
    case ObjectForm::Is::envelope: return enter(form, false);
  }
}

void RecordReader::enter(const ObjectForm& envelope, bool inside_another) {
  claim();
  window_.consume(envelope.elements);
  place_ = Place::records;
  damaged_ = inside_another;
}

void RecordReader::read_record(bool shows_record) {
  auto parsed = search_.parse_at(0);
  if (!parsed) return reject_value(std::move(parsed.error()), shows_record);
  claim();
  stopped_ = stopped_ || !sink_.on_record();
  window_.consume(*parsed);
}

/// Reads a member that stands behind the array of records.
void RecordReader::read_member() {
  std::size_t at = 0;
  const auto key = pass_key(at);
  const auto first = window_.peek(at);
  if (!key || !first) {
    return skip_damage({key ? Reject::truncated : Reject::invalid_json, "expected a member"}, true);
  }
  if (*key == "Records" && *first == '[') {
    window_.consume(at + 1);
    place_ = Place::records;
    return;
  }
  Finding finding{.stretch = begin_stretch({Reject::invalid_json, "expected a member, got none"})};
  window_.consume(at);
  const bool whole = search_.skip_value();
  end_stretch(finding.stretch);
  // Cut off: finish() tells it.
  if (whole || window_.text().empty()) return;
  leave_damage();
  report(std::move(finding));
}

/// The window begins with something that parse_at() rejected.
void RecordReader::reject_value(Rejection why, bool shows_record) {
  if (why.reason == Reject::record_too_large) return skip_large(why);
  if (why.size == 0) return skip_damage(std::move(why), shows_record);
  if (why.reason == Reject::missing_event_id && place_ == Place::records) {
    // The end of the envelope before can be missing without a trace.
    const ObjectForm form = recognise();
    if (form.is == ObjectForm::Is::envelope) return enter(form, true);
  }
  Finding finding{.stretch = begin_stretch(why), .shows_record = shows_record};
  window_.consume(why.size);
  end_stretch(finding.stretch);
  report(std::move(finding));
}

void RecordReader::skip_damage(Rejection why, bool shows_record) {
  Finding finding{.stretch = begin_stretch(why)};
  const char first = window_.text().front();
  finding.broken = first == '{' || first == '[';
  finding.kind = finding.broken || first == '"' ? FileKind::other_json : FileKind::not_json;
  finding.shows_record = shows_record || shows_records(finding.stretch.excerpt);

  search_.skip_damage(why);
  leave_damage();
  RejectedStretch& stretch = finding.stretch;
  end_stretch(stretch);
  stretch.reason = why.reason;
  stretch.detail = std::move(why.detail);
  if (why.offset > 0) {
    stretch.detail += " (at byte " + std::to_string(stretch.offset + why.offset) + ")";
  }
  tell_failure(finding);
  report(std::move(finding));
}

/// What reaches up to where the text was cut off is rejected for that.
void RecordReader::tell_failure(Finding& finding) {
  if (!window_.failure() || !window_.text().empty()) return;
  finding.stretch.reason = window_.failure()->reason;
  finding.stretch.detail = window_.failure()->detail;
  finding.shows_record = failure_told_ = true;
}

void RecordReader::skip_large(const Rejection& why) {
  Finding finding{.stretch = begin_stretch(why), .broken = true};
  finding.shows_record = place_ == Place::records || shows_records(finding.stretch.excerpt);
  const bool whole = search_.skip_value();
  end_stretch(finding.stretch);
  if (!whole) {
    leave_damage();
    tell_failure(finding);
  }
  report(std::move(finding));
}

void RecordReader::skip_foreign(FileKind kind) {
  Finding finding{.stretch = begin_stretch({Reject::missing_event_id,
                                            "expected a CloudTrail record, got a file of kind " +
                                                std::string(name(kind))}),
                  .kind = kind};
  const bool whole = search_.skip_value();
  end_stretch(finding.stretch);
  if (!whole) {
    finding.stretch.reason = Reject::truncated;
    finding.stretch.detail = "the text ends inside an object";
    finding.broken = true;
    leave_damage();
    tell_failure(finding);
  }
  report(std::move(finding));
}

/// The window begins with a brace. Other members may stand before the telling one.
ObjectForm RecordReader::recognise() {
  using Is = ObjectForm::Is;
  std::size_t at = 1;
  while (at <= max_record_bytes_) {
    const auto key = pass_key(at);
    if (!key) return {Is::untold};
    if (window_.peek(at) == '[' && (*key == "Records" || holds_records(at))) {
      return {Is::envelope, {}, at + 1};
    }
    if (const auto kind = kind_of_key(*key)) {
      return *kind == FileKind::log ? ObjectForm{Is::record} : ObjectForm{Is::foreign, *kind};
    }
    const std::size_t size = value_size(at);
    if (size > max_record_bytes_) break;
    if (size == 0) return {Is::untold};
    at = window_.skip_space(at + size, max_record_bytes_);
    if (window_.peek(at) == ',') ++at;
  }
  return {Is::too_large};
}

/// True when the first element of the array at index `at` is a record, whatever the array is
/// called.
bool RecordReader::holds_records(std::size_t at) {
  const std::size_t element = window_.skip_space(at + 1, max_record_bytes_);
  if (window_.peek(element) != '{') return false;
  std::size_t member = element + 1;
  const auto key = pass_key(member);
  return key && kind_of_key(*key) == FileKind::log;
}

/// The key at index `at`, which is moved to its value; nullopt when there is none.
std::optional<std::string> RecordReader::pass_key(std::size_t& at) {
  at = window_.skip_space(at, max_record_bytes_);
  if (window_.peek(at) != '"') return std::nullopt;
  const std::size_t size = value_size(at);
  if (size == 0 || size > max_record_bytes_) return std::nullopt;
  std::string key(window_.text().substr(at + 1, size - 2));
  const std::size_t colon = window_.skip_space(at + size, max_record_bytes_);
  if (window_.peek(colon) != ':') return std::nullopt;
  at = window_.skip_space(colon + 1, max_record_bytes_);
  return key;
}

/// Bytes of the value at index `at`: 0 when it has no end, more than a record may have when that is
/// too far.
std::size_t RecordReader::value_size(std::size_t at) {
  ExtentScanner scanner;
  while (scanner.state() == ExtentScanner::State::open && scanner.size() <= max_record_bytes_) {
    if (!window_.ensure(at + scanner.size() + 1)) break;
    scanner.feed(
        window_.text().substr(at + scanner.size(), max_record_bytes_ + 1 - scanner.size()));
  }
  const bool too_far = scanner.size() > max_record_bytes_;
  return too_far || scanner.state() == ExtentScanner::State::closed ? scanner.size() : 0;
}

RejectedStretch RecordReader::stretch_here(const Rejection& why) {
  window_.ensure(kMaxExcerptBytes);
  return {window_.offset(), why.reason, why.detail,
          std::string(window_.text().substr(0, kMaxExcerptBytes))};
}

/// stretch_here(), and what is passed over from here on is its bytes.
RejectedStretch RecordReader::begin_stretch(const Rejection& why) {
  RejectedStretch stretch = stretch_here(why);
  window_.begin_keeping(kMaxKeptBytes);
  return stretch;
}

/// The stretch ends where the window stands.
void RecordReader::end_stretch(RejectedStretch& stretch) {
  stretch.bytes = window_.end_keeping();
  stretch.size = window_.offset() - stretch.offset;
  stretch.excerpt.resize(std::min<std::size_t>(stretch.excerpt.size(), stretch.size));
}

void RecordReader::report(Finding finding) {
  if (is_log_ || finding.shows_record) {
    claim();
    stopped_ = stopped_ || !sink_.on_rejected(std::move(finding.stretch));
  } else if (!unclaimed_) {
    kind_ = finding.kind;
    unclaimed_ = std::move(finding);
  }
}

/// From here on the file is a log, and what stood before was rejected.
void RecordReader::claim() {
  if (is_log_) return;
  is_log_ = true;
  if (unclaimed_) stopped_ = !sink_.on_rejected(std::move(unclaimed_->stretch));
  unclaimed_.reset();
}

/// Brackets do not tell any more where the window stands.
void RecordReader::leave_damage() {
  damaged_ = true;
  if (place_ == Place::envelope) place_ = Place::values;
}

void RecordReader::finish() {
  const bool open = (place_ != Place::values || in_array_) && !damaged_ && !unclaimed_;
  const bool failed = window_.failure() && !failure_told_;
  if (failed || open) {
    RejectedStretch end =
        stretch_here(failed ? *window_.failure()
                            : Rejection{Reject::truncated, "the text ends inside an array"});
    if (unclaimed_) {
      end.offset = unclaimed_->stretch.offset;
      end.excerpt = std::move(unclaimed_->stretch.excerpt);
      unclaimed_.reset();
    }
    report({.stretch = std::move(end), .shows_record = true});
  } else if (unclaimed_ && unclaimed_->broken) {
    claim();
  }
}

}  // namespace

FileKind read_records(Inflater& text, const IngestLimits& limits, RecordSink& sink) {
  return RecordReader(text, limits, sink).read();
}

}  // namespace trailsift::indexer
