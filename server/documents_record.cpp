#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "indexer/quoted.h"
#include "schema/field.h"
#include "schema/flatten.h"
#include "server/documents_batch.h"

namespace trailsift::server {
namespace {

using rapidjson::Document;
using rapidjson::Value;

tl::unexpected<Error> wrong(const DocumentOperation& operation, std::string_view message) {
  return fail(ErrorCode::bad_request,
              std::string(message) + " (document_id " + indexer::quoted(operation.id) + ")");
}

const DocumentField* find(const DocumentOperation& operation, std::string_view name) {
  const auto found = std::ranges::find(operation.fields, name, &DocumentField::name);
  return found == operation.fields.end() ? nullptr : &*found;
}

/// The id of the event that a text is the record of, and of nothing else.
std::optional<std::string> id_of_record(std::string_view text) {
  auto record = parse_record(text);
  if (!record) return std::nullopt;
  const std::string_view rest = text.substr(record->size);
  if (rest.find_first_not_of(" \t\r\n") != std::string_view::npos) return std::nullopt;
  return std::move(record->event.id);
}

Value copied(std::string_view text, Document& record) {
  return Value(text.data(), static_cast<rapidjson::SizeType>(text.size()), record.GetAllocator());
}

/// Sets the leaf at a path of keys with dots between them.
void set(Document& record, std::string_view path, std::string_view text) {
  auto& memory = record.GetAllocator();
  Value* object = &record;
  while (true) {
    const std::size_t dot = path.find('.');
    const Value key = copied(path.substr(0, dot), record);
    auto member = object->FindMember(key);
    if (member == object->MemberEnd()) {
      const bool leaf = dot == std::string_view::npos;
      object->AddMember(copied(path.substr(0, dot), record),
                        leaf ? copied(text, record) : Value(rapidjson::kObjectType), memory);
      member = object->FindMember(key);
    }
    if (dot == std::string_view::npos || !member->value.IsObject()) return;
    object = &member->value;
    path.remove_prefix(dot + 1);
  }
}

/// The one value of a field in its canonical form, if the field is one of the record.
Result<std::optional<std::string>> value_for(const DocumentOperation& operation,
                                             const DocumentField& given) {
  const Field* const field = find_field(given.name);
  if (field == nullptr) {
    return wrong(operation, "Field " + indexer::quoted(given.name) +
                                " does not exist in domain configuration");
  }
  if (field->origin != Origin::record) return std::nullopt;
  if (field->multi || given.values.size() > 1) {
    return wrong(operation, "expected one value in 'raw' or for field " +
                                indexer::quoted(given.name) + ", got several");
  }
  const auto value = canonical_value(field->type, given.values.front());
  if (value) return value;
  return wrong(operation, "Validation error for field " + indexer::quoted(given.name) +
                              ": expected a value of type " + std::string(name(field->type)) +
                              ", got " + indexer::quoted(given.values.front()));
}

/// A record made of the fields, for documents that bring none. What `raw` holds instead is kept,
/// so that its words are found.
Result<std::string> made_record(const DocumentOperation& operation) {
  Document record(rapidjson::kObjectType);
  set(record, "eventID", operation.id);
  for (const DocumentField& given : operation.fields) {
    const auto value = value_for(operation, given);
    if (!value) return tl::unexpected(value.error());
    if (*value) set(record, find_field(given.name)->path, **value);
  }
  if (const DocumentField* raw = find(operation, "raw")) {
    set(record, "additionalEventData.raw", raw->values.front());
  }
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  record.Accept(writer);
  std::string text(buffer.GetString(), buffer.GetSize());
  if (const auto parsed = parse_record(text); !parsed) {
    return wrong(operation, "expected the event's record as 'raw', or an 'event_time': " +
                                parsed.error().detail);
  }
  return text;
}

Result<std::string> record_of(const DocumentOperation& operation) {
  if (operation.remove) {
    return wrong(operation, "deletes are not supported: events are kept as they were delivered");
  }
  for (const DocumentField& field : operation.fields) {
    if (find_field(field.name) != nullptr) continue;
    return wrong(operation, "Field " + indexer::quoted(field.name) +
                                " does not exist in domain configuration");
  }
  const DocumentField* const raw = find(operation, "raw");
  const auto id =
      raw == nullptr || raw->values.size() > 1 ? std::nullopt : id_of_record(raw->values.front());
  if (!id) return made_record(operation);
  if (*id == operation.id) return raw->values.front();
  return wrong(operation,
               "expected the record in 'raw' to have the document's id as eventID, got " +
                   indexer::quoted(*id));
}

}  // namespace

Result<std::string> to_log_file(const DocumentBatch& batch) {
  std::map<std::string_view, std::size_t> last;
  for (std::size_t i = 0; i < batch.operations.size(); ++i) last[batch.operations[i].id] = i;
  std::string file = R"({"Records":[)";
  bool first = true;
  for (std::size_t i = 0; i < batch.operations.size(); ++i) {
    auto record = record_of(batch.operations[i]);
    if (!record) return record;
    if (last[batch.operations[i].id] != i) continue;
    if (!first) file += ',';
    file += *record;
    first = false;
  }
  return file + "]}";
}

}  // namespace trailsift::server
