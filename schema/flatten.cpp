#include "schema/flatten.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>
#include <vector>

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include "schema/derive.h"

namespace trailsift {
namespace {

constexpr unsigned kParseFlags =
    rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag |
    rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseStopWhenDoneFlag;

using PathIndex = std::unordered_map<std::string_view, FieldIndex>;

PathIndex build_path_index() {
  PathIndex index;
  for (const Field& field : fields()) {
    if (field.origin == Origin::record) index.emplace(field.path, index_of(field));
  }
  return index;
}

/// Follows the parser through one record and collects its leaves.
class LeafCollector : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, LeafCollector> {
 public:
  explicit LeafCollector(Event& event) : event_(event) {}

  bool Null() { return at_scalar(); }
  bool Bool(bool value) { return at_scalar() && add_leaf(value ? "true" : "false"); }
  bool String(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    return at_scalar() && add_leaf(std::string(text, size));
  }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    const std::string_view number(text, size);
    auto integer = canonical_value(FieldType::integer, number);
    return at_scalar() && add_leaf(integer ? std::move(*integer) : std::string(number));
  }
  bool Key(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    path_.resize(path_ends_.back());
    if (!path_.empty()) path_ += '.';
    path_.append(text, size);
    return true;
  }
  bool StartObject() { return enter(); }
  bool EndObject(rapidjson::SizeType /*members*/) { return leave(); }
  bool StartArray() {
    root_is_object_ = root_is_object_ && !path_ends_.empty();
    return root_is_object_ && enter();
  }
  bool EndArray(rapidjson::SizeType /*elements*/) { return leave(); }

  bool root_is_object() const { return root_is_object_; }

 private:
  /// The path of a container stands until its end; keys inside are appended to it.
  bool enter() {
    if (path_ends_.size() == kMaxRecordDepth) return false;
    path_ends_.push_back(path_.size());
    return true;
  }

  bool leave() {
    path_.resize(path_ends_.back());
    path_ends_.pop_back();
    return true;
  }

  bool at_scalar() {
    root_is_object_ = root_is_object_ && !path_ends_.empty();
    return root_is_object_;
  }

  bool add_leaf(std::string value) {
    if (value.empty()) return true;
    static const PathIndex kFieldOfPath = build_path_index();
    if (const auto found = kFieldOfPath.find(path_); found != kFieldOfPath.end()) {
      if (auto canonical = canonical_value(field_at(found->second).type, value)) {
        add_value(event_, found->second, std::move(*canonical));
      }
    }
    event_.leaves.push_back(Leaf{path_, std::move(value)});
    return true;
  }

  Event& event_;
  std::string path_;
  std::vector<std::size_t> path_ends_;
  bool root_is_object_ = true;
};

bool is_encoding_error(rapidjson::ParseErrorCode code) {
  return code == rapidjson::kParseErrorStringInvalidEncoding ||
         code == rapidjson::kParseErrorStringUnicodeSurrogateInvalid ||
         code == rapidjson::kParseErrorStringUnicodeEscapeInvalidHex;
}

Rejection rejection_of(const rapidjson::ParseResult& result, const LeafCollector& collector,
                       std::string_view text) {
  const std::size_t at = result.Offset();
  if (result.Code() == rapidjson::kParseErrorTermination) {
    if (!collector.root_is_object()) {
      return {Reject::not_an_object, "expected a JSON object", at};
    }
    return {Reject::too_deep,
            "nested deeper than " + std::to_string(kMaxRecordDepth) + " objects and arrays", at};
  }
  // The longest escape is two \uXXXX: an error that near to the end may be the end itself.
  constexpr std::size_t kLongestEscape = 12;
  const bool in_string = is_encoding_error(result.Code()) ||
                         result.Code() == rapidjson::kParseErrorStringEscapeInvalid;
  const bool cut_escape = in_string && at + kLongestEscape >= text.size();
  if (at >= text.size() || cut_escape) {
    return {Reject::truncated, "the text ends inside a record", text.size()};
  }
  const Reject reason =
      is_encoding_error(result.Code()) ? Reject::invalid_utf8 : Reject::invalid_json;
  return {reason, rapidjson::GetParseError_En(result.Code()), at};
}

/// The leaf that a field was taken from, whether or not its text was of the field's type.
bool has_leaf(const Event& event, std::string_view path) {
  return std::ranges::find(event.leaves, path, &Leaf::path) != event.leaves.end();
}

std::optional<Rejection> identify(Event& event) {
  static const FieldIndex kId = field_index("event_id");
  static const FieldIndex kTime = field_index("event_time");
  const auto id = value_of(event, kId);
  if (!id) return Rejection{Reject::missing_event_id, "expected an eventID, got none"};
  if (id->size() > kMaxEventIdBytes) {
    return Rejection{Reject::bad_event_id, "expected an eventID of at most " +
                                               std::to_string(kMaxEventIdBytes) + " bytes, got " +
                                               std::to_string(id->size())};
  }
  event.id = *id;
  const auto time = value_of(event, kTime);
  if (!time) {
    if (!has_leaf(event, "eventTime")) {
      return Rejection{Reject::missing_event_time, "expected an eventTime, got none"};
    }
    return Rejection{Reject::bad_event_time, "expected an eventTime such as 2021-07-29T23:53:26Z"};
  }
  event.time = *parse_time(*time);
  return std::nullopt;
}

/// Finds the extent of one member of the top object.
class MemberFinder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, MemberFinder> {
 public:
  MemberFinder(const rapidjson::MemoryStream& stream, std::string_view key)
      : stream_(stream), key_(key) {}

