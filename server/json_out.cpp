#include "server/json_out.h"

#include <variant>

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "schema/utf8.h"

namespace trailsift::server {

struct JsonOut::Writers {
  using Compact = rapidjson::Writer<rapidjson::StringBuffer>;
  using Pretty = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

  rapidjson::StringBuffer buffer;
  std::variant<std::monostate, Compact, Pretty> writer;

  /// Calls `write` with the writer that was chosen.
  template <class Write>
  void with(const Write& write) {
    if (auto* compact = std::get_if<Compact>(&writer)) write(*compact);
    if (auto* pretty = std::get_if<Pretty>(&writer)) write(*pretty);
  }
};

JsonOut::JsonOut(bool pretty) : writers_(std::make_unique<Writers>()) {
  if (pretty) {
    writers_->writer.emplace<Writers::Pretty>(writers_->buffer).SetIndent(' ', 2);
  } else {
    writers_->writer.emplace<Writers::Compact>(writers_->buffer);
  }
}

JsonOut::~JsonOut() = default;

void JsonOut::begin_object() {
  writers_->with([](auto& writer) { writer.StartObject(); });
}

void JsonOut::end_object() {
  writers_->with([](auto& writer) { writer.EndObject(); });
}

void JsonOut::begin_array() {
  writers_->with([](auto& writer) { writer.StartArray(); });
}

void JsonOut::end_array() {
  writers_->with([](auto& writer) { writer.EndArray(); });
}

void JsonOut::key(std::string_view name) {
  writers_->with([&](auto& writer) {
    writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  });
}

void JsonOut::string(std::string_view text) {
  if (find_invalid_utf8(text)) return string(to_utf8(text));
  writers_->with([&](auto& writer) {
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  });
}

void JsonOut::number(std::uint64_t value) {
  writers_->with([&](auto& writer) { writer.Uint64(value); });
}

void JsonOut::real(double value) {
  writers_->with([&](auto& writer) { writer.Double(value); });
}

void JsonOut::boolean(bool value) {
  writers_->with([&](auto& writer) { writer.Bool(value); });
}

void JsonOut::raw(std::string_view json) {
  writers_->with(
      [&](auto& writer) { writer.RawValue(json.data(), json.size(), rapidjson::kObjectType); });
}

void JsonOut::member(std::string_view name, std::string_view text) {
  key(name);
  string(text);
}

void JsonOut::member(std::string_view name, std::uint64_t value) {
  key(name);
  number(value);
}

std::size_t JsonOut::size() const {
  return writers_->buffer.GetSize();
}

std::string JsonOut::text() const {
  return {writers_->buffer.GetString(), writers_->buffer.GetSize()};
}

}  // namespace trailsift::server
