#include "server/elastic_bulk.h"

#include <algorithm>
#include <map>
#include <utility>

#include <rapidjson/document.h>

#include "indexer/quoted.h"
#include "schema/field.h"
#include "schema/sha256.h"
#include "server/json_out.h"

namespace trailsift::server {
namespace {

using rapidjson::Value;

constexpr std::size_t kHashDigits = 32;
constexpr std::size_t kMaxSourceDepth = 32;
constexpr std::size_t kMaxFieldNameBytes = 1000;
constexpr std::string_view kIndex = "trailsift";

/// The next line that is not empty; nullopt at the end.
std::optional<std::string_view> take_line(std::string_view& rest) {
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) return line;
  }
  return std::nullopt;
}

Result<rapidjson::Document> parse_line(std::string_view line) {
  if (line.size() > kMaxBulkLineBytes) {
    return fail(ErrorCode::too_large,
                "expected lines of at most " + std::to_string(kMaxBulkLineBytes) + " bytes");
  }
  constexpr auto kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
  rapidjson::Document document;
  document.Parse<kFlags>(line.data(), line.size());
  if (document.HasParseError() || !document.IsObject()) {
    return fail(ErrorCode::bad_request, "expected a JSON object, got " + indexer::quoted(line));
  }
  return document;
}

std::string text_of(const Value& text) {
  return {text.GetString(), text.GetStringLength()};
}

/// The text of a member, or "".
std::string member_text(const Value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd()) return {};
  if (found->value.IsString()) return text_of(found->value);
  return found->value.IsInt64() ? std::to_string(found->value.GetInt64()) : std::string();
}

/// `{"index":{"_index":"x","_id":"e6"}}`
Result<BulkItem> read_action(std::string_view line, std::string_view index) {
  const auto document = parse_line(line);
  if (!document) return tl::unexpected(document.error());
  const auto wrong = [&] {
    return fail(
        ErrorCode::bad_request,
        "expected one of index, create, delete and update as action, got " + indexer::quoted(line));
  };
  if (document->MemberCount() != 1 || !document->MemberBegin()->value.IsObject()) return wrong();
  BulkItem item;
  item.action = text_of(document->MemberBegin()->name);
  const auto known = {"index", "create", "delete", "update"};
  if (std::ranges::find(known, item.action) == known.end()) return wrong();
  const Value& about = document->MemberBegin()->value;
  item.index = member_text(about, "_index");
  if (item.index.empty()) item.index = index.empty() ? kIndex : index;
  item.id = member_text(about, "_id");
  return item;
}

std::optional<std::string> scalar_text(const Value& value) {
  if (value.IsString()) return text_of(value);
  if (value.IsBool()) return value.GetBool() ? "true" : "false";
  if (value.IsInt64()) return std::to_string(value.GetInt64());
  if (value.IsUint64()) return std::to_string(value.GetUint64());
  if (value.IsDouble()) return std::to_string(value.GetDouble());
  return std::nullopt;
}

tl::unexpected<Error> bad_field(const std::string& name, std::string_view why) {
  return fail(ErrorCode::bad_request,
              "failed to parse field " + indexer::quoted(name) + ": " + std::string(why));
}

Result<void> add_field(const std::string& name, const Value& value, std::size_t depth,
                       std::vector<DocumentField>& fields);

Result<void> add_members(const std::string& before, const Value& object, std::size_t depth,
                         std::vector<DocumentField>& fields) {
  for (const auto& [name, value] : object.GetObject()) {
    auto added = add_field(before + text_of(name), value, depth, fields);
    if (!added) return added;
  }
  return {};
}

/// Adds a member of a document, or what stands in it, with dots between the names. Nulls and empty
/// lists are no values.
Result<void> add_field(const std::string& name, const Value& value, std::size_t depth,
                       std::vector<DocumentField>& fields) {
  if (depth > kMaxSourceDepth) return bad_field(name, "it is nested too deep");
  // Before names are put behind it, one by one.
  if (name.size() > kMaxFieldNameBytes) return bad_field(name, "there is no such field");
  if (value.IsNull() || (value.IsArray() && value.Empty())) return {};
  if (value.IsObject()) return add_members(name + ".", value, depth + 1, fields);
  DocumentField field{name, {}};
  const auto add = [&](const Value& one) {
    auto text = scalar_text(one);
    if (text) field.values.push_back(std::move(*text));
    return text.has_value();
  };
  const bool read = value.IsArray() ? std::ranges::all_of(value.GetArray(), add) : add(value);
  if (!read) return bad_field(name, "expected text, a number, true, false or a list of these");
  if (find_field(name) == nullptr) return bad_field(name, "there is no such field");
  fields.push_back(std::move(field));
  return {};
}

/// Makes the record of what a source line says.
Result<void> read_source(std::string_view line, BulkItem& item) {
  const auto document = parse_line(line);
  if (!document) return tl::unexpected(document.error());
  DocumentOperation operation;
  const bool is_record = document->HasMember("eventID") && document->HasMember("eventTime");
  if (item.id.empty()) {
    item.id =
        is_record ? member_text(*document, "eventID") : sha256_hex(line).substr(0, kHashDigits);
  }
  operation.id = item.id;
  if (is_record) {
    operation.fields.push_back({"raw", {std::string(line)}});
  } else if (auto read = add_members("", *document, 0, operation.fields); !read) {
    return read;
  }
  auto record = document_record(operation);
  if (!record) return tl::unexpected(record.error());
  item.record = std::move(*record);
  return {};
}