  bool Default() { return !(depth_ == 1 && found_ && finish(stream_.Tell())); }
  bool Null() {
    found_ = found_ && depth_ != 1;
    return true;
  }
  bool Key(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    if (depth_ == 1 && std::string_view(text, size) == key_) {
      found_ = true;
      extent_.begin = stream_.Tell();
    }
    return true;
  }
  bool StartObject() {
    ++depth_;
    return true;
  }
  bool StartArray() { return StartObject(); }
  // The parser calls these with the closing bracket still unread.
  bool EndObject(rapidjson::SizeType /*members*/) {
    --depth_;
    return !(depth_ == 1 && found_ && finish(stream_.Tell() + 1));
  }
  bool EndArray(rapidjson::SizeType elements) { return EndObject(elements); }

  std::optional<Span> extent() const { return done_ ? std::optional(extent_) : std::nullopt; }

 private:
  bool finish(std::size_t end) {
    extent_.end = end;
    done_ = true;
    return true;
  }

  const rapidjson::MemoryStream& stream_;
  std::string_view key_;
  std::size_t depth_ = 0;
  Span extent_;
  bool found_ = false;
  bool done_ = false;
};

struct RejectName {
  Reject reason;
  std::string_view name;
};

constexpr std::array kRejectNames = {
    RejectName{Reject::invalid_json, "invalid_json"},
    RejectName{Reject::invalid_utf8, "invalid_utf8"},
    RejectName{Reject::truncated, "truncated"},
    RejectName{Reject::too_deep, "too_deep"},
    RejectName{Reject::not_an_object, "not_an_object"},
    RejectName{Reject::record_too_large, "record_too_large"},
    RejectName{Reject::missing_event_id, "missing_event_id"},
    RejectName{Reject::bad_event_id, "bad_event_id"},
    RejectName{Reject::missing_event_time, "missing_event_time"},
    RejectName{Reject::bad_event_time, "bad_event_time"},
    RejectName{Reject::gzip_corrupt, "gzip_corrupt"},
    RejectName{Reject::gzip_truncated, "gzip_truncated"},
    RejectName{Reject::gzip_checksum, "gzip_checksum"},
    RejectName{Reject::inflate_ratio, "inflate_ratio"},
    RejectName{Reject::inflate_size, "inflate_size"},
    RejectName{Reject::unreadable, "unreadable"},
};

}  // namespace

std::string_view name(Reject reason) {
  return std::ranges::find(kRejectNames, reason, &RejectName::reason)->name;
}

tl::expected<ParsedRecord, Rejection> parse_record(std::string_view text) {
  ParsedRecord parsed;
  LeafCollector collector(parsed.event);
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  const auto result = reader.Parse<kParseFlags>(stream, collector);
  if (!result) return tl::unexpected(rejection_of(result, collector, text));
  parsed.size = stream.Tell();
  const std::size_t begin = text.find('{');
  parsed.event.json = text.substr(begin, parsed.size - begin);
  if (auto rejection = identify(parsed.event)) {
    rejection->size = parsed.size;
    return tl::unexpected(std::move(*rejection));
  }
  derive_fields(parsed.event);
  return parsed;
}

tl::expected<Event, Rejection> flatten(std::string_view json) {
  auto parsed = parse_record(json);
  if (!parsed) return tl::unexpected(std::move(parsed.error()));
  return std::move(parsed->event);
}

std::optional<std::string_view> subtree_json(std::string_view json, const Field& subtree) {
  if (subtree.path.empty()) return json;
  rapidjson::MemoryStream stream(json.data(), json.size());
  MemberFinder finder(stream, subtree.path);
  rapidjson::Reader reader;
  reader.Parse<kParseFlags>(stream, finder);
  const auto extent = finder.extent();
  if (!extent) return std::nullopt;
  // The extent starts at the end of the key: a colon and white space stand before the value.
  const std::size_t begin = json.find_first_not_of(" \t\r\n:", extent->begin);
  return json.substr(begin, extent->end - begin);
}

}  // namespace trailsift
