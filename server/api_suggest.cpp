#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/folded.h"
#include "query/resolve.h"
#include "query/suggest_values.h"
#include "query/syntax.h"
#include "schema/utf8.h"
#include "server/api_answer.h"
#include "server/api_members.h"
#include "server/completion_place.h"
#include "server/json_out.h"
#include "server/query_call.h"
#include "server/query_limits.h"
#include "server/routes.h"

namespace trailsift::server {
namespace {

struct Operator {
  std::string_view syntax;
  std::string_view text;
  std::string_view help;
};

// clang-format off
constexpr std::array kOperators = {
  Operator{"structured", "(and ",             "all of several conditions"},
  Operator{"structured", "(or ",              "any of several conditions"},
  Operator{"structured", "(not ",             "events that do not answer a condition"},
  Operator{"structured", "(prefix field=",    "values that begin so"},
  Operator{"structured", "(phrase field=",    "words one after the other"},
  Operator{"structured", "(near field=",      "words near each other"},
  Operator{"structured", "(range field=",     "values between two others"},
  Operator{"structured", "(term field=",      "a value"},
  Operator{"structured", "matchall",          "every event"},
  Operator{"kql",        "and ",              "both conditions"},
  Operator{"kql",        "or ",               "either condition"},
  Operator{"kql",        "not ",              "events that do not answer the condition"},
};
// clang-format on

/// Whether a name of the field, or a part of its canonical one, is what was written.
bool may_mean(const Field& field, std::string_view written) {
  if (query::contains_folded(field.name, written)) return true;
  if (query::starts_with_folded(field.path, written)) return true;
  const auto aliases = split_words(field.aliases);
  return std::ranges::any_of(aliases,
                             [&](auto alias) { return query::starts_with_folded(alias, written); });
}

void write_fields(JsonOut& out, std::string_view written, std::size_t size) {
  std::vector<const Field*> found;
  for (const Field& field : fields()) {
    if (may_mean(field, written)) found.push_back(&field);
  }
  std::ranges::stable_sort(found, {}, [&](const Field* field) {
    return query::starts_with_folded(field->name, written) ? 0 : 1;
  });
  found.resize(std::min(found.size(), size));
  out.key("fields");
  out.begin_array();
  for (const Field* field : found) {
    out.begin_object();
    out.member("name", field->name);
    if (!field->path.empty()) out.member("path", field->path);
    out.member("type", trailsift::name(field->type));
    out.member("help", field->help);
    out.end_object();
  }
  out.end_array();
}

void write_operators(JsonOut& out, std::string_view written, std::string_view syntax) {
  out.key("operators");
  out.begin_array();
  for (const Operator& row : kOperators) {
    const std::string_view word = row.text.starts_with('(') ? row.text.substr(1) : row.text;
    if (row.syntax != syntax || !query::starts_with_folded(word, written)) continue;
    out.begin_object();
    out.member("text", row.text);
    out.member("help", row.help);
    out.end_object();
  }
  out.end_array();
}

void write_values(JsonOut& out, const query::SuggestedValues& suggested) {
  out.key("values");
  out.begin_array();
  for (const auto& [value, count] : suggested.values) {
    out.begin_object();
    out.member("value", value);
    if (count) out.member("count", *count);
    out.end_object();
  }
  out.end_array();
  out.key("complete");
  out.boolean(suggested.complete);
}

/// Where suggestions are wanted, and of what.
Checked<CompletionPlace> read_place(const CheckedMembers& members) {
  const std::string* const text = members.text("text");
  const std::string written = text == nullptr ? "" : *text;
  const std::string* const field = members.text("field");
  if (field != nullptr) {
    const auto column = find_column(*field, "field");
    if (!column) return tl::unexpected(column.error());
    return CompletionPlace{*field, written, 0, written.size(), '\0'};
  }
  const std::uint64_t cursor = members.number("cursor", written.size());
  if (cursor > written.size()) {
    return refuse(ErrorCode::bad_request,
                  "expected a cursor of at most " + std::to_string(written.size()) + ", got " +
                      std::to_string(cursor),
                  "cursor");
  }
  if (cursor < written.size() && continues_character(written[cursor])) {
    return refuse(ErrorCode::bad_request,
                  "expected a cursor between two characters, got one inside of one", "cursor");
  }
  return find_completion(written, cursor);
}

/// The column whose value is being written; nullopt when there is none.
std::optional<FieldIndex> column_of(const CompletionPlace& place) {
  if (place.field.empty()) return std::nullopt;
  const auto target = query::resolve_field(place.field, {});
  const auto* const field = target ? std::get_if<FieldIndex>(&*target) : nullptr;
  const bool counted = field != nullptr && field_at(*field).column && *field != event_time_field();
  return counted ? std::optional(*field) : std::nullopt;
}

}  // namespace

Checked<HttpResponse> suggest(Context& context, const Call& call) {
  const auto members = read_members(suggest_members(), call.parameters, json_body(call));
  if (!members) return tl::unexpected(members.error());
  const auto place = read_place(*members);
  if (!place) return tl::unexpected(place.error());
  const std::size_t size = members->number("size", 10);
  JsonOut out;
  out.begin_object();
  out.key("replace");
  out.begin_object();
  out.member("begin", place->begin);
  out.member("end", place->end);
  out.end_object();
  if (!place->field.empty()) out.member("field", place->field);
  if (const auto column = column_of(*place)) {
    const auto snapshot = context.reader.snapshot();
    if (!snapshot) return refuse(snapshot.error());
    const query::Deadline deadline(limits_of(context, call, {}));
    const auto values = query::suggest_values(**snapshot, *column, place->written, size, deadline);
    if (!values) return refuse(values.error());
    write_values(out, *values);
  } else if (place->field.empty() && place->quote == '\0') {
    const std::string* const syntax = members->text("syntax");
    write_fields(out, place->written, size);
    write_operators(out, place->written,
                    syntax == nullptr ? query::kDefaultSyntax : std::string_view(*syntax));
  }
  out.end_object();
  return json_answer(out.text());
}

}  // namespace trailsift::server
