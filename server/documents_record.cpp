#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "indexer/json_value.h"
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

/// The member of an object; made where there is none. Anything else than an object becomes one
/// that has it as `value`.
Value& member_of(Value& object, std::string_view key, rapidjson::Type type, Document& record) {
  if (!object.IsObject()) {
    Value before(std::move(object));
    object.SetObject();
    if (!before.IsNull()) object.AddMember("value", std::move(before), record.GetAllocator());
  }
  const Value name = copied(key, record);
  auto member = object.FindMember(name);
  if (member == object.MemberEnd()) {
    object.AddMember(copied(key, record), Value(type), record.GetAllocator());
    member = object.FindMember(name);
  }
  return member->value;
}

/// What stands at a path of keys with dots between them; made where there is nothing.
Value& value_at(Document& record, std::string_view path, rapidjson::Type type) {
  Value* value = &record;
  while (true) {
    const std::size_t dot = path.find('.');
    const bool last = dot == std::string_view::npos;
    value = &member_of(*value, path.substr(0, dot), last ? type : rapidjson::kObjectType, record);
    if (last) return *value;
    path.remove_prefix(dot + 1);
  }
}

/// The values of a field that can have several: one in each object of a list, as in `resources`.
void set_in_list(Document& record, std::string_view path, const std::vector<std::string>& values) {
  const std::size_t dot = path.rfind('.');
  const bool objects = dot != std::string_view::npos;
  Value& list = value_at(record, path.substr(0, dot), rapidjson::kArrayType);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i == list.Size()) list.PushBack(Value(), record.GetAllocator());
    Value& item = list[static_cast<rapidjson::SizeType>(i)];
    Value& place =
        objects ? member_of(item, path.substr(dot + 1), rapidjson::kStringType, record) : item;
    place = copied(values[i], record);
  }
}

/// A part of the record: what the text says as JSON, or the text. False where it is nested deeper
/// than records can be, which is no matter of taste: values are copied and written recursively.
bool set_subtree(Document& record, std::string_view path, std::string_view text) {
  const auto checked = indexer::read_json(text, kMaxRecordDepth);
  if (!checked && checked.error().code == ErrorCode::too_large) return false;
  Document part(&record.GetAllocator());
  part.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  Value& place = value_at(record, path, rapidjson::kObjectType);
  if (part.HasParseError()) {
    place = copied(text, record);
  } else {
    place.Swap(part);
  }
  return true;
}

/// The values of a field of the record in their canonical form.
Result<std::vector<std::string>> values_for(const DocumentOperation& operation,
                                            const DocumentField& given, const Field& field) {
  if (!field.multi && given.values.size() > 1) {
    return wrong(operation, "expected one value for field " + indexer::quoted(given.name) +
                                ", got " + std::to_string(given.values.size()));
  }
  std::vector<std::string> values;
  for (const std::string& text : given.values) {
    auto value = canonical_value(field.type, text);
    if (!value) {
      return wrong(operation, "Validation error for field " + indexer::quoted(given.name) +
                                  ": expected a value of type " + std::string(name(field.type)) +
                                  ", got " + indexer::quoted(text));
    }
    values.push_back(std::move(*value));
  }
  return values;
}

/// Puts a field where it stands in a record. What is worked out of others, or of the delivery, has
/// no place in it.
Result<void> put_field(const DocumentOperation& operation, const DocumentField& given,
                       const Field& field, Document& record) {
  if (given.values.empty()) return {};
  const bool is_part = field.origin == Origin::subtree;
  if (is_part && given.values.size() > 1) {
    return wrong(operation, "expected one value for field " + indexer::quoted(given.name) +
                                ", got " + std::to_string(given.values.size()));
  }
  if (field.path.empty()) return {};
  if (is_part) {
    if (set_subtree(record, field.path, given.values.front())) return {};
    return wrong(operation, "expected at most " + std::to_string(kMaxRecordDepth) +
                                " objects and arrays inside each other in field " +
                                indexer::quoted(given.name) + ", got more");
  }
  if (field.origin != Origin::record) return {};
  const auto values = values_for(operation, given, field);
  if (!values) return tl::unexpected(values.error());
  if (field.multi) {
    set_in_list(record, field.path, *values);
  } else {
    value_at(record, field.path, rapidjson::kStringType) = copied(values->front(), record);
  }
  return {};
}

/// A record made of the fields, for documents that bring none. What `raw` holds instead is kept,
/// so that its words are found.
Result<std::string> made_record(const DocumentOperation& operation) {
  Document record(rapidjson::kObjectType);
  std::map<std::string_view, std::string_view> names;  // Of fields, as they were given.
  for (const DocumentField& given : operation.fields) {
    const Field& field = *find_field(given.name);
    const auto [known, added] = names.try_emplace(field.name, given.name);
    if (!added) {
      return wrong(operation, "expected field " + indexer::quoted(field.name) + " once, got " +
                                  indexer::quoted(known->second) + " and " +
                                  indexer::quoted(given.name));
    }
    if (auto put = put_field(operation, given, field, record); !put)
      return tl::unexpected(put.error());
  }
  Value& id = value_at(record, "eventID", rapidjson::kStringType);
  if (id.GetStringLength() > 0 && operation.id != id.GetString()) {
    return wrong(operation,
                 "expected the document's id as event_id, got " + indexer::quoted(id.GetString()));
  }
  id = copied(operation.id, record);
  if (const DocumentField* raw = find(operation, "raw")) {
    value_at(record, "additionalEventData.raw", rapidjson::kStringType) =
        copied(raw->values.front(), record);
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

}  // namespace

Result<std::string> document_record(const DocumentOperation& operation) {
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

Result<DocumentChanges> changes_of(const DocumentBatch& batch) {
  std::map<std::string_view, std::size_t> last;
  for (std::size_t i = 0; i < batch.operations.size(); ++i) last[batch.operations[i].id] = i;
  DocumentChanges changes;
  std::set<std::string> removed;
  changes.log_file = R"({"Records":[)";
  for (std::size_t i = 0; i < batch.operations.size(); ++i) {
    const DocumentOperation& operation = batch.operations[i];
    const bool counts = last[operation.id] == i;
    if (operation.remove) {
      removed.insert(operation.id);
      continue;
    }
    auto record = document_record(operation);
    if (!record) return tl::unexpected(record.error());
    if (!counts) continue;
    if (!changes.added.empty()) changes.log_file += ',';
    changes.log_file += *record;
    changes.added.push_back(operation.id);
  }
  changes.log_file += "]}";
  changes.removed.assign(removed.begin(), removed.end());
  return changes;
}

}  // namespace trailsift::server