/// Reads what stands behind an action, and checks both.
Result<void> read_rest(BulkItem& item, std::string_view& rest) {
  const bool removes = item.action == "delete";
  const auto source = removes ? std::nullopt : take_line(rest);
  if (item.action == "update") {
    return fail(ErrorCode::bad_request,
                "update is not supported: events are kept as they came; delete and index them");
  }
  if (removes && item.id.empty()) {
    return fail(ErrorCode::bad_request, "expected an _id to delete, got none");
  }
  if (!removes && !source) {
    return fail(ErrorCode::bad_request, "expected a line with the source, got none");
  }
  if (source) {
    if (auto read = read_source(*source, item); !read) return read;
  }
  if (item.id.size() <= kMaxDocumentIdBytes) return {};
  return fail(ErrorCode::bad_request,
              "expected an _id of at most " + std::to_string(kMaxDocumentIdBytes) + " bytes");
}

int status_of(ErrorCode code) {
  return code == ErrorCode::too_large ? 413 : 400;
}

/// Elasticsearch's names for what is wrong with an item.
std::string_view type_of(const BulkItem& item) {
  if (item.status == 409) return "version_conflict_engine_exception";
  if (item.action == "update") return "action_request_validation_exception";
  return item.status == 413 ? "illegal_argument_exception" : "document_parsing_exception";
}

bool is_there(const store::Snapshot& snapshot, const std::string& id) {
  return std::ranges::any_of(snapshot.segments, [&](const auto& segment) {
    return segment->contains(id).value_or(false);
  });
}

/// What is done about one id.
struct Plan {
  bool stored = false;              ///< In the store, as far as this request left it there.
  bool there = false;               ///< There, once the items before are done.
  bool removed = false;             ///< Some item deletes it.
  const BulkItem* added = nullptr;  ///< The last item that is not followed by a delete.
};

void decide(BulkItem& item, Plan& plan) {
  const bool was_there = plan.there;
  if (item.action == "create" && was_there) {
    item.status = 409;
    item.error = Error{
        ErrorCode::bad_request, "[" + item.id + "]: version conflict, document already exists", {}};
    return;
  }
  plan.there = item.action != "delete";
  if (!plan.there) {
    item.status = was_there ? 200 : 404;
    item.result = was_there ? "deleted" : "not_found";
    plan.removed = true;
    plan.stored = false;
    plan.added = nullptr;
    return;
  }
  item.status = was_there ? 200 : 201;
  item.result = plan.stored ? "noop" : was_there ? "updated" : "created";
  if (!plan.stored) plan.added = &item;
}

void write_item(JsonOut& out, const BulkItem& item) {
  out.begin_object();
  out.key(item.action);
  out.begin_object();
  out.member("_index", item.index);
  out.member("_id", item.id);
  out.member("status", static_cast<std::uint64_t>(item.status));
  if (item.error) {
    out.key("error");
    out.begin_object();
    out.member("type", type_of(item));
    out.member("reason", item.error->message);
    out.end_object();
  } else {
    out.member("_version", std::uint64_t{1});
    out.member("result", item.result);
    out.member("_seq_no", std::uint64_t{0});
    out.member("_primary_term", std::uint64_t{1});
  }
  out.end_object();
  out.end_object();
}

}  // namespace

Checked<BulkCall> parse_bulk(std::string_view body, std::string_view index) {
  BulkCall call;
  std::string_view rest = body;
  while (const auto line = take_line(rest)) {
    if (call.items.size() == kMaxBulkItems) {
      return refuse(ErrorCode::too_large, "expected at most " + std::to_string(kMaxBulkItems) +
                                              " actions in a bulk request, got more");
    }
    BulkItem item;
    item.index = index.empty() ? kIndex : index;
    auto read = read_action(*line, item.index);
    if (read) item = std::move(*read);
    const auto good = read ? read_rest(item, rest) : Result<void>(tl::unexpected(read.error()));
    if (!good) {
      item.error = good.error();
      item.status = status_of(good.error().code);
    }
    call.items.push_back(std::move(item));
  }
  if (call.items.empty()) return refuse(ErrorCode::bad_request, "request body is required");
  return call;
}

DocumentChanges plan_bulk(BulkCall& call, const store::Snapshot& snapshot) {
  std::map<std::string_view, Plan> plans;
  for (BulkItem& item : call.items) {
    if (item.error) continue;
    const auto [plan, is_first] = plans.try_emplace(item.id);
    if (is_first) plan->second.stored = plan->second.there = is_there(snapshot, item.id);
    decide(item, plan->second);
  }
  DocumentChanges changes;
  changes.log_file = R"({"Records":[)";
  for (const auto& [id, plan] : plans) {
    if (plan.removed) changes.removed.emplace_back(id);
    if (plan.added == nullptr) continue;
    if (!changes.added.empty()) changes.log_file += ',';
    changes.log_file += plan.added->record;
    changes.added.emplace_back(id);
  }
  changes.log_file += "]}";
  return changes;
}

HttpResponse bulk_answer(const BulkCall& call) {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - call.began);
  JsonOut out;
  out.begin_object();
  out.member("took", static_cast<std::uint64_t>(took.count()));
  out.key("errors");
  out.boolean(
      std::ranges::any_of(call.items, [](const auto& item) { return item.error.has_value(); }));
  out.key("items");
  out.begin_array();
  for (const BulkItem& item : call.items) write_item(out, item);
  out.end_array();
  out.end_object();
  return HttpResponse{
      200, "application/json", out.text(), {{"X-Elastic-Product", "Elasticsearch"}}};
}

}  // namespace trailsift::server
