#include "indexer/sound_records.h"

#include <optional>
#include <string>
#include <utility>

#define SIMDJSON_EXCEPTIONS 0  // A file that is not sound is nothing exceptional.
#include <simdjson.h>

#include "indexer/whole_file.h"
#include "schema/flatten.h"

namespace trailsift::indexer {
namespace {

namespace ondemand = simdjson::ondemand;

static_assert(WholeFile::kPadding >= simdjson::SIMDJSON_PADDING);

constexpr std::string_view kSpace = " \t\r\n";

/// Hands the leaves of one record to a batch. Every function answers false when something is not
/// as it is in sound records.
class RecordWalk {
 public:
  /// `end`: of the text that the record is in.
  RecordWalk(store::EventBatch& batch, const char* end) : batch_(batch), end_(end) {}

  bool object(ondemand::object object, PathId path, std::size_t depth) {
    if (depth > kMaxRecordDepth) return false;
    for (auto member : object) {
      ondemand::field field;
      if (std::move(member).get(field)) return false;
      const auto below = child(path, field);
      if (!below || !any(field.value(), *below, depth)) return false;
    }
    return true;
  }

 private:
  std::optional<PathId> child(PathId path, ondemand::field& field) {
    PathTable& paths = batch_.paths();
    const ondemand::raw_json_string raw = field.key();
    const auto left = static_cast<std::size_t>(end_ - raw.raw());
    const std::string_view likely = paths.likely_key(path);
    if (!likely.empty() && raw.unsafe_is_equal(left, likely)) return paths.likely_child();
    std::string_view key;
    if (field.unescaped_key().get(key)) return std::nullopt;
    return paths.child(path, key);
  }

  bool any(ondemand::value& value, PathId path, std::size_t depth) {
    ondemand::json_type type{};
    if (value.type().get(type)) return false;
    switch (type) {
      case ondemand::json_type::object: {
        ondemand::object below;
        return !value.get_object().get(below) && object(below, path, depth + 1);
      }
      case ondemand::json_type::array: return array(value, path, depth + 1);
      case ondemand::json_type::string: {
        std::string_view text;
        return !value.get_string().get(text) && leaf(path, text);
      }
      case ondemand::json_type::number: return number(value, path);
      case ondemand::json_type::boolean: {
        bool truth = false;
        return !value.get_bool().get(truth) && leaf(path, truth ? "true" : "false");
      }
      case ondemand::json_type::null: {
        bool null = false;
        return !value.is_null().get(null) && null;
      }
    }
    return false;
  }

  bool array(ondemand::value& value, PathId path, std::size_t depth) {
    ondemand::array elements;
    if (depth > kMaxRecordDepth || value.get_array().get(elements)) return false;
    for (auto element : elements) {
      ondemand::value below;
      if (element.get(below) || !any(below, path, depth)) return false;
    }
    return true;
  }

  bool number(ondemand::value& value, PathId path) {
    std::string_view text = value.raw_json_token();
    text = text.substr(0, text.find_last_not_of(kSpace) + 1);
    std::uint64_t whole = 0;
    double any_number = 0;
    const bool is_number = !value.get_uint64().get(whole) || !value.get_double().get(any_number);
    return is_number && leaf(path, number_text(text, scratch_));
  }

  bool leaf(PathId path, std::string_view text) {
    if (!text.empty()) batch_.on_leaf(path, text);
    return true;
  }

  store::EventBatch& batch_;
  const char* const end_;
  std::string scratch_;
};

}  // namespace

class SoundRecords::Parser {
 public:
  Parser(std::size_t max_record_bytes, const ExcludeFilter* filter)
      : max_record_bytes_(max_record_bytes), filter_(filter) {}

  std::size_t filtered() const { return filtered_; }

  bool read(std::string_view text, std::string_view log_file, store::EventBatch& batch) {
    ondemand::document document;
    ondemand::object top;
    const simdjson::padded_string_view padded(text.data(), text.size(),
                                              text.size() + WholeFile::kPadding);
    if (parser_.iterate(padded).get(document) || document.get_object().get(top)) return false;
    filtered_ = 0;
    bool first = true;
    for (auto member : top) {
      std::string_view key;
      ondemand::array elements;
      if (!first || member.error() || member.unescaped_key().get(key) || key != "Records" ||
          member.value().get_array().get(elements)) {
        return false;
      }
      if (!records(document, elements, text, log_file, batch)) return false;
      first = false;
    }
    const char* behind = nullptr;
    return !first && document.current_location().get(behind) == simdjson::OUT_OF_BOUNDS;
  }

 private:
  /// `text`: the document's.
  bool records(ondemand::document& document, ondemand::array elements, std::string_view text,
               std::string_view log_file, store::EventBatch& batch) {
    RecordWalk walk(batch, text.data() + text.size());
    for (auto element : elements) {
      ondemand::value value;
      ondemand::object record;
      const char* behind = nullptr;
      if (element.get(value)) return false;
      const char* const begin = value.raw_json_token().data();
      batch.begin();
      if (value.get_object().get(record) || !walk.object(record, PathTable::kRoot, 1) ||
          document.current_location().get(behind)) {
        return false;
      }
      // The parser stands at the comma or bracket that follows the record.
      const std::string_view rest(begin, static_cast<std::size_t>(behind - begin));
      const std::string_view json = rest.substr(0, rest.find_last_not_of(kSpace) + 1);
      if (json.size() > max_record_bytes_ || !batch.end(json)) return false;
      if (!add_unless_excluded(batch, log_file, filter_)) ++filtered_;
    }
    return true;
  }

  ondemand::parser parser_;
  const std::size_t max_record_bytes_;
  const ExcludeFilter* const filter_;
  std::size_t filtered_ = 0;  // Of the text that was read last.
};

SoundRecords::SoundRecords(const IngestLimits& limits, const ExcludeFilter* filter)
    : parser_(std::make_unique<Parser>(limits.max_record_bytes, filter)) {}

SoundRecords::~SoundRecords() = default;

std::optional<SoundRecords::Count> SoundRecords::read(std::string_view text,
                                                      std::string_view log_file,
                                                      store::EventBatch& batch) {
  const std::size_t before = batch.size();
  if (parser_->read(text, log_file, batch)) {
    return Count{batch.size() - before, parser_->filtered()};
  }
  batch.truncate(before);
  return std::nullopt;
}

}  // namespace trailsift::indexer
