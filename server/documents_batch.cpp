#include "server/documents_batch.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include "aws/xml.h"
#include "indexer/quoted.h"
#include "schema/utf8.h"

namespace trailsift::server {
namespace {

using rapidjson::Value;

std::string_view text_of(const Value& string) {
  return {string.GetString(), string.GetStringLength()};
}

/// Adds where in the batch the mistake is, as CloudSearch does.
tl::unexpected<Error> wrong(std::string message, std::size_t index, std::string_view id,
                            ErrorCode code = ErrorCode::bad_request) {
  message += " (near operation with index " + std::to_string(index);
  if (!id.empty()) message += "; document_id " + indexer::quoted(id);
  return fail(code, message + ")");
}

bool holds_illegal_character(std::string_view text) {
  if (find_invalid_utf8(text)) return true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const std::string_view three = text.substr(at, 3);
    if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') return true;
    if (three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF") return true;
  }
  return false;
}

/// What holds for operations however they are written.
Result<void> check(const DocumentOperation& operation, std::size_t index) {
  const std::string& id = operation.id;
  if (id.empty() || id.size() > kMaxDocumentIdBytes || holds_illegal_character(id)) {
    return wrong("expected a document id of 1 to 128 characters, got " + indexer::quoted(id), index,
                 "");
  }
  if (!operation.remove && operation.fields.empty()) {
    return wrong("expected at least one field", index, id);
  }
  if (operation.fields.size() > kMaxDocumentFields) {
    return wrong("the document has more than the limit of 200 fields", index, id,
                 ErrorCode::too_large);
  }
  std::size_t bytes = 0;
  for (const DocumentField& field : operation.fields) {
    if (field.values.size() > kMaxDocumentValues) {
      return wrong("field '" + field.name + "' has more than the limit of 1000 values", index, id,
                   ErrorCode::too_large);
    }
    for (const std::string& value : field.values) {
      bytes += value.size();
      if (holds_illegal_character(value)) {
        return wrong("Validation error for field '" + field.name + "': Illegal Unicode character",
                     index, id);
      }
    }
  }
  if (bytes <= kMaxDocumentBytes) return {};
  return wrong("the document passes the limit of 1 MB", index, id, ErrorCode::too_large);
}

/// A number or boolean is the text that it was written as, more or less.
std::optional<std::string> scalar_text(const Value& value) {
  if (value.IsString()) return std::string(text_of(value));
  if (value.IsBool()) return value.GetBool() ? "true" : "false";
  if (value.IsInt64()) return std::to_string(value.GetInt64());
  if (value.IsUint64()) return std::to_string(value.GetUint64());
  if (value.IsDouble()) return std::to_string(value.GetDouble());
  return std::nullopt;
}

Result<DocumentField> read_field(std::string name, const Value& value, std::size_t index,
                                 std::string_view id) {
  DocumentField field{std::move(name), {}};
  const std::string start = "Validation error for field " + indexer::quoted(field.name) + ": ";
  if (value.IsArray() && value.Empty()) {
    return wrong(start + "expected a value, got an empty array", index, id);
  }
  const auto add = [&](const Value& one) {
    auto text = scalar_text(one);
    if (text) field.values.push_back(std::move(*text));
    return text.has_value();
  };
  const bool read = value.IsArray() ? std::ranges::all_of(value.GetArray(), add) : add(value);
  if (read) return field;
  return wrong(start + "expected text, a number or an array of these, got " +
                   (value.IsNull() ? "null" : "something else"),
               index, id);
}

Result<std::vector<DocumentField>> read_fields(const Value* fields, std::size_t index,
                                               std::string_view id) {
  if (fields == nullptr || !fields->IsObject()) {
    return wrong("expected an object as 'fields'", index, id);
  }
  std::vector<DocumentField> read;
  for (const auto& [name, value] : fields->GetObject()) {
    auto field = read_field(std::string(text_of(name)), value, index, id);
    if (!field) return tl::unexpected(field.error());
    read.push_back(std::move(*field));
  }
  return read;
}

const Value* find(const Value& object, const char* name) {
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nullptr : &found->value;
}

/// Attributes that the operation does not have change nothing.
void warn_of_unknown(const Value& operation, std::string_view type, std::size_t index,
                     std::string_view id, std::vector<std::string>& warnings) {
  std::string names;
  for (const auto& [name, value] : operation.GetObject()) {
    const std::string_view text = text_of(name);
    const bool known = text == "type" || text == "id" || (text == "fields" && type == "add");
    if (!known) names += (names.empty() ? "" : ", ") + indexer::quoted(text);
  }
  if (names.empty()) return;
  warnings.push_back("\"" + std::string(type) + "\" has unknown attribute(s): [" + names +
                     "] (near operation with index " + std::to_string(index) + "; document_id " +
                     std::string(id) + ")");
}

Result<DocumentOperation> read_operation(const Value& value, std::size_t index,
                                         std::vector<std::string>& warnings) {
  if (!value.IsObject()) return wrong("expected an object as operation", index, "");
  const Value* const type = find(value, "type");
  const Value* const id = find(value, "id");
  if (id == nullptr || !id->IsString()) return wrong("expected an id of text", index, "");
  DocumentOperation operation;
  operation.id = text_of(*id);
  const std::string_view kind = type == nullptr || !type->IsString() ? "" : text_of(*type);
  if (kind != "add" && kind != "delete") {
    return wrong("expected \"add\" or \"delete\" as type, got " + indexer::quoted(kind), index,
                 operation.id);
  }
  operation.remove = kind == "delete";
  warn_of_unknown(value, kind, index, operation.id, warnings);
  if (operation.remove) return operation;
  auto fields = read_fields(find(value, "fields"), index, operation.id);
  if (!fields) return tl::unexpected(fields.error());
  operation.fields = std::move(*fields);
  return operation;
}

Result<DocumentOperation> read_operation(const aws::XmlElement& element, std::size_t index) {
  DocumentOperation operation;
  operation.id = element.attribute("id");
  operation.remove = element.name == "delete";
  if (!operation.remove && element.name != "add") {
    return wrong("expected <add> or <delete>, got " + indexer::quoted(element.name), index,
                 operation.id);
  }
  for (const aws::XmlElement& child : element.children) {
    const std::string name(child.attribute("name"));
    if (operation.remove || child.name != "field" || name.empty()) {
      return wrong("expected <field name=\"…\"> in <add>, got " + indexer::quoted(child.name),
                   index, operation.id);
    }
    auto field = std::ranges::find(operation.fields, name, &DocumentField::name);
    if (field == operation.fields.end()) {
      operation.fields.push_back({name, {}});
      field = operation.fields.end() - 1;
    }
    field->values.push_back(child.text);
  }
  return operation;
}

/// Checks an operation and takes it into the batch.
Result<void> take(Result<DocumentOperation> operation, std::size_t index, DocumentBatch& batch) {
  if (!operation) return tl::unexpected(operation.error());
  if (auto fits = check(*operation, index); !fits) return fits;
  batch.operations.push_back(std::move(*operation));
  return {};
}

}  // namespace

Result<DocumentBatch> parse_json_batch(std::string_view text) {
  rapidjson::Document document;
  // Iterative: how deep a batch is decides its sender.
  constexpr auto kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
  document.Parse<kFlags>(text.data(), text.size());
  if (document.HasParseError()) {
    return fail(ErrorCode::bad_request, std::string("cannot read the batch as JSON: ") +
                                            rapidjson::GetParseError_En(document.GetParseError()) +
                                            " (near byte " +
                                            std::to_string(document.GetErrorOffset()) + ")");
  }
  if (!document.IsArray()) {
    return fail(ErrorCode::bad_request, "expected an array of operations as batch");
  }
  DocumentBatch batch;
  std::size_t index = 0;
  for (const Value& value : document.GetArray()) {
    ++index;
    auto taken = take(read_operation(value, index, batch.warnings), index, batch);
    if (!taken) return tl::unexpected(taken.error());
  }
  if (index == 0) return fail(ErrorCode::bad_request, "expected at least one operation, got none");
  return batch;
}

Result<DocumentBatch> parse_xml_batch(std::string_view text) {
  const auto root = aws::parse_xml(text);
  if (!root || root->name != "batch") {
    return fail(ErrorCode::bad_request, "cannot read the batch as XML: expected <batch>");
  }
  DocumentBatch batch;
  for (const aws::XmlElement& element : root->children) {
    const std::size_t index = batch.operations.size() + 1;
    auto taken = take(read_operation(element, index), index, batch);
    if (!taken) return tl::unexpected(taken.error());
  }
  if (batch.operations.empty()) {
    return fail(ErrorCode::bad_request, "expected at least one operation, got none");
  }
  return batch;
}

}  // namespace trailsift::server
