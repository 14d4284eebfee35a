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

constexpr unsigned kParseFlags = rapidjson::kParseValidateEncodingFlag |
                                 rapidjson::kParseNumbersAsStringsFlag |
                                 rapidjson::kParseStopWhenDoneFlag;

/// Follows the parser through one record and hands out its leaves.
class LeafWalk : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, LeafWalk> {
 public:
  LeafWalk(PathTable& paths, LeafSink& sink) : paths_(paths), sink_(sink) {}

  bool Null() { return at_scalar(); }
  bool Bool(bool value) { return at_scalar() && add_leaf(value ? "true" : "false"); }
  bool String(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    return at_scalar() && add_leaf({text, size});
  }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    return at_scalar() && add_leaf(number_text({text, size}, number_));
  }
  bool Key(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    path_ = paths_.child(containers_.at(depth_ - 1), {text, size});
    return true;
  }
  bool StartObject() { return enter(); }
  bool EndObject(rapidjson::SizeType /*members*/) { return leave(); }
  bool StartArray() {
    root_is_object_ = root_is_object_ && depth_ > 0;
    return root_is_object_ && enter();
  }
  bool EndArray(rapidjson::SizeType /*elements*/) { return leave(); }

  bool root_is_object() const { return root_is_object_; }

 private:
  /// The path of a container stands until its end; keys inside lead on from it.
  bool enter() {
    if (depth_ == kMaxRecordDepth) return false;
    containers_.at(depth_++) = path_;
    return true;
  }

  bool leave() {
    path_ = containers_.at(--depth_);
    return true;
  }

  bool at_scalar() {
    root_is_object_ = root_is_object_ && depth_ > 0;
    return root_is_object_;
  }

  bool add_leaf(std::string_view value) {
    if (!value.empty()) sink_.on_leaf(path_, value);
    return true;
  }

  PathTable& paths_;
  LeafSink& sink_;
  std::array<PathId, kMaxRecordDepth> containers_{};
  std::size_t depth_ = 0;
  PathId path_ = PathTable::kRoot;
  std::string number_;
  bool root_is_object_ = true;
};

bool is_encoding_error(rapidjson::ParseErrorCode code) {
  return code == rapidjson::kParseErrorStringInvalidEncoding ||
         code == rapidjson::kParseErrorStringUnicodeSurrogateInvalid ||
         code == rapidjson::kParseErrorStringUnicodeEscapeInvalidHex;
}

Rejection rejection_of(const rapidjson::ParseResult& result, const LeafWalk& walk,
                       std::string_view text) {
  const std::size_t at = result.Offset();
  if (result.Code() == rapidjson::kParseErrorTermination) {
    if (!walk.root_is_object()) {
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

using FieldOfPath = std::unordered_map<std::string_view, FieldIndex>;

FieldOfPath build_field_of_path() {
  FieldOfPath index;
  for (const Field& field : fields()) {
    if (field.origin == Origin::record) index.emplace(field.path, index_of(field));
  }
  return index;
}

/// Makes an event of the leaves.
class EventCollector : public LeafSink {
 public:
  EventCollector(const PathTable& paths, Event& event) : paths_(paths), event_(event) {}

  void on_leaf(PathId path, std::string_view value) override {
    const std::string_view path_text = paths_.text(path);
    if (const auto field = field_of_path(path_text)) {
      if (auto canonical = canonical_value(field_at(*field).type, value)) {
        add_value(event_, *field, std::move(*canonical));
      }
    }
    event_.leaves.push_back(Leaf{std::string(path_text), std::string(value)});
  }

 private:
  const PathTable& paths_;
  Event& event_;
};

std::optional<Rejection> identify(Event& event) {
  const bool has_time =
      std::ranges::find(event.leaves, "eventTime", &Leaf::path) != event.leaves.end();
  const auto id = value_of(event, event_id_field());
  std::optional<Timestamp> canonical_time;
  if (const auto text = value_of(event, event_time_field())) canonical_time = *parse_time(*text);
  const auto time = check_identity(id, canonical_time, has_time);
  if (!time) return time.error();
  event.id = *id;
  event.time = *time;
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
    RejectName{Reject::bad_message, "bad_message"},
    RejectName{Reject::missing_object, "missing_object"},
};

}  // namespace

std::string_view name(Reject reason) {
  return std::ranges::find(kRejectNames, reason, &RejectName::reason)->name;
}

std::string_view number_text(std::string_view number, std::string& scratch) {
  constexpr std::size_t kSureDigits = 18;  // Fewer than a 64-bit integer can have.
  const bool plain = number.size() <= kSureDigits && (number.size() == 1 || number[0] != '0') &&
                     number.find_first_not_of("0123456789") == std::string_view::npos;
  if (plain) return number;
  auto integer = canonical_value(FieldType::integer, number);
  if (!integer) return number;
  scratch = std::move(*integer);
  return scratch;
}

std::optional<FieldIndex> field_of_path(std::string_view path) {
  static const FieldOfPath kFieldOfPath = build_field_of_path();
  const auto found = kFieldOfPath.find(path);
  return found == kFieldOfPath.end() ? std::nullopt : std::optional(found->second);
}

tl::expected<RecordExtent, Rejection> read_leaves(std::string_view text, PathTable& paths,
                                                  LeafSink& sink) {
  LeafWalk walk(paths, sink);
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  const auto result = reader.Parse<kParseFlags>(stream, walk);
  if (!result) return tl::unexpected(rejection_of(result, walk, text));
  return RecordExtent{text.find('{'), stream.Tell()};
}

tl::expected<Timestamp, Rejection> check_identity(std::optional<std::string_view> id,
                                                  std::optional<Timestamp> time, bool has_time) {
  if (!id) {
    return tl::unexpected(Rejection{Reject::missing_event_id, "expected an eventID, got none"});
  }
  if (id->size() > kMaxEventIdBytes) {
    return tl::unexpected(Rejection{
        Reject::bad_event_id, "expected an eventID of at most " + std::to_string(kMaxEventIdBytes) +
                                  " bytes, got " + std::to_string(id->size())});
  }
  if (time) return *time;
  if (has_time) {
    return tl::unexpected(
        Rejection{Reject::bad_event_time, "expected an eventTime such as 2021-07-29T23:53:26Z"});
  }
  return tl::unexpected(Rejection{Reject::missing_event_time, "expected an eventTime, got none"});
}

tl::expected<ParsedRecord, Rejection> parse_record(std::string_view text) {
  constexpr std::size_t kMostPathBytes = std::size_t{8} << 20;
  thread_local std::optional<PathTable> paths;
  if (!paths || paths->memory_bytes() > kMostPathBytes) paths.emplace();
  ParsedRecord parsed;
  EventCollector collector(*paths, parsed.event);
  const auto extent = read_leaves(text, *paths, collector);
  if (!extent) return tl::unexpected(extent.error());
  parsed.size = extent->end;
  parsed.event.json = text.substr(extent->begin, extent->end - extent->begin);
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
  reader.Parse<kParseFlags | rapidjson::kParseIterativeFlag>(stream, finder);  // Of any depth.
  const auto extent = finder.extent();
  if (!extent) return std::nullopt;
  // The extent starts at the end of the key: a colon and white space stand before the value.
  const std::size_t begin = json.find_first_not_of(" \t\r\n:", extent->begin);
  return json.substr(begin, extent->end - begin);
}

}  // namespace trailsift
